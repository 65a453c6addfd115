package dispatch_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

	"moked/dispatch"
)

func TestMask(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                        "",
		"בור ליד הרצל 60, דירה 5": "בור ליד הרצל 60, דירה 5",
		"להתקשר לדנה 052-1234567 אחרי 16:30": "להתקשר לדנה ••• אחרי 16:30",
		"0521234567":                           "•••",
		"+972 52 123 4567":                     "•••",
		"(03) 123-4567 או 050.123.45.67":       "••• או •••",
		"03/6123456":                           "•••",
		"ת.ז. 012345678":                       "ת.ז. •••",
		"רק *9107 עונים":                       "רק *9107 עונים",
		"מ-12.03.2026 עד 14/3/26":              "מ-12.03.2026 עד 14/3/26",
		"בין 07:30 ל-08:45, עמודים 12 13 14":   "בין 07:30 ל-08:45, עמודים 12 13 14",
		"dana.k+x@example.co.il כתבה":          "••• כתבה",
		"דנה@דוגמה.קום":                        "•••",
		"٠٥٢١٢٣٤٥٦٧":                           "•••",
		"\u200e052\u200e-123\u200e-45\u200e67": "\u200e•••",
		"כרטיס 4580-1234-5678-9012":            "כרטיס •••",
	} {
		if got := dispatch.Mask(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzMask(f *testing.F) {
	f.Add("052-1234567 x@y.z")
	f.Add("1 2 3 4 5 6 7")
	f.Fuzz(func(t *testing.T, text string) {
		once := dispatch.Mask(text)
		if again := dispatch.Mask(once); again != once {
			t.Errorf("%q is masked to %q and then to %q", text, once, again)
		}
		if strings.Contains(dispatch.Mask(text+" 052-1234567"), "1234567") {
			t.Errorf("a number after %q stays", text)
		}
	})
}

// A contractor and a volunteer get the job's narrow view, others all of it.
func TestJobForWhom(t *testing.T) {
	t.Parallel()
	full := dispatch.Job{
		ID: red, Number: "J-1", Text: "בור. דנה 052-1234567", Note: "אצל דנה, קוד 4711", Reason: "אין מענה ב-052-1234567",
		Record: dispatch.Record{
			Notes:  []dispatch.RecordNote{{Text: "חזרו ל-052-1234567"}},
			Photos: []dispatch.RecordPhoto{{Caption: "052-1234567"}}, Signature: &dispatch.Signature{Name: "דנה כהן"},
			Hold: &dispatch.Hold{On: true, Reason: "052-1234567 לא עונה"},
		},
		Place: dispatch.Place{Label: "הרצל 60", Text: "אצל דנה כהן, הרצל 60"},
	}
	for _, k := range []struct {
		who    dispatch.Actor
		narrow bool
	}{
		{dispatch.Actor{Role: dispatch.Dispatcher}, false},
		{dispatch.Actor{Role: dispatch.Integration}, false},
		{dispatch.Actor{Role: dispatch.CrewMember, Crew: red, Kind: dispatch.StaffCrew}, false},
		{dispatch.Actor{Role: dispatch.CrewMember, Crew: red, Kind: dispatch.PatrolCrew}, false},
		{dispatch.Actor{Role: dispatch.CrewMember, Crew: red, Kind: dispatch.VolunteerCrew}, true},
		{dispatch.Actor{Role: dispatch.CrewMember, Crew: red, Kind: dispatch.ContractorCrew}, true},
		{dispatch.Actor{Role: dispatch.CrewMember, Crew: uuid.New()}, true}, // nobody knows what it is
	} {
		got, err := json.Marshal(full.For(k.who))
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"052", "4711", "כהן"} {
			if strings.Contains(string(got), secret) == k.narrow {
				t.Errorf("%+v: %s in %s", k.who, secret, got)
			}
		}
		if !strings.Contains(string(got), "הרצל 60") || !strings.Contains(string(got), "J-1") {
			t.Errorf("%+v: the work itself is gone: %s", k.who, got)
		}
	}
	if rest, _ := json.Marshal(full); strings.Count(string(rest), "052") != 5 || strings.Count(string(rest), "כהן") != 2 {
		t.Errorf("the job itself was changed: %s", rest)
	}
}
