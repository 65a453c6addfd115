package document

import (
	"bytes"
	"encoding/csv"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func number(text string, v float64) Cell { return Cell{Text: text, Value: &v} }

// sample has what is hard: formulas, markup, long and equal names, negative
// numbers, and a language that is read from right to left.
func sample() Document {
	wide := strings.Repeat("שכונה ארוכה מאוד ", 4)
	return Document{
		Lang: "he", Title: "דוח", Of: `=HYPERLINK("http://x")`, Period: "05/2026", AsOf: "עכשיו",
		Figures:  []Figure{{Name: "פניות", Value: "21,084", More: []string{"\u2066+3%\u2069 מול אשתקד"}, Link: "/district?a=1&b=2"}},
		Findings: []Finding{{Text: "<script>alert(1)</script>", Why: "@SUM(A1)", Tone: Bad}},
		Chart:    &Chart{Title: "חודשים", Bars: "פניות", Line: "בזמן", Points: []ChartPoint{{"04/2026", 0, math.NaN(), false}, {"05/2026", 12, 0.5, true}, {"06/2026", 30, 1, true}}},
		Tables: []Table{
			{
				Code: "departments", Title: wide + "/ א", Columns: []Column{{"אגף", Text}, {"פניות", Count}, {"בזמן", Share}, {"שינוי", Points}, {"זמן", Span}},
				Rows:  [][]Cell{{{Text: "=1+1"}, number("16,145", 16145), number("92.1%", 0.921), number("−1.4", -0.014), number("36 שעות", 129600)}, {{Text: "תאורה"}, number("1", 1), {Text: "–"}, {Text: "–"}, {Text: "–"}}},
				Whole: []Cell{{Text: "הכול"}, number("16,146", 16146), number("92.1%", 0.921), {Text: "–"}, {Text: "–"}},
			},
			{Code: "again", Title: wide + "/ ב", Columns: []Column{{"-2+3", Text}}, Rows: [][]Cell{{{Text: "\t=x"}}}},
			{Code: "empty", Title: "  ", Columns: []Column{{"ריק", Text}}},
		},
		Notes: []string{"כך נספר"}, Words: Words{Findings: "מה השתנה", Notes: "איך נספר"},
	}
}

// TestXLSX reads the workbook back: numbers are numbers, texts never formulas,
// and every sheet is read from right to left.
func TestXLSX(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := sample().XLSX(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	sheets := f.GetSheetList()
	if len(sheets) != 4 {
		t.Fatalf("sheets: %q", sheets)
	}
	for _, sheet := range sheets {
		view, err := f.GetSheetView(sheet, 0)
		if err != nil || view.RightToLeft == nil || !*view.RightToLeft {
			t.Errorf("%s is read from left to right: %v", sheet, err)
		}
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for r := range rows {
			for c := range rows[r] {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, err := f.GetCellFormula(sheet, cell); err != nil || formula != "" {
					t.Errorf("%s %s holds the formula %q, %v", sheet, cell, formula, err)
				}
			}
		}
	}
	for cell, want := range map[string]string{"A2": "=1+1", "B2": "16145", "C2": "0.921", "D2": "-1.4", "E2": "1.5", "C3": "–", "B4": "16146"} {
		if got, err := f.GetCellValue(sheets[1], cell, excelize.Options{RawCellValue: true}); err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", cell, got, want, err)
		}
	}
	if shown, err := f.GetCellValue(sheets[1], "E2"); err != nil || shown != "36:00" {
		t.Errorf("36 hours are shown as %q, %v", shown, err)
	}
	if kind, err := f.GetCellType(sheets[1], "B2"); err != nil || kind == excelize.CellTypeSharedString {
		t.Errorf("a number is a %v, %v", kind, err)
	}
	ltr := sample()
	ltr.Lang = "ru"
	b.Reset()
	if err := ltr.XLSX(&b); err != nil {
		t.Fatal(err)
	}
	f, err = excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	if view, err := f.GetSheetView(f.GetSheetList()[0], 0); err != nil || view.RightToLeft != nil && *view.RightToLeft {
		t.Errorf("Russian is read from right to left: %v", err)
	}
}

// TestCSV guards what would begin a formula, and leaves numbers alone.
func TestCSV(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := sample().CSV(&b); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(b.String(), "\ufeff")
	if !marked {
		t.Error("it doesn't say that it is UTF-8")
	}
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range rows {
		for _, cell := range row {
			seen[cell] = true
			if cell != "" && strings.ContainsRune("=+@\t\r", rune(cell[0])) {
				t.Errorf("%q begins a formula", cell)
			}
		}
	}
	for _, want := range []string{"'=1+1", "16145", "-0.014", "129600", "'-2+3", "'\t=x", `'=HYPERLINK("http://x")`} {
		if !seen[want] {
			t.Errorf("%q isn't there", want)
		}
	}
}

// TestHTML escapes what people wrote.
func TestHTML(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := (Page{Document: sample(), StyleAt: "/s.css", Controls: &Controls{Downloads: []Choice{{Text: "PDF", Link: "/x.pdf?a=1&b=2"}}}}).HTML(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{`dir="rtl"`, "&lt;script&gt;", `href="/district?a=1&amp;b=2"`, "<svg", `href="/x.pdf?a=1&amp;b=2"`, "</html>"} {
		if !strings.Contains(page, want) {
			t.Errorf("%s isn't there", want)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "NaN") {
		t.Error("a script, or what isn't a number")
	}
}

// TestPDF prints with the machine's Chromium.
func TestPDF(t *testing.T) {
	t.Parallel()
	b, err := NewPrinter(nil).PDF(t.Context(), sample())
	if errors.Is(err, ErrNoPrinter) {
		t.Skip("this machine has no Chromium")
	}
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(b, []byte("%PDF-")) || !bytes.Contains(b, []byte("%%EOF")) || !bytes.Contains(b, []byte("FontFile2")) {
		t.Errorf("%d bytes that aren't a PDF with its fonts", len(b))
	}
}

// TestDraw keeps the picture within its frame, and breaks the line where nothing
// is known.
func TestDraw(t *testing.T) {
	t.Parallel()
	d := draw(&Chart{Points: []ChartPoint{{"a", 5, 0.2, true}, {"b", 999, 1, true}, {"c", 0, 0, false}, {"d", 7, 0, true}, {"e", 7, 0.9, true}}})
	if len(d.Lines) != 2 || len(d.Dots) != 4 || len(d.Columns) != 5 {
		t.Errorf("%+v", d)
	}
	for _, c := range d.Columns {
		if c.Y < 0 || c.H < 0 || c.Y+c.H > d.Base+0.05 || c.X+c.W > d.Width {
			t.Errorf("outside: %+v", c)
		}
	}
	for _, m := range d.Marks {
		if m.Y < chartTop-0.05 || m.Y > d.Base {
			t.Errorf("outside: %+v", m)
		}
	}
	if draw(nil) != nil || draw(&Chart{}) != nil {
		t.Error("a picture of nothing")
	}
}
