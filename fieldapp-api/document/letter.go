package document

import (
	_ "embed"
	"html/template"
	"strings"
)

//go:embed letter.html
var letterHTML string

var letterTemplate = template.Must(template.New("letter").Parse(letterHTML))

// Letter is a document's beginning as a letter: its figures and its findings,
// with a link to the whole. Why says for what reason one gets it.
type Letter struct {
	Document
	Link, LinkText, Why string
}

// Start is the side at which lines begin.
func (l Letter) Start() string {
	if l.Dir() == "rtl" {
		return "right"
	}
	return "left"
}

// HTML is the letter for programs that show markup.
func (l Letter) HTML() (string, error) {
	b := &strings.Builder{}
	err := letterTemplate.Execute(b, l)
	return b.String(), err
}

// Plain is the letter as text alone.
func (l Letter) Plain() string {
	b := &strings.Builder{}
	line := func(parts ...string) {
		b.WriteString(strings.TrimSpace(strings.Join(parts, " ")))
		b.WriteString("\n")
	}
	line(l.Title, "·", l.Of)
	line(l.Period)
	line()
	for _, f := range l.Figures {
		line(f.Name+":", f.Value, "·", strings.Join(f.More, " · "))
	}
	if len(l.Findings) > 0 {
		line()
		line(l.Words.Findings)
		for _, f := range l.Findings {
			line("*", f.Text, f.Why)
		}
	}
	line()
	if l.Link != "" {
		line(l.LinkText+":", l.Link)
	}
	line(l.AsOf, l.Why)
	return b.String()
}
