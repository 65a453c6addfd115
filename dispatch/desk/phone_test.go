package desk

import (
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"
)

func TestPhone(t *testing.T) {
	t.Parallel()
	for told, want := range map[string]string{
		"052-1234567": "+972521234567", "0521234567": "+972521234567", "052 123 4567": "+972521234567", "+972 52-123-4567": "+972521234567",
		"03-9876543": "+97239876543", "077-1234567": "+972771234567", "*106": "*106", "106": "106", "דנה 052-1234567": "+972521234567", "+1 212 555 0100": "+12125550100",
	} {
		if got := phone(told); got == nil || *got != want {
			t.Errorf("%q is %v, want %s", told, got, want)
		}
	}
	if got := phone("אין"); got != nil {
		t.Errorf("no digits give %q", *got)
	}
}

// TestIsraeliPhoneAsTheLibrary: the short way gives what the long way does.
func TestIsraeliPhoneAsTheLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		told := rapid.StringMatching(`0[0-9]{1,2}[- ]?[0-9]{2,4}[- ]?[0-9]{3,5}`).Draw(t, "told")
		short, ok := israeliPhone(told)
		if !ok {
			return
		}
		p, err := phonenumbers.Parse(told, "IL")
		if err != nil || !phonenumbers.IsPossibleNumber(p) || phonenumbers.Format(p, phonenumbers.E164) != short {
			t.Fatalf("%q is %s in short, %v at length", told, short, p)
		}
	})
}
