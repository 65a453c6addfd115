package dispatch

// Department does the work: an organisational unit of the authority.
type Department struct {
	Code  string            `json:"code"`
	Names map[string]string `json:"names"`
	Icon  string            `json:"icon"`
	Phone string            `json:"phone,omitempty"`
}

// Category says what a report is about and what follows from it. Priority
// runs from 1 (life at risk) to 5. Skills are those a crew must have, all of
// them. A sensitive category's reports are read by fewer people, and its
// places are never published exactly. Auto lets the recommended crew be
// assigned without a person. Merge says when two reports of this category are
// one incident; nil never merges. Version counts the changes of its standards.
type Category struct {
	Code       string            `json:"code"`
	Department string            `json:"department"`
	Domain     string            `json:"domain"`
	Names      map[string]string `json:"names"`
	Keywords   map[string]string `json:"keywords,omitempty"`
	Icon       string            `json:"icon"`
	Priority   int               `json:"priority"`
	Skills     []string          `json:"skills"`
	Sensitive  bool              `json:"sensitive,omitempty"`
	Auto       bool              `json:"auto,omitempty"`
	Retired    bool              `json:"retired,omitempty"`
	Merge      *MergeRule        `json:"merge,omitempty"`
	Questions  []Question        `json:"questions"`
	Response   Standard          `json:"response"`
	Resolution Standard          `json:"resolution"`
	WorkMins   int               `json:"work_minutes"`
	Field      Form              `json:"field"`
	Version    int               `json:"version"`
}

// MergeRule joins a report to an open incident of the same category within
// Metres of it whose last report is at most Hours old. With names categories
// that residents mix up with this one: their incidents may be joined too.
type MergeRule struct {
	Metres float64  `json:"metres"`
	Hours  float64  `json:"hours"`
	With   []string `json:"with,omitempty"`
}

// QuestionKind is how a question is answered.
type QuestionKind string

const (
	AskBool   QuestionKind = "bool"
	AskNumber QuestionKind = "number"
	AskChoice QuestionKind = "choice"
)

// Question is asked of the reporter. Code is unique in its category.
type Question struct {
	Code    string            `json:"code"`
	Kind    QuestionKind      `json:"kind"`
	Names   map[string]string `json:"names"`
	Choices []Choice          `json:"choices,omitempty"`
}

// Choice is one possible answer to a question.
type Choice struct {
	Code  string            `json:"code"`
	Names map[string]string `json:"names"`
}

// Unit is what a standard is counted in. A clock hour runs always; working
// hours and days run on the authority's working calendar.
type Unit string

const (
	ClockHours   Unit = "clock_hours"
	WorkingHours Unit = "working_hours"
	WorkingDays  Unit = "working_days"
)

// Duration is a length in one of the units; N may be a fraction for hours.
type Duration struct {
	N    float64 `json:"n"`
	Unit Unit    `json:"unit"`
}

// Standard is the promised time, which may depend on the answers: the first
// Case whose condition holds applies, and Default if none does. A zero N
// promises nothing and starts no clock.
type Standard struct {
	Default Duration `json:"default"`
	Cases   []Case   `json:"cases,omitempty"`
}

// Case is a standard's exception: when the answer to Question equals Is, or
// is a number of at least AtLeast.
type Case struct {
	Question string   `json:"question"`
	Is       Answer   `json:"is,omitempty"`
	AtLeast  *float64 `json:"at_least,omitempty"`
	Within   Duration `json:"within"`
}
