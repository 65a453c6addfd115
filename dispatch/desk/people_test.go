package desk

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"moked/dispatch"
)

func TestSigningIn(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	u, err := c.CreateUser(c.ctx, c.actor(dispatch.Admin), NewUser{Login: " Noa@Hof.example ", Name: "נועה", Role: dispatch.DistrictManager,
		District: "west", Password: "סיסמה ארוכה דיה"})
	c.must(err)
	who, err := c.Authenticate(c.ctx, "noa@hof.EXAMPLE", "סיסמה ארוכה דיה")
	c.must(err)
	if who.ID != u.ID || who.Authority != cityCode || who.District != "west" || who.Lang != "he" {
		t.Errorf("signed in as %+v", who)
	}
	for _, wrong := range [][2]string{{"noa@hof.example", "אחרת"}, {"nobody", "סיסמה ארוכה דיה"}, {"\xff", "x"}, {"", ""}, {"noa@hof.example", strings.Repeat("x", 1e6)}} {
		_, err := c.Authenticate(c.ctx, wrong[0], wrong[1])
		c.refused(err, dispatch.Forbidden, "")
	}
	_, err = c.CreateUser(c.ctx, c.actor(dispatch.Admin), NewUser{Login: "noa@hof.example", Name: "אחרת", Role: dispatch.Operator, Password: "סיסמה ארוכה דיה"})
	c.refused(err, dispatch.Conflict, "login")
	_, err = c.CreateUser(c.ctx, c.dispatcher(), NewUser{})
	c.refused(err, dispatch.Forbidden, "")
	shut := true
	_, err = c.ChangeUser(c.ctx, c.actor(dispatch.Admin), u.ID, UserChange{Disabled: &shut})
	c.must(err)
	_, err = c.Authenticate(c.ctx, "noa@hof.example", "סיסמה ארוכה דיה")
	c.refused(err, dispatch.Forbidden, "")
	_, err = c.UserActor(c.ctx, u.ID)
	c.refused(err, dispatch.NotFound, "")
	if n := c.count(`select count(*) from app_user where password like '%סיסמה%'`); n != 0 {
		t.Error("a password is kept as it is")
	}
}

