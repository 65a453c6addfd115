package document

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// Page is a document as a page to read, with what a reader can choose on it.
// StyleAt is where its style is served. Refusal is said where there is nothing
// to show, or not all of it.
type Page struct {
	Document
	Controls *Controls
	StyleAt  string
	Refusal  string
}

// Controls are what a reader can choose: links and a form that asks for the page
// anew. None of it needs a script.
type Controls struct {
	Back          Choice
	LanguagesName string
	Languages     []Choice
	ChooseName    string
	Selects       []Select
	Hidden        []Hidden
	Submit        string
	Downloads     []Choice
	Mailings      *Mailings
}

// Mailings are the reader's own, and the form that keeps another one.
type Mailings struct {
	Title, To, EveryName, FormatName, Keep, End, Of string
	Action                                          string
	Hidden                                          []Hidden
	Every, Formats                                  []Option
	List                                            []Mailing
}

// Mailing is one that is kept: to whom, what and when, and where it is ended.
// Failed says why the last one wasn't sent.
type Mailing struct{ To, Text, Next, Failed, End string }

// Choice is a link, and whether it is what is shown now.
type Choice struct {
	Text, Link, Lang string
	Chosen           bool
}

// Select is one question of the form.
type Select struct {
	Name, Label string
	Options     []Option
}

// Option is one answer to it.
type Option struct {
	Value, Text string
	Chosen      bool
}

// Hidden is what the form says without asking.
type Hidden struct{ Name, Value string }

// layout is what the template is given.
type layout struct {
	Page
	Print bool
	Style template.CSS
	Drawn *drawn
}

// Style is the page's style sheet.
func Style() []byte { return []byte(pageCSS) }

// HTML writes the page whole, or nothing of it.
func (p Page) HTML(w io.Writer) error {
	return lay(w, layout{Page: p})
}

func lay(w io.Writer, l layout) error {
	l.Drawn = draw(l.Chart)
	var page bytes.Buffer
	if err := pageTemplate.Execute(&page, l); err != nil {
		return err
	}
	_, err := page.WriteTo(w)
	return err
}
