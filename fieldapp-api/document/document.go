// Package document lays out what has been counted as a page to read, a page to
// print (PDF), a workbook (XLSX) and plain rows (CSV). All four say the same: a
// document is plain data in one language, its words and its numbers already
// written as that language writes them, and its cells hold the numbers beside
// them, for spreadsheets.
package document

// Document is what is laid out. Lang is "he", "en", "ar" or "ru"; Hebrew and
// Arabic read from right to left. Words are what the layout itself says.
type Document struct {
	Lang     string
	Title    string
	Of       string // whose it is: a city, a district, a department
	Period   string
	AsOf     string // a sentence
	Lead     string
	Figures  []Figure
	Findings []Finding
	Chart    *Chart
	Tables   []Table
	Notes    []string // how it is counted
	Words    Words
}

// Words are the headings that a document needs in its language.
type Words struct{ Findings, Notes, Skip, Page string }

// Tone says whether something is good news. Colour never says it alone: what is
// written does too.
type Tone string

// The tones; "" is neither.
const (
	Good Tone = "good"
	Bad  Tone = "bad"
)

// Figure is one of the few numbers that come first. Link leads to what is behind
// it, "" where nothing is.
type Figure struct {
	Name, Value string
	More        []string
	Tone        Tone
	Link        string
}

// Finding is a sentence that says what changed, and another that says why it
// matters. Link leads to the figures that back it.
type Finding struct {
	Text, Why string
	Tone      Tone
	Link      string
	LinkText  string
}

// Kind says what a column holds, and so how a spreadsheet shows it.
type Kind string

// The kinds. A Share is of 1; Points is a difference of shares; a Span is in
// seconds.
const (
	Text   Kind = "text"
	Count  Kind = "count"
	Number Kind = "number"
	Share  Kind = "share"
	Change Kind = "change" // relative, of 1
	Points Kind = "points"
	Span   Kind = "span"
)

// Column is a table's column.
type Column struct {
	Name string
	Kind Kind
}

// Cell is one value: as it is read, and as a number where it is one. Without a
// Value the text alone is shown. Link leads to what is behind it.
type Cell struct {
	Text  string
	Value *float64
	Tone  Tone
	Link  string
	// Over is how many columns it lies over, the last of its row; 0 is one.
	Over int
}

// Table is a table with its heading. Code names it for programs, in Latin. The
// first column of a row says what the row is of. Whole is its last row, if it
// has one.
type Table struct {
	Code    string
	Title   string
	Note    string
	Columns []Column
	Rows    [][]Cell
	Whole   []Cell
	// Annex are tables of detail, which a page keeps closed until they are opened.
	Annex bool
	// Meters draws each share beside its number.
	Meters bool
}

// Chart draws bars beside a line, month by month; the table of the same months
// says it in numbers.
type Chart struct {
	Title  string
	Bars   string // what the bars are
	Line   string // what the line is, from 0 to 1
	Points []ChartPoint
}

// ChartPoint is one month's bar and, unless Known is false, point of the line.
type ChartPoint struct {
	Name  string
	Bar   float64
	Line  float64
	Known bool
}

// Dir is the direction in which the document is read.
func (d Document) Dir() string {
	if d.Lang == "he" || d.Lang == "ar" {
		return "rtl"
	}
	return "ltr"
}
