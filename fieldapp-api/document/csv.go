package document

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// CSV writes the document's tables one below the other, each with its title and
// its heads, with an empty line between: numbers as numbers, spans in seconds. A
// mark at the beginning tells spreadsheets that it is UTF-8. A cell that would
// begin a formula is told from one by an apostrophe.
func (d Document) CSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	line := func(cells ...string) {
		for n, c := range cells {
			cells[n] = Plain(c)
		}
		_ = out.Write(cells) // Flush tells
	}
	line(d.Title, d.Of, d.Period)
	for _, f := range d.Figures {
		line(f.Name, f.Value)
	}
	for _, f := range d.Findings {
		line(f.Text)
	}
	for _, t := range d.Tables {
		line("")
		line(t.Title)
		heads := make([]string, len(t.Columns))
		for n, c := range t.Columns {
			heads[n] = c.Name
		}
		line(heads...)
		rows := t.Rows
		if t.Whole != nil {
			rows = append(rows[:len(rows):len(rows)], t.Whole)
		}
		for _, row := range rows {
			cells := make([]string, len(row))
			for n, c := range row {
				cells[n] = Plain(c.Text)
				if c.Value != nil {
					cells[n] = strconv.FormatFloat(*c.Value, 'f', -1, 64)
				}
			}
			_ = out.Write(cells)
		}
	}
	out.Flush()
	return out.Error()
}

// Plain is a text that no spreadsheet takes for a formula: one that begins like
// a formula gets an apostrophe before it. Numbers aren't texts and don't go
// through it.
func Plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