func TestRolesWantTheirScope(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	admin := c.actor(dispatch.Admin)
	for field, n := range map[string]NewToken{
		"role":       {Role: "king"},
		"district":   {Role: dispatch.DistrictManager},
		"department": {Role: dispatch.DepartmentHead, Department: "no-such"},
		"crew":       {Role: dispatch.CrewMember},
	} {
		_, _, err := c.CreateToken(c.ctx, admin, n)
		c.refused(err, dispatch.Invalid, field)
	}
	for field, n := range map[string]NewToken{
		"district": {Role: dispatch.Dispatcher, District: "no-such"},
		"crew":     {Role: dispatch.CrewMember, Crew: new(uuid.New())},
	} {
		_, _, err := c.CreateToken(c.ctx, admin, n)
		c.refused(err, dispatch.Invalid, field)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k", "electricity", west)
	secret, token, err := c.CreateToken(c.ctx, c.actor(dispatch.Admin), NewToken{Name: "טאבלט", Role: dispatch.CrewMember, Crew: &k.ID})
	c.must(err)
	who, err := c.TokenActor(c.ctx, secret)
	c.must(err)
	if who.Crew != k.ID || who.Role != dispatch.CrewMember || who.Authority != cityCode {
		t.Errorf("actor %+v", who)
	}
	if n := c.count(`select count(*) from token where encode(hash, 'escape') like '%' || $1 || '%'`, secret); n != 0 {
		t.Error("a secret is kept as it is")
	}
	for _, wrong := range []string{"", "moked_", secret + "x", strings.TrimPrefix(secret, tokenPrefix)} {
		_, err := c.TokenActor(c.ctx, wrong)
		c.refused(err, dispatch.NotFound, "")
	}
	c.must(c.RevokeToken(c.ctx, c.actor(dispatch.Admin), token.ID))
	_, err = c.TokenActor(c.ctx, secret)
	c.refused(err, dispatch.NotFound, "")
}

func TestSessionsAreKeptByTheirHash(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.Sessions()
	c.must(s.CommitCtx(c.ctx, "secret", []byte("data"), c.now.Add(time.Hour)))
	data, found, err := s.FindCtx(c.ctx, "secret")
	if string(data) != "data" || !found || err != nil {
		t.Errorf("%q, %v, %v", data, found, err)
	}
	c.later(2 * time.Hour)
	if _, found, err := s.FindCtx(c.ctx, "secret"); found || err != nil {
		t.Errorf("after its end: %v, %v", found, err)
	}
	c.must(c.EndExpiredSessions(c.ctx))
	if n := c.count(`select count(*) from session`); n != 0 {
		t.Errorf("%d sessions are left", n)
	}
}

func TestPersonalDataIsForThoseWhoNeedItAndLogged(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	n := told("street-light-out", "פנס", west)
	n.Contact = &dispatch.Contact{Name: "רות", Phone: "052-123 4567"}
	f, err := c.FileReport(c.ctx, c.dispatcher(), n)
	c.must(err)
	r, err := c.Report(c.ctx, c.dispatcher(), f.ID)
	c.must(err)
	if r.Contact == nil || r.Contact.Name != "רות" || r.Token != "" {
		t.Errorf("a dispatcher sees %+v", r.Report)
	}
	if n := c.count(`select count(*) from personal_view where report = $1 and actor ->> 'role' = 'dispatcher'`, f.ID); n != 1 {
		t.Errorf("%d views are logged", n)
	}
	rs, err := c.Reports(c.ctx, c.dispatcher(), ReportQuery{Phone: "+972521234567"})
	c.must(err)
	if len(rs) != 1 {
		t.Errorf("%d reports of the phone", len(rs))
	}
	r, err = c.Report(c.ctx, c.actor(dispatch.Integration), f.ID)
	c.must(err)
	if r.Contact != nil {
		t.Error("an integration sees the contact")
	}
	_, err = c.Reports(c.ctx, c.actor(dispatch.Integration), ReportQuery{Phone: "0521234567"})
	c.refused(err, dispatch.Forbidden, "")
	tracked, err := c.Track(c.ctx, f.Token)
	c.must(err)
	if b := string(encode(t, tracked)); strings.Contains(b, "רות") || strings.Contains(b, "4567") || tracked.Report.Number != f.Number {
		t.Errorf("the link shows %s", b)
	}
	var events []byte
	c.must(c.pool.QueryRow(c.ctx, `select json_agg(event) from event`).Scan(&events))
	if strings.Contains(string(events), "4567") || !json.Valid(events) {
		t.Error("the log has the phone")
	}
	for _, bad := range []string{"", "x", strings.Repeat("A", 26), "\x00", f.Token + "\xff"} {
		_, err := c.Track(c.ctx, bad)
		c.refused(err, dispatch.NotFound, "")
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k7", "electricity", west)
	n := told("street-light-out", "ליד המכולת של 100% טעים_", west)
	n.Contact = &dispatch.Contact{Phone: "0521234567"}
	f, err := c.FileReport(c.ctx, c.dispatcher(), n)
	c.must(err)
	for q, want := range map[string]string{
		f.Number: f.ID.String(), f.Incident.Number: f.Incident.ID.String(), f.Jobs[0].Number: f.Jobs[0].ID.String(),
		"המכולת": f.Incident.ID.String(), "100% טעים_": f.Incident.ID.String(), "052-1234567": f.ID.String(), "צוות k7": k.ID.String(),
	} {
		hits, err := c.Search(c.ctx, c.dispatcher(), q)
		c.must(err)
		if b := string(encode(t, hits)); !strings.Contains(b, want) {
			t.Errorf("%q finds %s", q, b)
		}
	}
	for _, q := range []string{"", "%", "_", `\`, "אין כזה", "052-1234567"} {
		hits, err := c.Search(c.ctx, c.actor(dispatch.Integration), q)
		c.must(err)
		for _, h := range hits {
			if h.Kind != "address" && q != "%" && q != "_" {
				t.Errorf("%q finds %+v", q, h)
			}
		}
	}
	_, err = c.Search(c.ctx, c.dispatcher(), "\xff")
	c.refused(err, dispatch.Invalid, "q")
}

func TestListsGoOnWhereThePageEnded(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	for n := range 7 {
		c.reports("פנס", eastOf(west, float64(n)*300))
		c.later(time.Duration(n%2) * time.Minute)
	}
	seen := map[uuid.UUID]bool{}
	q := IncidentQuery{Limit: 3}
	pages := 0
	for pages = 1; ; pages++ {
		page, err := c.Incidents(c.ctx, c.dispatcher(), q)
		c.must(err)
		for _, i := range page.Incidents {
			if seen[i.ID] {
				t.Errorf("%s comes twice", i.Number)
			}
			seen[i.ID] = true
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	if len(seen) != 7 || pages != 3 {
		t.Errorf("%d incidents on %d pages", len(seen), pages)
	}
	for _, bad := range []string{"x", "!!", strings.Repeat("A", 500)} {
		_, err := c.Incidents(c.ctx, c.dispatcher(), IncidentQuery{Cursor: bad})
		c.refused(err, dispatch.Invalid, "cursor")
		_, err = c.Jobs(c.ctx, c.dispatcher(), JobQuery{Cursor: bad})
		c.refused(err, dispatch.Invalid, "cursor")
	}
	near, err := c.NearIncidents(c.ctx, c.dispatcher(), west[1], west[0], "street-light-out")
	c.must(err)
	if len(near) != 2 || near[0].Distance > 1 || near[1].Distance < 290 || near[1].Distance > 310 {
		t.Errorf("near: %+v", near)
	}
}

func TestRecommend(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	near := c.crew("near", "electricity", eastOf(west, 300), "electrician")
	far := c.crew("far", "electricity", east, "electrician")
	wet := c.crew("wet", "water", west)
	j := c.job(c.reports("פנס", west))
	j = c.step(j, c.AssignJob, Step{Crew: near.ID})
	j = c.step(j, c.DeclineJob, Step{Reason: "תקועים"})
	ranked, err := c.Recommend(c.ctx, c.dispatcher(), j.ID)
	c.must(err)
	byCrew := map[uuid.UUID]dispatch.Recommendation{}
	for _, r := range ranked {
		byCrew[r.Crew] = r
		if len(r.Text) == 0 || len(r.Text) != len(r.Reasons) {
			t.Errorf("%s: no reasons given: %+v", r.Crew, r)
		}
	}
	if len(ranked) != 3 || ranked[0].Crew != far.ID || byCrew[near.ID].Suitable || byCrew[wet.ID].Suitable {
		t.Errorf("ranked %+v", ranked)
	}
	if s := byCrew[far.ID].Seconds; s == nil || *s < 300 {
		t.Errorf("the way from the east takes %v", s)
	}
	_, err = c.Recommend(c.ctx, c.actor(dispatch.Operator), j.ID)
	c.refused(err, dispatch.Forbidden, "")
}

func TestPositions(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k", "electricity", west)
	own := dispatch.Actor{Authority: cityCode, Role: dispatch.CrewMember, Crew: k.ID}
	at := func(lon, lat float64, after time.Duration) dispatch.Position {
		return dispatch.Position{Crew: k.ID, Lon: lon, Lat: lat, At: c.now.Add(after)}
	}
	send := func(who dispatch.Actor, ps ...dispatch.Position) Recorded {
		t.Helper()
		r, err := c.RecordPositions(c.ctx, who, ps)
		c.must(err)
		return r
	}
	c.later(time.Minute)
	if r := send(own, at(34.8201, 32.05, 0)); r.Accepted != 1 || r.Refused != 0 {
		t.Errorf("a good fix: %+v", r)
	}
	if r := send(own, at(34.8202, 32.05, time.Second), at(34.8203, 32.05, 2*time.Second)); r.Accepted != 2 {
		t.Errorf("two in one call: %+v", r)
	}
	if r := send(own, at(34.8299, 32.05, -10*time.Second)); r.Late != 1 || r.Refused != 0 {
		t.Errorf("a late fix: %+v", r)
	}
	stranger := at(34.82, 32.05, 3*time.Second)
	stranger.Crew = uuid.New()
	for name, p := range map[string]struct {
		at   dispatch.Position
		want dispatch.FixVerdict
	}{
		"null island": {at(0, 0, 3*time.Second), dispatch.FixIsland}, "future": {at(34.82, 32.05, time.Hour), dispatch.FixFuture},
		"1970":   {dispatch.Position{Crew: k.ID, Lon: 34.82, Lat: 32.05, At: time.Unix(0, 0)}, dispatch.FixOld},
		"a jump": {at(34.899, 32.099, 3*time.Second), dispatch.FixJump}, "another country": {at(2, 48, 3*time.Second), dispatch.FixFar},
		"a stranger": {stranger, dispatch.FixStranger}, "again": {at(34.8203, 32.05, 2*time.Second), dispatch.FixAgain},
		"late, again": {at(34.8202, 32.05, time.Second), dispatch.FixAgain},
	} {
		if r := send(c.dispatcher(), p.at); r.Refused != 1 || r.Why[p.want] != 1 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	ks, err := c.Crews(c.ctx, own)
	c.must(err)
	if len(ks) != 1 || *ks[0].Lon != 34.8203 || !ks[0].At.Equal(c.now.Add(2*time.Second)) {
		t.Errorf("the crew is at %+v", ks)
	}
	if n := c.count(`select count(*) from track`); n != 5 {
		t.Errorf("the track has %d fixes", n) // the jump waits for others to confirm it
	}
	_, err = c.RecordPositions(c.ctx, c.actor(dispatch.Operator), []dispatch.Position{at(34.82, 32.05, 0)})
	c.refused(err, dispatch.Forbidden, "")
	c.must(c.KeepTracks(c.ctx, 24*time.Hour))
	c.must(c.KeepTracks(c.ctx, 24*time.Hour))
	c.later(48 * time.Hour)
	if r := send(own, at(34.8203, 32.05, 0)); r.Accepted != 1 {
		t.Errorf("into a partition: %+v", r)
	}
	c.must(c.KeepTracks(c.ctx, 24*time.Hour))
	if n := c.count(`select count(*) from track`); n != 1 {
		t.Errorf("%d fixes are left of a day's", n)
	}
}
