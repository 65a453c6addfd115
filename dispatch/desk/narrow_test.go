package desk

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
)

// of is a crew's actor.
func (c *city) of(k dispatch.Crew) dispatch.Actor {
	return dispatch.Actor{Authority: cityCode, Role: dispatch.CrewMember, Crew: k.ID, Kind: k.Kind, Name: k.Name, Lang: "he"}
}

// kind makes a crew on duty another kind.
func (c *city) kind(k dispatch.Crew, kind dispatch.CrewKind) dispatch.Crew {
	c.t.Helper()
	k, err := c.ChangeCrew(c.ctx, c.dispatcher(), k.ID, CrewChange{BaseVersion: k.Version, Kind: &kind})
	c.must(err)
	return k
}

// TestEveryKindOfCrewSeesItsOwn goes every way out of the house as every kind
// of crew: only its own jobs come out, and for a contractor or a volunteer
// nothing of who told us.
func TestEveryKindOfCrewSeesItsOwn(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	other := c.crew("other", "electricity", west, "electrician")
	secrets := []string{"1234567", "דנה", "4711", "מאחורי"}
	for n, kind := range dispatch.CrewKinds() {
		k := c.kind(c.crew("k"+string(kind), "electricity", west, "electrician"), kind)
		who := c.of(k)
		at := eastOf(west, float64(n)*300)
		f, err := c.FileReport(c.ctx, c.dispatcher(), NewReport{
			Channel: dispatch.ByPhone, Category: "street-light-out", Text: "פנס כבוי, טלפון 052-1234567",
			Place: NewPlace{Lat: &at[1], Lon: &at[0], Text: "מאחורי הבית של דנה"}, Contact: &dispatch.Contact{Name: "דנה", Phone: "0521234567"},
		})
		c.must(err)
		s, err := c.Snapshot(c.ctx, who)
		c.must(err)
		r, err := c.hub.Subscribe(c.ctx, who, s.Seq, s.Log, nil)
		c.must(err)
		if len(s.Jobs) != 0 {
			t.Errorf("%s sees jobs that aren't its own: %+v", kind, s.Jobs)
		}

		told := map[string]any{}
		j := c.step(c.job(f), c.AssignJob, Step{Crew: k.ID, Note: "קוד 4711, אצל דנה"})
		told["accept"], err = c.AcceptJob(c.ctx, who, j.ID, Step{BaseVersion: j.Version})
		c.must(err)
		_, stale := c.AcceptJob(c.ctx, who, j.ID, Step{BaseVersion: j.Version})
		told["stale"] = c.refused(stale, dispatch.Stale, "base_version").Current
		_, wrong := c.AcceptJob(c.ctx, who, j.ID, Step{BaseVersion: j.Version + 1})
		told["conflict"] = c.refused(wrong, dispatch.Conflict, "").Current
		told["job"], err = c.Job(c.ctx, who, j.ID)
		c.must(err)
		told["jobs"], err = c.Jobs(c.ctx, who, JobQuery{})
		c.must(err)
		after, err := c.Snapshot(c.ctx, who)
		c.must(err)
		told["snapshot"] = after
		var frames []byte
		p := picture{seq: s.Seq, objects: map[dispatch.Noun]map[string]any{dispatch.NounJob: {}, dispatch.NounCrew: {}, dispatch.NounIncident: {}}}
		ctx, cancel := context.WithTimeout(c.ctx, 20*time.Second)
		for p.seq < after.Seq {
			frame, err := r.Next(ctx)
			c.must(err)
			frames = append(frames, frame...)
			p.take(t, frame)
		}
		cancel()
		r.Close()
		told["feed"] = json.RawMessage(`"` + strings.NewReplacer(`"`, "", `\`, "").Replace(string(frames)) + `"`)

		if len(after.Jobs) != 1 || len(after.Crews) != 1 || after.Crews[0].ID != k.ID || len(after.Incidents) != 0 {
			t.Errorf("%s sees %d jobs, %d crews, %d incidents", kind, len(after.Jobs), len(after.Crews), len(after.Incidents))
		}
		for way, v := range told {
			text := string(encode(t, v))
			if !strings.Contains(text, j.Number) || strings.Contains(text, other.ID.String()) {
				t.Errorf("%s by %s: %s", kind, way, text)
			}
			for _, secret := range secrets {
				if who.Narrow() && strings.Contains(text, secret) {
					t.Errorf("%s learns %s by %s: %s", kind, secret, way, text)
				}
			}
			if !who.Narrow() && !strings.Contains(text, "1234567") {
				t.Errorf("%s lacks the caller's words by %s: %s", kind, way, text)
			}
		}
		// Its job done, it is no longer there.
		j = told["accept"].(dispatch.Job)
		c.must(err2(c.DeclineJob(c.ctx, who, j.ID, Step{BaseVersion: j.Version, Reason: "אין סולם"})))
		if _, err := c.Job(c.ctx, who, j.ID); err == nil {
			t.Errorf("%s sees the job that it handed back", kind)
		}
	}
}

// The kind comes with whoever signs in or shows a token.
func TestActorsKnowTheirKind(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.kind(c.crew("k", "electricity", west), dispatch.ContractorCrew)
	admin := c.actor(dispatch.Admin)
	secret, _, err := c.CreateToken(c.ctx, admin, NewToken{Role: dispatch.CrewMember, Crew: &k.ID})
	c.must(err)
	program, err := c.TokenActor(c.ctx, secret)
	c.must(err)
	_, err = c.CreateUser(c.ctx, admin, NewUser{Login: "kablan", Name: "קבלן", Role: dispatch.CrewMember, Crew: &k.ID, Password: "סיסמה ארוכה"})
	c.must(err)
	person, err := c.Authenticate(c.ctx, "kablan", "סיסמה ארוכה")
	c.must(err)
	deviceSecret, _, err := c.SignInDevice(c.ctx, person, NewDevice{ID: uuid.New(), Name: "טאבלט", App: "1"})
	c.must(err)
	device, err := c.DeviceActor(c.ctx, deviceSecret)
	if err != nil || device.Kind != dispatch.ContractorCrew {
		t.Errorf("%+v, %v", device, err)
	}
	if program.Kind != dispatch.ContractorCrew || person.Kind != dispatch.ContractorCrew || !program.Narrow() || !person.Narrow() {
		t.Errorf("%+v, %+v", program, person)
	}
	c.kind(k, dispatch.StaffCrew)
	c.later(time.Minute)
	if program, err = c.TokenActor(c.ctx, secret); err != nil || program.Kind != dispatch.StaffCrew {
		t.Errorf("%+v, %v", program, err)
	}
}
