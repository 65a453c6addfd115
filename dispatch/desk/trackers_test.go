package desk

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"moked/dispatch"
)

func TestTrackers(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k", "electricity", west)
	c.later(time.Minute)
	fix := func(after time.Duration) []dispatch.Position {
		return []dispatch.Position{{Lat: west[1], Lon: west[0], At: c.now.Add(after)}}
	}
	phone, secret := tracker(c, k)
	if len(secret.ID) < 20 || phone.Device == secret.ID || phone.Device != "…"+secret.ID[len(secret.ID)-4:] {
		t.Errorf("%+v %+v", phone, secret)
	}
	own, login, err := c.AddTracker(c.ctx, c.dispatcher(), NewTracker{Crew: k.ID, Protocol: OwnTracks})
	c.must(err)
	if login.User == "" || len(login.Password) < 20 || own.Device != login.User {
		t.Errorf("%+v %+v", own, login)
	}
	for _, device := range []Device{OsmAndDevice(secret.ID), OwnTracksDevice(login.User, login.Password)} {
		r, err := c.TrackPositions(c.ctx, device, fix(0))
		c.must(err)
		if r.Accepted+r.Refused != 1 {
			t.Errorf("%+v", r)
		}
		c.must(err2(c.TrackPositions(c.ctx, device, nil)))
	}
	for _, device := range []Device{OsmAndDevice("nobody at all"), OwnTracksDevice(login.User, "x"), OwnTracksDevice(secret.ID, ""), OsmAndDevice(login.Password)} {
		_, err := c.TrackPositions(c.ctx, device, fix(time.Second))
		c.refused(err, dispatch.NotFound, "")
	}
	c.must(err2(c.TrackPositions(c.ctx, OsmAndDevice(secret.ID), []dispatch.Position{{At: *c.now}})))
	list, err := c.Trackers(c.ctx, c.dispatcher())
	c.must(err)
	if len(list) != 2 || list[1].ID != phone.ID || list[1].SeenAt == nil || list[1].Fixes[dispatch.FixMoved] != 1 ||
		list[1].Fixes[dispatch.FixIsland] != 1 || list[1].Fixes[dispatch.FixNone] != 1 || list[0].Fixes[dispatch.FixAgain] != 1 {
		t.Errorf("%+v", list)
	}

	_, err = c.RevokeTracker(c.ctx, dispatch.Actor{Authority: cityCode, Role: dispatch.DepartmentHead, Department: "water"}, phone.ID)
	c.refused(err, dispatch.NotFound, "")
	gone, err := c.RevokeTracker(c.ctx, c.dispatcher(), phone.ID)
	c.must(err)
	c.later(time.Minute)
	again, err := c.RevokeTracker(c.ctx, c.dispatcher(), phone.ID)
	c.must(err)
	if gone.RevokedAt == nil || !again.RevokedAt.Equal(*gone.RevokedAt) {
		t.Error("a second revocation moves the first")
	}
	_, err = c.TrackPositions(c.ctx, OsmAndDevice(secret.ID), fix(0))
	c.refused(err, dispatch.NotFound, "")
	if list, err = c.Trackers(c.ctx, c.dispatcher()); err != nil || list[1].Fixes[dispatch.FixStranger] != 1 {
		t.Errorf("what a revoked device sends isn't seen: %+v %v", list, err)
	}
}

func TestTrackersAreRefused(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k", "electricity", west)
	c.must(err2(addTracker(c, NewTracker{Crew: k.ID, ID: "0123456789abc"})))
	for name, x := range map[string]struct {
		who   dispatch.Actor
		n     NewTracker
		code  dispatch.Code
		field string
	}{
		"short":         {c.dispatcher(), NewTracker{Crew: k.ID, ID: "123456"}, dispatch.Invalid, "id"},
		"taken":         {c.dispatcher(), NewTracker{Crew: k.ID, ID: "0123456789abc"}, dispatch.Conflict, "id"},
		"protocol":      {c.dispatcher(), NewTracker{Crew: k.ID, Protocol: "morse"}, dispatch.Invalid, "protocol"},
		"nobody's":      {c.dispatcher(), NewTracker{Crew: uuid.New()}, dispatch.Invalid, "crew"},
		"another's":     {dispatch.Actor{Authority: cityCode, Role: dispatch.DepartmentHead, Department: "water"}, NewTracker{Crew: k.ID}, dispatch.Invalid, "crew"},
		"not its to do": {c.actor(dispatch.Operator), NewTracker{Crew: k.ID}, dispatch.Forbidden, ""},
		"text":          {c.dispatcher(), NewTracker{Crew: k.ID, ID: "0123456789\x00"}, dispatch.Invalid, "id"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := c.AddTracker(c.ctx, x.who, x.n)
			c.refused(err, x.code, x.field)
		})
	}
}

