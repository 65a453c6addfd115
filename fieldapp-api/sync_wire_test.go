package fieldapi

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
)

// wireOps is what the app of tablets says since its version 1.0, word by word:
// JOB, DEVICE, ID, NOW, LAT, LON, MESSAGE, OTHER and HASH are filled in. An app is
// updated only when its tablet has a network and its crew has time, so that
// lines are added here, and those that are here stay as they are.
var wireOps = []string{
	`{"id":"ID","device":"DEVICE","kind":"crew.duty","base_version":0,"performed_at":"NOW","data":{"state":"on"}}`,
	`{"id":"ID","device":"DEVICE","kind":"job.accept","job":"JOB","base_version":2,"performed_at":"NOW","data":{}}`,
	`{"id":"ID","device":"DEVICE","kind":"job.depart","job":"JOB","base_version":2,"performed_at":"NOW","data":{}}`,
	`{"id":"ID","device":"DEVICE","kind":"job.arrive","job":"JOB","base_version":2,"performed_at":"NOW","data":{"suggested":true,"lat":LAT,"lon":LON,"accuracy":8}}`,
	`{"id":"ID","device":"DEVICE","kind":"job.pause","job":"JOB","base_version":2,"performed_at":"NOW","data":{"reason":"ממתין לחלקים","note":"מחר"}}`,
	`{"id":"ID","device":"DEVICE","kind":"job.resume","job":"JOB","base_version":2,"performed_at":"NOW","data":{}}`,
	`{"id":"ID","device":"DEVICE","kind":"job.photo","job":"JOB","base_version":2,"performed_at":"NOW","data":{"kind":"before","caption":"לפני","sha256":"HASH"}}`,
	`{"id":"ID","device":"DEVICE","kind":"job.check","job":"JOB","base_version":2,"performed_at":"NOW","data":{"code":"safe","value":true}}`,
	`{"id":"ID","device":"DEVICE","kind":"job.material","job":"JOB","base_version":2,"performed_at":"NOW","data":{"code":"lamp","add":2}}`,
	`{"id":"ID","device":"DEVICE","kind":"job.note","job":"JOB","base_version":2,"performed_at":"NOW","data":{"text":"הוחלפו שתי נורות"}}`,
	`{"id":"ID","device":"DEVICE","kind":"job.sign","job":"JOB","base_version":2,"performed_at":"NOW","data":{"name":"רינה","sha256":"HASH"}}`,
	`{"id":"ID","device":"DEVICE","kind":"job.transfer","job":"JOB","base_version":2,"performed_at":"NOW","data":{"department":"roads","text":"המדרכה שבורה"}}`,
	`{"id":"ID","device":"DEVICE","kind":"job.complete","job":"JOB","base_version":2,"performed_at":"NOW","data":{"note":"תוקן"}}`,
	`{"id":"ID","device":"DEVICE","kind":"job.decline","job":"OTHER","base_version":2,"performed_at":"NOW","data":{"reason":"אין גישה"}}`,
	`{"id":"ID","device":"DEVICE","kind":"incident.open","base_version":0,"performed_at":"NOW","data":{"category":"street-light-out","text":"עמוד נטוי","lat":LAT,"lon":LON,"photos":["HASH"]}}`,
	`{"id":"ID","device":"DEVICE","kind":"message.read","base_version":0,"performed_at":"NOW","data":{"message":"MESSAGE"}}`,
}

// TestOlderTablets: what the first app says is understood, and answered in the
// words that it reads; what a later one would add harms nothing.
func TestOlderTablets(t *testing.T) {
	t.Parallel()
	f := newField(t)
	other := f.assigned(9)
	var told messageBody
	f.dispatcher.post("/crews/"+f.crew.ID.String()+"/messages", map[string]any{"text": "בהצלחה"}).is(http.StatusCreated).into(&told)
	_, at, _ := f.house(3)
	lat, lon := jsonOf(t, at[1]), jsonOf(t, at[0])
	said := map[string]bool{}
	var ops []json.RawMessage
	for n, line := range wireOps {
		words := strings.NewReplacer(
			"ID", uuid.Must(uuid.NewV7()).String(), "DEVICE", f.device.String(), "JOB", f.job.ID.String(), "OTHER", other.ID.String(),
			"NOW", time.Now().Add(time.Duration(n-60)*time.Second).UTC().Format("2006-01-02T15:04:05.000Z"),
			"LAT", lat, "LON", lon, "MESSAGE", told.Message.ID.String(), "HASH", strings.Repeat("ab", 32))
		ops = append(ops, json.RawMessage(words.Replace(line)))
		var op struct{ Kind string }
		f.must(json.Unmarshal(ops[n], &op))
		said[op.Kind] = true
	}
	for _, k := range dispatch.OpKinds() {
		if !said[string(k)] {
			t.Errorf("no line of %s", k)
		}
	}
	later := strings.Replace(string(ops[9]), `"data":{`, `"later":{"x":[1]},"data":{"mood":"good",`, 1)
	later = strings.Replace(later, `"id":"`+opID(t, ops[9]), `"id":"`+uuid.NewString(), 1)
	sent := append(ops, json.RawMessage(later))
	var out struct {
		Results []struct {
			ID     string
			Status string
			Text   string
		}
		Events     []json.RawMessage
		Seq        *int64
		More       *bool
		ReceivedAt *time.Time `json:"received_at"`
		SkewMS     *float64   `json:"skew_ms"`
	}
	f.tablet.post("/sync", map[string]any{"since": 0, "log": "", "sent_at": time.Now().UTC(), "ops": sent, "later": true}).is(http.StatusOK).into(&out)
	if out.Seq == nil || out.More == nil || out.ReceivedAt == nil || out.SkewMS == nil || out.Events == nil || len(out.Results) != len(sent) {
		t.Fatalf("the answer lacks what the app reads: %+v", out)
	}
	for n, r := range out.Results {
		if r.ID != opID(t, sent[n]) || r.Status != "applied" || r.Text == "" {
			t.Errorf("%s: %+v", sent[n], r)
		}
	}
}

func opID(t *testing.T, op json.RawMessage) string {
	t.Helper()
	var o struct{ ID string }
	if err := json.Unmarshal(op, &o); err != nil {
		t.Fatal(err)
	}
	return o.ID
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
