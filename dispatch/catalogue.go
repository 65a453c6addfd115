package dispatch

import (
	"cmp"
	"slices"
)

// DefaultCatalogue is what a new authority starts with: the departments and
// categories of an Israeli service charter. Each call makes new values. The
// order is the one to show.
func DefaultCatalogue() ([]Department, []Category) {
	departments := defaultDepartments()
	var categories []Category
	for _, domain := range [][]Category{
		sanitationCategories(), waterCategories(), sewageCategories(), pestCategories(), gardenCategories(),
		roadCategories(), electricityCategories(), inspectionCategories(), engineeringCategories(),
		veterinaryCategories(), licensingCategories(), parkingCategories(), securityCategories(), emergencyCategories(),
	} {
		categories = append(categories, domain...)
	}
	for i := range categories {
		c := &categories[i]
		c.Domain = cmp.Or(c.Domain, c.Department)
		c.Skills = nonNil(c.Skills)
		c.Questions = nonNil(c.Questions)
		c.Field = defaultForm(*c)
	}
	return departments, categories
}

func defaultDepartments() []Department {
	return []Department{
		{Code: "sanitation", Icon: "trash", Names: names("ניקיון ותברואה", "Cleaning and sanitation", "النظافة والصرف الصحي العام", "Уборка и санитария")},
		{Code: "water", Icon: "droplet", Names: names("מים", "Water", "المياه", "Водоснабжение")},
		{Code: "sewage", Icon: "ripple", Names: names("ביוב וניקוז", "Sewage and drainage", "المجاري والتصريف", "Канализация и водосток")},
		{Code: "pest-control", Icon: "bug", Names: names("הדברה", "Pest control", "مكافحة الآفات", "Борьба с вредителями")},
		{Code: "gardens", Icon: "trees", Names: names("גינון ונוף", "Gardens and landscape", "الحدائق والمناظر الطبيعية", "Сады и ландшафт")},
		{Code: "roads", Icon: "road", Names: names("דרכים ומדרכות", "Roads and paths", "الطرق والأرصفة", "Дороги и тротуары")},
		{Code: "electricity", Icon: "bulb", Names: names("חשמל ותאורה", "Electricity and lighting", "الكهرباء والإنارة", "Электричество и освещение")},
		{Code: "inspection", Icon: "eye", Names: names("פיקוח עירוני", "Municipal inspection", "التفتيش البلدي", "Городская инспекция")},
		{Code: "engineering", Icon: "building", Names: names("הנדסה ובנייה", "Engineering and building", "الهندسة والبناء", "Инженерия и строительство")},
		{Code: "veterinary", Icon: "paw", Names: names("וטרינריה", "Veterinary", "البيطرة", "Ветеринария")},
		{Code: "licensing", Icon: "license", Names: names("רישוי עסקים", "Business licensing", "ترخيص الأعمال", "Лицензирование предприятий")},
		{Code: "parking", Icon: "parking", Names: names("חניה", "Parking", "المواقف", "Парковка")},
		{Code: "security", Icon: "shield", Names: names("ביטחון ושיטור", "Security and policing", "الأمن والشرطة البلدية", "Безопасность и патруль")},
		{Code: "emergency", Icon: "urgent", Names: names("חירום", "Emergency", "الطوارئ", "Чрезвычайные ситуации")},
	}
}

func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func names(he, en, ar, ru string) map[string]string {
	return map[string]string{"he": he, "en": en, "ar": ar, "ru": ru}
}

// words are what callers say, for finding the category while typing.
func words(he, en string) map[string]string { return map[string]string{"he": he, "en": en} }

func clockHours(n float64) Duration { return Duration{n, ClockHours} }
func workHours(n float64) Duration  { return Duration{n, WorkingHours} }
func workDays(n float64) Duration   { return Duration{n, WorkingDays} }

func within(d Duration, cases ...Case) Standard { return Standard{Default: d, Cases: cases} }

func ifYes(question string, d Duration) Case {
	return Case{Question: question, Is: true, Within: d}
}

func ifIs(question, choice string, d Duration) Case {
	return Case{Question: question, Is: choice, Within: d}
}

func ifAtLeast(question string, n float64, d Duration) Case {
	return Case{Question: question, AtLeast: &n, Within: d}
}