func addTracker(c *city, n NewTracker) (Tracker, error) {
	t, _, err := c.AddTracker(c.ctx, c.dispatcher(), n)
	return t, err
}

// TestAnyOrderOfFixes sends a drive with lone jumps in many orders, with
// repeats and in groups of any size: the crew ends where the drive in order
// takes it, and its course is the same.
func TestAnyOrderOfFixes(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.later(3 * time.Hour)
	start := c.now.Add(-time.Hour)
	var drive []dispatch.Position
	for i := range 58 {
		p := eastOf(orb.Point{34.81, 32.05}, float64(i)*80)
		if i%13 == 7 {
			p = orb.Point{34.895, 32.01}
		}
		drive = append(drive, dispatch.Position{Lon: p[0], Lat: p[1], At: start.Add(time.Duration(i) * 10 * time.Second)})
	}
	want := dispatch.CourseOf(drive).Believed
	end := want[len(want)-1]
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 2))
		k, err := c.AddCrew(c.ctx, c.dispatcher(), NewCrew{Code: uuid.NewString()[:8], Name: "צוות", Departments: []string{"electricity"}})
		c.must(err)
		own := dispatch.Actor{Authority: cityCode, Role: dispatch.CrewMember, Crew: k.ID}
		sent := slices.Concat(drive, drive[:20])
		if seed > 0 {
			r.Shuffle(len(sent), func(i, j int) { sent[i], sent[j] = sent[j], sent[i] })
		}
		total := Recorded{}
		for len(sent) > 0 {
			n := min(1+r.IntN(7), len(sent))
			got, err := c.RecordPositions(c.ctx, own, sent[:n])
			c.must(err)
			total.Accepted, total.Late, total.Refused = total.Accepted+got.Accepted, total.Late+got.Late, total.Refused+got.Refused
			sent = sent[n:]
		}
		if total.Accepted+total.Late+total.Refused != len(drive)+20 {
			t.Errorf("seed %d: not every fix was counted: %+v", seed, total)
		}
		ks, err := c.Crews(c.ctx, own)
		c.must(err)
		if !ks[0].At.Equal(end.At) || *ks[0].Lon != end.Lon {
			t.Errorf("seed %d: the crew ends at %v of %v", seed, ks[0].At, end.At)
		}
		if n := c.count(`select count(*) from track where crew = $1`, k.ID); n != len(drive) {
			t.Errorf("seed %d: the track has %d of %d fixes", seed, n, len(drive))
		}
	}
}

// TestRecovery: after a wrong first fix the crew is found again.
func TestRecovery(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	k := c.crew("k", "electricity", east)
	own := dispatch.Actor{Authority: cityCode, Role: dispatch.CrewMember, Crew: k.ID}
	for i, want := range []dispatch.FixVerdict{dispatch.FixJump, dispatch.FixJump, dispatch.FixMoved, dispatch.FixMoved} {
		c.later(10 * time.Second)
		r, err := c.RecordPositions(c.ctx, own, []dispatch.Position{{Lat: west[1], Lon: west[0], At: *c.now}})
		c.must(err)
		if got := (r.Accepted == 1); got != (want == dispatch.FixMoved) {
			t.Errorf("fix %d: %+v, want %s", i, r, want)
		}
	}
	if c.Judged(dispatch.FixJump) != 2 || c.Judged(dispatch.FixMoved) != 2 {
		t.Errorf("counted %d jumps and %d moves", c.Judged(dispatch.FixJump), c.Judged(dispatch.FixMoved))
	}
}
