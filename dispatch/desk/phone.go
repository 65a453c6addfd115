package desk

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// phone is the number in the form that it is searched by: international where
// it can be read as one, and else its digits. It is never refused.
func phone(told string) *string {
	if s, ok := israeliPhone(told); ok {
		return &s
	}
	if p, err := phonenumbers.Parse(told, "IL"); err == nil && phonenumbers.IsPossibleNumber(p) {
		s := phonenumbers.Format(p, phonenumbers.E164)
		return &s
	}
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '*' {
			return r
		}
		return -1
	}, told)
	if digits == "" {
		return nil
	}
	return &digits
}

// israeliPhone reads the numbers that nearly all callers leave, as the library
// would but without its regular expressions: 0, an area or a network, and
// seven digits, with hyphens or spaces between.
func israeliPhone(told string) (international string, ok bool) {
	var b [16]byte
	n := copy(b[:], "+972")
	for i := range len(told) {
		switch c := told[i]; {
		case c >= '0' && c <= '9' && n < len(b):
			b[n] = c
			n++
		case (c == '-' || c == ' ') && i > 0 && i < len(told)-1:
		default:
			return "", false
		}
	}
	if n < 6 || b[4] != '0' {
		return "", false
	}
	want := 4 + 9 // 03-1234567
	switch b[5] {
	case '2', '3', '4', '8', '9':
	case '5', '7':
		want = 4 + 10 // 052-1234567
	default:
		return "", false
	}
	return string(b[:4]) + string(b[5:n]), n == want
}
