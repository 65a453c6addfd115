package document

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// formats are how a spreadsheet shows the kinds. A span is a part of a day.
var formats = map[Kind]string{
	Count: "#,##0", Number: "#,##0.0", Share: "0.0%", Change: "+0.0%;-0.0%;0.0%", Points: "+0.0;-0.0;0.0", Span: "[h]:mm",
}

// What a workbook's sheet may be called and hold, as spreadsheets limit it.
const (
	sheetName = 31
	cellText  = 32767
)

// XLSX writes the document as a workbook: a first sheet with the figures and the
// findings, and one for each table, read from right to left where the language
// is. Texts are written as texts: none is taken for a formula.
func (d Document) XLSX(w io.Writer) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	book := workbook{File: f, right: d.Dir() == "rtl", styles: map[string]int{}, names: map[string]bool{}}
	if err := f.SetDocProps(&excelize.DocProperties{Title: d.Title + " · " + d.Of, Language: d.Lang, Creator: "Moked"}); err != nil {
		return err
	}
	if err := book.summary(d); err != nil {
		return err
	}
	for _, t := range d.Tables {
		if err := book.table(t); err != nil {
			return fmt.Errorf("sheet %s: %w", t.Code, err)
		}
	}
	_, err = f.WriteTo(w)
	return err
}

type workbook struct {
	*excelize.File
	right  bool
	styles map[string]int
	names  map[string]bool
}

// sheet adds a sheet, or takes over the one that a new workbook has.
func (b *workbook) sheet(title string) (string, error) {
	name := b.name(title)
	var err error
	if len(b.names) == 1 {
		err = b.SetSheetName(b.GetSheetName(0), name)
	} else {
		_, err = b.NewSheet(name)
	}
	if err != nil {
		return name, err
	}
	right := b.right
	if err := b.SetSheetView(name, 0, &excelize.ViewOptions{RightToLeft: &right}); err != nil {
		return name, err
	}
	landscape, fit, height := "landscape", 1, 0
	wide := true
	if err := b.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &wide}); err != nil {
		return name, err
	}
	return name, b.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &fit, FitToHeight: &height})
}

// name makes a title into a sheet's name, which must be short and unlike the
// others, and may not hold some marks.
func (b *workbook) name(title string) string {
	clean := strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return ' '
		}
		return r
	}, title), "' ")
	if clean == "" {
		clean = "-"
	}
	for n := 1; ; n++ {
		end := ""
		if n > 1 {
			end = fmt.Sprint(" ", n)
		}
		name := clip(clean, sheetName-len(end)) + end
		if low := strings.ToLower(name); !b.names[low] {
			b.names[low] = true
			return name
		}
	}
}

func clip(s string, runes int) string {
	if utf8.RuneCountInString(s) <= runes {
		return s
	}
	return string([]rune(s)[:runes])
}

// style is made once for each use.
func (b *workbook) style(name string, s excelize.Style) (int, error) {
	if id, ok := b.styles[name]; ok {
		return id, nil
	}
	if s.Alignment == nil {
		s.Alignment = &excelize.Alignment{Vertical: "top"}
	}
	s.Alignment.ReadingOrder = 1
	if b.right {
		s.Alignment.ReadingOrder = 2
	}
	id, err := b.NewStyle(&s)
	b.styles[name] = id
	return id, err
}

func (b *workbook) write(sheet string, column, row int, value any, style int) error {
	cell, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return err
	}
	if s, ok := value.(string); ok {
		err = b.SetCellStr(sheet, cell, clip(s, cellText))
	} else {
		err = b.SetCellValue(sheet, cell, value)
	}
	if err != nil {
		return err
	}
	return b.SetCellStyle(sheet, cell, cell, style)
}

func (b *workbook) summary(d Document) error {
	sheet, err := b.sheet(d.Title)
	if err != nil {
		return err
	}
	title, err1 := b.style("title", excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}})
	head, err2 := b.style("head", headStyle())
	plain, err3 := b.style("wrapped", excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			return err
		}
	}
	row := 1
	line := func(style int, cells ...string) {
		for n, c := range cells {
			if err == nil && c != "" {
				err = b.write(sheet, n+1, row, c, style)
			}
		}
		row++
	}
	line(title, d.Title+" · "+d.Of)
	line(plain, d.Period)
	line(plain, d.AsOf)
	row++
	for _, f := range d.Figures {
		line(plain, f.Name, f.Value, strings.Join(f.More, " · "))
	}
	if len(d.Findings) > 0 {
		row++
		line(head, d.Words.Findings)
		for _, f := range d.Findings {
			line(plain, f.Text, f.Why)
		}
	}
	row++
	line(head, d.Words.Notes)
	for _, n := range d.Notes {
		line(plain, n)
	}
	if err != nil {
		return err
	}
	for column, width := range map[string]float64{"A": 70, "B": 45, "C": 45} {
		if err := b.SetColWidth(sheet, column, column, width); err != nil {
			return err
		}
	}
	return nil
}

func headStyle() excelize.Style {
	return excelize.Style{
		Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DCE6F1"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
	}
}

// table writes a table's sheet: its heads stay in sight and can be filtered by.
func (b *workbook) table(t Table) error {
	sheet, err := b.sheet(t.Title)
	if err != nil {
		return err
	}
	head, err := b.style("head", headStyle())
	if err != nil {
		return err
	}
	widths := make([]int, len(t.Columns))
	for n, c := range t.Columns {
		if err := b.write(sheet, n+1, 1, c.Name, head); err != nil {
			return err
		}
		widths[n] = 12
	}
	rows := t.Rows
	if t.Whole != nil {
		rows = append(rows[:len(rows):len(rows)], t.Whole)
	}
	for r, row := range rows {
		for n, c := range row {
			kind := t.Columns[n].Kind
			whole := t.Whole != nil && r == len(t.Rows)
			style, err := b.cell(kind, whole)
			if err != nil {
				return err
			}
			var value any = c.Text
			if c.Value != nil {
				value = *c.Value
				switch kind {
				case Span:
					value = *c.Value / 86400
				case Points:
					value = math.Round(*c.Value*1e8) / 1e6
				}
			}
			if err := b.write(sheet, n+1, r+2, value, style); err != nil {
				return err
			}
			widths[n] = max(widths[n], min(utf8.RuneCountInString(c.Text)+2, 60))
		}
	}
	for n, width := range widths {
		name, err := excelize.ColumnNumberToName(n + 1)
		if err != nil {
			return err
		}
		if err := b.SetColWidth(sheet, name, name, float64(width)); err != nil {
			return err
		}
	}
	if err := b.SetPanes(sheet, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(max(len(t.Columns), 1), len(t.Rows)+1)
	if err != nil || len(t.Rows) == 0 {
		return err
	}
	return b.AutoFilter(sheet, "A1:"+last, nil)
}

func (b *workbook) cell(kind Kind, whole bool) (int, error) {
	s := excelize.Style{}
	if format, ok := formats[kind]; ok {
		s.CustomNumFmt = &format
	}
	name := string(kind)
	if whole {
		s.Font = &excelize.Font{Bold: true}
		s.Border = []excelize.Border{{Type: "top", Color: "808080", Style: 1}}
		name += " whole"
	}
	return b.style(name, s)
}
