package desk

import (
	"bytes"
	"context"
	"image/jpeg"
	"io"
	"sync"
	"testing"
	"time"

	"moked/dispatch"
	"moked/dispatch/photo"
)

func (c *city) opens(who dispatch.Actor, b []byte, size PhotoSize) ([]byte, error) {
	c.t.Helper()
	f, err := c.OpenPhoto(c.ctx, who, sumOf(b), size)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

func TestWhoSeesAPhoto(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	crew, strangers := c.crew("k1", "electricity", west, "electrician"), c.crew("k2", "electricity", east, "electrician")
	filed := c.reports("פנס", west)
	job := c.step(c.job(filed), c.AssignJob, Step{Crew: crew.ID})
	as := func(role dispatch.Role, change func(*dispatch.Actor)) dispatch.Actor {
		a := c.actor(role)
		change(&a)
		return a
	}
	ofCrew := func(id dispatch.Crew) dispatch.Actor {
		return as(dispatch.CrewMember, func(a *dispatch.Actor) { a.Crew = id.ID })
	}
	sender, tablet := ofCrew(crew), c.tablet(crew)
	b := picture1(t, 1)
	c.sends(sender, b)
	department := job.Department
	resident, err := c.ResidentActor(c.ctx, filed.Token)
	c.must(err)
	readers := []struct {
		name     string
		who      dispatch.Actor
		before   bool // the photo is named by the job
		after    bool
		original bool
	}{
		{"who sent it", sender, true, true, false},
		{"another of the crew", ofCrew(crew), true, true, false},
		{"another crew", ofCrew(strangers), false, false, false},
		{"dispatcher", c.dispatcher(), false, true, true},
		{"operator", c.actor(dispatch.Operator), false, true, true},
		{"its department", as(dispatch.DepartmentHead, func(a *dispatch.Actor) { a.Department = department }), false, true, true},
		{"another department", as(dispatch.DepartmentHead, func(a *dispatch.Actor) { a.Department = "water" }), false, false, false},
		{"its district", as(dispatch.DistrictManager, func(a *dispatch.Actor) { a.District = "west" }), false, true, true},
		{"another district", as(dispatch.DistrictManager, func(a *dispatch.Actor) { a.District = "east" }), false, false, false},
		{"a program", c.actor(dispatch.Integration), false, true, false},
		{"the resident", resident, false, false, false},
		{"nobody", c.actor(dispatch.Public), false, false, false},
	}
	check := func(when string, sees func(n int) bool) {
		t.Helper()
		for n, r := range readers {
			for _, size := range []PhotoSize{PhotoView, PhotoMap} {
				if _, err := c.opens(r.who, b, size); (err == nil) != sees(n) {
					t.Errorf("%s, %s, %s: %v", when, r.name, size, err)
				}
			}
			got, err := c.opens(r.who, b, PhotoOriginal)
			if want := sees(n) && r.original; (err == nil) != want || err == nil && !bytes.Equal(got, b) {
				t.Errorf("%s, the original, %s: %v", when, r.name, err)
			}
		}
	}
	check("before it is named", func(n int) bool { return readers[n].before })
	tablet.sync(tablet.op(dispatch.OpPhoto, job, dispatch.OpData{SHA256: sumOf(b), PhotoKind: dispatch.PhotoBefore}))
	job = c.job(filed)
	check("named", func(n int) bool { return readers[n].after })
	abroad := c.dispatcher()
	abroad.Authority = "zar"
	if _, err := c.opens(abroad, b, PhotoView); err == nil {
		t.Error("another authority sees it")
	}
	// Moved to the other crew, both see it: who sent it, and whose job it is.
	c.step(job, c.AssignJob, Step{Crew: strangers.ID})
	for _, k := range []dispatch.Crew{crew, strangers} {
		if _, err := c.opens(ofCrew(k), b, PhotoView); err != nil {
			t.Error(err)
		}
	}
	d, err := c.Incident(c.ctx, c.dispatcher(), filed.Incident.ID)
	c.must(err)
	if len(d.Photos) != 1 || d.Photos[0].SHA256 != sumOf(b) || d.Photos[0].Kind != "before" || d.Photos[0].Job != job.ID || !d.Photos[0].Stored {
		t.Errorf("the incident has %+v", d.Photos)
	}
}

func TestPhotoThatDoesNotDecode(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := picture1(t, 1)
	at := bytes.Index(b, []byte{0xff, 0xda}) + 100
	for i := range 2000 {
		b[at+i] = 0 // no code begins so for long
	}
	who := c.dispatcher()
	c.sends(who, b)
	_, err := c.opens(who, b, PhotoView)
	c.refused(err, dispatch.Invalid, "sha256")
	if got, err := c.opens(who, b, PhotoOriginal); err != nil || !bytes.Equal(got, b) {
		t.Error("the original is lost: ", err)
	}
	if c.count(`select count(*) from photo where state = 'unreadable'`) != 1 {
		t.Error("not marked")
	}
}

// Many who ask at once have the pictures made once; who leaves takes nothing
// from the others.
func TestPicturesAreMadeOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := picture1(t, 1)
	who := c.dispatcher()
	c.sends(who, b)
	gone, leave := context.WithCancel(c.ctx)
	leave()
	_, _ = c.OpenPhoto(gone, who, sumOf(b), PhotoMap)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			got, err := c.opens(who, b, PhotoMap)
			if err != nil {
				t.Error(err)
				return
			}
			if m, err := jpeg.Decode(bytes.NewReader(got)); err != nil || m.Bounds().Dx() != photo.MapSide {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := c.files(); len(n) != 3 {
		t.Errorf("the folder has %v", n)
	}
}

// The resident sees what the repair looks like, where the category lets them,
// and of the photo only that.
func TestResidentSeesTheRepair(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	crew := c.crew("k1", "electricity", west, "electrician")
	filed := c.reports("פנס", west)
	stranger, err := c.ResidentActor(c.ctx, c.reports("רחוק", east).Token)
	c.must(err)
	resident, err := c.ResidentActor(c.ctx, filed.Token)
	c.must(err)
	job := c.step(c.job(filed), c.AssignJob, Step{Crew: crew.ID})
	tab := c.tablet(crew)
	before, after, hand := picture1(t, 1), picture1(t, 2), picture1(t, 3)
	tab.sync(
		tab.op(dispatch.OpPhoto, job, dispatch.OpData{SHA256: sumOf(before), PhotoKind: dispatch.PhotoBefore}),
		tab.op(dispatch.OpPhoto, job, dispatch.OpData{SHA256: sumOf(after), PhotoKind: dispatch.PhotoAfter}),
		tab.op(dispatch.OpSign, job, dispatch.OpData{SHA256: sumOf(hand), Name: "דנה"}),
	)
	tracked := func() []IncidentPhoto {
		t.Helper()
		v, err := c.Track(c.ctx, filed.Token)
		c.must(err)
		d, err := c.Incident(c.ctx, resident, filed.Incident.ID)
		c.must(err)
		if len(d.Photos) != len(v.Photos) {
			t.Errorf("%+v and %+v", d.Photos, v.Photos)
		}
		return v.Photos
	}
	if got := tracked(); len(got) != 0 {
		t.Errorf("before it has come: %+v", got)
	}
	for _, b := range [][]byte{before, after, hand} {
		c.sends(tab.actor(), b)
	}
	if got := tracked(); len(got) != 1 || got[0].SHA256 != sumOf(after) || got[0].Kind != "after" || got[0].Lat != nil || got[0].TakenAt != nil {
		t.Errorf("%+v", got)
	}
	sees := func(who dispatch.Actor, b []byte, size PhotoSize) bool {
		_, err := c.opens(who, b, size)
		return err == nil
	}
	if !sees(resident, after, PhotoView) || !sees(resident, after, PhotoMap) {
		t.Error("the resident doesn't see the repair")
	}
	if sees(resident, after, PhotoOriginal) || sees(resident, before, PhotoView) || sees(resident, hand, PhotoView) || sees(stranger, after, PhotoView) {
		t.Error("a resident sees too much")
	}
	if !sees(c.dispatcher(), hand, PhotoView) {
		t.Error("the dispatcher doesn't see the signature")
	}
	d, err := c.Incident(c.ctx, c.dispatcher(), filed.Incident.ID)
	c.must(err)
	if len(d.Photos) != 2 {
		t.Errorf("the incident has %+v", d.Photos)
	}
	c.policy(c.job(filed).Category, func(f *dispatch.Form) { f.PublicPhotos = false })
	if got := tracked(); len(got) != 0 || sees(resident, after, PhotoView) {
		t.Errorf("published although the category says no: %+v", got)
	}
}

// policy changes what a category asks of crews.
func (c *city) policy(category string, change func(*dispatch.Form)) {
	c.t.Helper()
	f := c.ground().category[category].Field
	change(&f)
	_, err := c.pool.Exec(c.ctx, `update category set detail = jsonb_set(detail, '{field}', $3::jsonb) where authority = $1 and code = $2`, cityCode, category, f)
	c.must(err)
	c.grounds.reload(cityCode, c.grounds.plot(cityCode))
}

// Where a photo was taken is in the record only where the category keeps it,
// whichever comes first, the photo or its name.
func TestPlaceOfAPhoto(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	crew := c.crew("k1", "electricity", west, "electrician")
	tab := c.tablet(crew)
	filed := c.reports("פנס", west)
	job := c.step(c.job(filed), c.AssignJob, Step{Crew: crew.ID})
	n := uint64(0)
	kept := func(photoFirst bool) bool {
		t.Helper()
		n++
		b := placed(picture1(t, n))
		name := func() {
			tab.sync(tab.op(dispatch.OpPhoto, job, dispatch.OpData{SHA256: sumOf(b), PhotoKind: dispatch.PhotoBefore}))
		}
		if !photoFirst {
			name()
		}
		c.sends(tab.actor(), b)
		if photoFirst {
			name()
		}
		inRow := c.count(`select count(*) from photo where taken is not null and encode(sha256, 'hex') = $1`, sumOf(b)) == 1
		d, err := c.Incident(c.ctx, c.dispatcher(), filed.Incident.ID)
		c.must(err)
		for _, p := range d.Photos {
			if p.SHA256 == sumOf(b) && (p.Lat != nil) != inRow {
				t.Errorf("the record says %+v, the row %v", p, inRow)
			}
		}
		return inRow
	}
	if !kept(true) || !kept(false) {
		t.Error("the place is lost where the category keeps it")
	}
	c.policy(job.Category, func(f *dispatch.Form) { f.PhotoPlace = false })
	if kept(true) || kept(false) {
		t.Error("the place is kept where the category doesn't")
	}
	c.policy(job.Category, func(f *dispatch.Form) { f.PhotoPlace = true })
	if !kept(true) {
		t.Error("not kept")
	}
	c.policy(job.Category, func(f *dispatch.Form) { f.PhotoPlace = false })
	c.must(c.KeepPhotos(c.ctx))
	if c.count(`select count(*) from photo where taken is not null`) != 0 {
		t.Error("the places from before the policy are kept")
	}
	// One that nobody names is forgotten after a day.
	c.sends(tab.actor(), placed(picture1(t, 99)))
	c.must(c.KeepPhotos(c.ctx))
	if c.count(`select count(*) from photo where taken is not null`) != 1 {
		t.Error("forgotten at once")
	}
	c.later(unfinishedFor + time.Minute)
	c.must(c.KeepPhotos(c.ctx))
	if c.count(`select count(*) from photo where taken is not null`) != 0 {
		t.Error("not forgotten after a day")
	}
}

// placed is a JPEG with a position in its EXIF: 32° 3' 36" N, 34° 48' E.
func placed(j []byte) []byte {
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08" +
		"\x00\x01\x88\x25\x00\x04\x00\x00\x00\x01\x00\x00\x00\x1a\x00\x00\x00\x00" +
		"\x00\x04" +
		"\x00\x01\x00\x02\x00\x00\x00\x02N\x00\x00\x00" +
		"\x00\x02\x00\x05\x00\x00\x00\x03\x00\x00\x00\x50" +
		"\x00\x03\x00\x02\x00\x00\x00\x02E\x00\x00\x00" +
		"\x00\x04\x00\x05\x00\x00\x00\x03\x00\x00\x00\x68" +
		"\x00\x00\x00\x00" +
		"\x00\x00\x00\x20\x00\x00\x00\x01\x00\x00\x00\x03\x00\x00\x00\x01\x00\x00\x00\x24\x00\x00\x00\x01" +
		"\x00\x00\x00\x22\x00\x00\x00\x01\x00\x00\x00\x30\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01"
	return append(append([]byte("\xff\xd8\xff\xe1\x00"+string([]byte{byte(len(exif) + 2)})), exif...), j[2:]...)
}
