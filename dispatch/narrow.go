package dispatch

import (
	"regexp"
	"slices"
	"strings"
)

// Narrow is the job for a crew that isn't the authority's own: what and where
// it is, without what people noted, and with whatever in the caller's words
// leads to a person struck out.
func (j Job) Narrow() Job {
	j.Note, j.Reason = "", Mask(j.Reason)
	j.Text = Mask(j.Text)
	j.Place.Text = ""
	j.Record = j.Record.narrow()
	return j
}

// narrow is the record without who received the work, and with its words
// masked; nothing is shared with the record before.
func (r Record) narrow() Record {
	r.Notes, r.Photos = slices.Clone(r.Notes), slices.Clone(r.Photos)
	for n := range r.Notes {
		r.Notes[n].Text = Mask(r.Notes[n].Text)
	}
	for n := range r.Photos {
		r.Photos[n].Caption = Mask(r.Photos[n].Caption)
	}
	if r.Signature != nil {
		signed := *r.Signature
		signed.Name = ""
		r.Signature = &signed
	}
	if r.Hold != nil {
		held := *r.Hold
		held.Reason = Mask(held.Reason)
		r.Hold = &held
	}
	return r
}

// For is the job as the actor may see it; every way out of the house goes
// through it.
func (j Job) For(who Actor) Job {
	if who.Narrow() {
		return j.Narrow()
	}
	return j
}

// Struck stands where personal data was.
const Struck = "•••"

var (
	emailLike = regexp.MustCompile(`[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+`)
	// Seven digits or more, however they are parted: phones, identity numbers,
	// cards. House numbers and times are shorter; dates are let be.
	numberLike = regexp.MustCompile(`[+(]?\p{Nd}(?:[ \t\-–—‑.()/\x{200e}\x{200f}]{0,3}\p{Nd}){6,}`)
	dateLike   = regexp.MustCompile(`^\p{Nd}{1,2}([./-])\p{Nd}{1,2}[./-](\p{Nd}{2}|\p{Nd}{4})$`)
)

// Mask strikes out of a text what leads to a person: phone numbers, e-mail
// addresses, identity numbers. Names can't be told from other words.
func Mask(text string) string {
	if strings.ContainsRune(text, '@') {
		text = emailLike.ReplaceAllString(text, Struck)
	}
	return numberLike.ReplaceAllStringFunc(text, func(number string) string {
		if dateLike.MatchString(number) {
			return number
		}
		return Struck
	})
}