func near(metres, hours float64, with ...string) *MergeRule {
	return &MergeRule{Metres: metres, Hours: hours, With: with}
}

func yesNo(code string, names map[string]string) Question {
	return Question{Code: code, Kind: AskBool, Names: names}
}

func howMany(code string, names map[string]string) Question {
	return Question{Code: code, Kind: AskNumber, Names: names}
}

func which(code string, names map[string]string, choices ...Choice) Question {
	return Question{Code: code, Kind: AskChoice, Names: names, Choices: choices}
}

func choice(code string, names map[string]string) Choice { return Choice{code, names} }

// askDanger is the question that makes any hazard urgent.
func askDanger() Question {
	return yesNo("danger", names("יש סכנה מיידית לאדם?", "Is anyone in immediate danger?", "هل يوجد خطر فوري على أحد؟", "Есть ли непосредственная опасность для людей?"))
}

// askBlocks asks whether a way is blocked.
func askBlocks() Question {
	return yesNo("blocks", names("חוסם את המעבר?", "Does it block the way?", "هل يسدّ الطريق؟", "Перекрывает проход или проезд?"))
}

// CheckCatalogue refuses a catalogue that doesn't hold together: Invalid,
// naming the field within the category, with its code in Args.
func CheckCatalogue(departments []Department, categories []Category) error {
	codes := map[string]bool{}
	for _, c := range categories {
		if field := c.fault(departments, codes); field != "" {
			return &Error{Code: Invalid, Key: KeyCatalogueInvalid, Field: field, Args: map[string]any{"category": c.Code}}
		}
		codes[c.Code] = true
	}
	for _, c := range categories {
		if c.Merge != nil && slices.ContainsFunc(c.Merge.With, func(w string) bool { return !codes[w] || w == c.Code }) {
			return &Error{Code: Invalid, Key: KeyCatalogueInvalid, Field: "merge.with", Args: map[string]any{"category": c.Code}}
		}
	}
	return nil
}

// fault is the first field of the category that is wrong, or "".
func (c Category) fault(departments []Department, taken map[string]bool) string {
	switch {
	case c.Code == "" || taken[c.Code]:
		return "code"
	case !slices.ContainsFunc(departments, func(d Department) bool { return d.Code == c.Department }):
		return "department"
	case c.Names["he"] == "" && c.Names["en"] == "":
		return "names"
	case c.Priority < 1 || c.Priority > 5:
		return "priority"
	case c.WorkMins < 0 || c.WorkMins > 7*24*60:
		return "work_minutes"
	case c.Merge != nil && (!(c.Merge.Metres > 0 && c.Merge.Metres <= 1000) || !(c.Merge.Hours > 0 && c.Merge.Hours <= 24*366)):
		return "merge"
	case c.Unsound() != "":
		return c.Unsound()
	case c.Field.fault() != "":
		return c.Field.fault()
	}
	asked := map[string]bool{}
	for _, q := range c.Questions {
		if q.Code == "" || asked[q.Code] || (q.Kind == AskChoice) != (len(q.Choices) > 0) ||
			q.Kind != AskBool && q.Kind != AskNumber && q.Kind != AskChoice {
			return "questions"
		}
		asked[q.Code] = true
	}
	return ""
}

// Unsound names the standard that doesn't go with the category, "" if both do.
func (c Category) Unsound() string {
	switch {
	case !c.sound(c.Response):
		return "response"
	case !c.sound(c.Resolution):
		return "resolution"
	}
	return ""
}

// sound reports whether a standard's lengths have known units and its cases
// speak of answers that the category's questions can have.
func (c Category) sound(s Standard) bool {
	good := func(d Duration) bool {
		known := d.Unit == ClockHours || d.Unit == WorkingHours || d.Unit == WorkingDays
		return d == Duration{} || known && d.N >= 0 && d.N <= maxDays
	}
	if !good(s.Default) {
		return false
	}
	for _, k := range s.Cases {
		i := slices.IndexFunc(c.Questions, func(q Question) bool { return q.Code == k.Question })
		if i < 0 || !good(k.Within) || (k.AtLeast == nil) == (k.Is == nil) {
			return false
		}
		if k.AtLeast != nil && c.Questions[i].Kind != AskNumber || k.Is != nil && c.Questions[i].check(k.Is) != nil {
			return false
		}
	}
	return true
}
