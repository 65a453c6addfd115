package desk

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"moked/dispatch"
	"moked/dispatch/photo"
)

// picture1 is a photo of its own for every n.
func picture1(t testing.TB, n uint64) []byte {
	t.Helper()
	r := rand.New(rand.NewPCG(n, 7))
	m := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for i := range m.Pix {
		m.Pix[i] = byte(r.Uint32())
	}
	for y := range 150 {
		for x := range 200 {
			m.SetRGBA(x, y, color.RGBA{250, 20, 20, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// sends sends a photo whole.
func (c *city) sends(who dispatch.Actor, b []byte) Upload {
	c.t.Helper()
	up, err := c.PutPhoto(c.ctx, who, sumOf(b), nil, bytes.NewReader(b))
	c.must(err)
	return up
}

// files are the photos' files by how their names end.
func (c *city) files() (names []string) {
	c.t.Helper()
	c.must(filepath.WalkDir(c.folder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, filepath.Base(name))
		}
		return err
	}))
	return names
}

// promised fails unless what was acknowledged is what the disk and the
// database hold: the check that every fault below must not pass.
func (c *city) promised(up Upload, sum string) error {
	if up.Photo == nil || !up.Photo.Stored || up.Photo.SHA256 != sum {
		return errors.New("nothing was promised")
	}
	b, err := os.ReadFile(filepath.Join(c.folder, cityCode, sum[:2], sum[2:4], sum))
	if err != nil {
		return err
	}
	if sumOf(b) != sum {
		return errors.New("other bytes are stored than were promised")
	}
	if c.count(`select count(*) from photo where authority = $1 and encode(sha256, 'hex') = $2 and bytes = $3`, cityCode, sum, len(b)) != 1 {
		return errors.New("the database doesn't know what was promised")
	}
	return nil
}

func TestPhotoIsStored(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := picture1(t, 1)
	who := c.dispatcher()
	up := c.sends(who, b)
	want := Photo{SHA256: sumOf(b), Bytes: int64(len(b)), MIME: "image/jpeg", Width: 400, Height: 300, Stored: true}
	if !up.New || *up.Photo != want {
		t.Errorf("%+v", up)
	}
	c.must(c.promised(up, sumOf(b)))
	if up = c.sends(c.dispatcher(), b); up.New || *up.Photo != want {
		t.Errorf("again: %+v", up)
	}
	if n := c.files(); len(n) != 1 || n[0] != sumOf(b) {
		t.Errorf("the folder has %v", n)
	}
	// A folder that was lost is filled again.
	c.must(os.RemoveAll(filepath.Join(c.folder, cityCode)))
	if up, err := c.PhotoOffset(c.ctx, who, sumOf(b)); err == nil {
		t.Errorf("what is lost is said to be there: %+v", up)
	}
	c.must(c.promised(c.sends(who, b), sumOf(b)))
}

// TestPhotoFaultsAreFound plants the faults that break the promise, and asks
// of the check above that it finds each.
func TestPhotoFaultsAreFound(t *testing.T) {
	t.Parallel()
	for name, plant := range map[string]func(*photos){
		"acknowledged before the hash is checked": func(p *photos) { p.planted.noHash = true },
		"acknowledged before the row is there":    func(p *photos) { p.planted.noRow = true },
		"none":                                    func(*photos) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCity(t)
			plant(c.photos)
			b := picture1(t, 1)
			err := c.promised(c.sends(c.dispatcher(), b), sumOf(b))
			if err == nil {
				lie := sumOf(picture1(t, 2))
				if up, put := c.PutPhoto(c.ctx, c.dispatcher(), lie, nil, bytes.NewReader(b)); put == nil {
					err = c.promised(up, lie)
				}
			}
			if (err == nil) != (name == "none") {
				t.Errorf("the check says %v", err)
			}
		})
	}
}

func TestPhotoInPieces(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := picture1(t, 1)
	who, other := c.dispatcher(), c.dispatcher()
	total, half, most := int64(len(b)), int64(len(b)/2), int64(len(b)*3/4)
	put := func(from, to int64) (Upload, error) {
		return c.PutPhoto(c.ctx, who, sumOf(b), &Piece{from, to - from, total}, bytes.NewReader(b[from:to]))
	}
	offset := func(who dispatch.Actor) int64 {
		up, err := c.PhotoOffset(c.ctx, who, sumOf(b))
		var e *dispatch.Error
		if errors.As(err, &e) && e.Code == dispatch.NotFound {
			return 0
		}
		c.must(err)
		return up.Offset
	}
	if offset(who) != 0 {
		t.Error("begun before it began")
	}
	_, err := put(half, most)
	if e := c.refused(err, dispatch.WrongOffset, ""); e.Args["offset"] != int64(0) {
		t.Errorf("%v", e.Args)
	}
	for _, step := range []struct{ from, to, want int64 }{{0, half, half}, {0, half, half}, {half - 10, most, most}, {half, most, most}} {
		up, err := put(step.from, step.to)
		c.must(err)
		if up.Photo != nil || up.Offset != step.want || offset(who) != step.want {
			t.Errorf("%d to %d: %+v, %d", step.from, step.to, up, offset(who))
		}
	}
	if offset(other) != 0 {
		t.Error("another's pieces are told")
	}
	_, err = put(most+1, total)
	if e := c.refused(err, dispatch.WrongOffset, ""); e.Args["offset"] != most {
		t.Errorf("%v", e.Args)
	}
	up, err := put(most, total)
	c.must(err)
	if !up.New {
		t.Error("not new")
	}
	c.must(c.promised(up, sumOf(b)))
	if up, err = put(most, total); err != nil || up.New || up.Photo == nil { // the answer was lost
		t.Errorf("%+v %v", up, err)
	}
	if n := c.files(); len(n) != 1 {
		t.Errorf("the folder has %v", n)
	}
}

// A body that breaks off is no loss: it is gone on with.
func TestPhotoBreaksOff(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := picture1(t, 1)
	who := c.dispatcher()
	broken := func(n int) io.Reader {
		return io.MultiReader(bytes.NewReader(b[:n]), readerFunc(func([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }))
	}
	if _, err := c.PutPhoto(c.ctx, who, sumOf(b), nil, broken(5000)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	rest := int64(len(b) - 5000)
	if _, err := c.PutPhoto(c.ctx, who, sumOf(b), &Piece{5000, rest, int64(len(b))}, io.MultiReader(bytes.NewReader(b[5000:9000]), broken(0))); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	up, err := c.PhotoOffset(c.ctx, who, sumOf(b))
	if err != nil || up.Offset != 9000 {
		t.Fatalf("%+v %v", up, err)
	}
	up, err = c.PutPhoto(c.ctx, who, sumOf(b), &Piece{9000, rest - 4000, int64(len(b))}, bytes.NewReader(b[9000:]))
	c.must(err)
	c.must(c.promised(up, sumOf(b)))
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

func TestPhotoRefused(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := picture1(t, 1)
	who := c.dispatcher()
	put := func(who dispatch.Actor, sum string, piece *Piece, b []byte) error {
		_, err := c.PutPhoto(c.ctx, who, sum, piece, bytes.NewReader(b))
		return err
	}
	c.refused(put(who, sumOf(b), nil, append(bytes.Clone(b), 1)), dispatch.HashMismatch, "sha256")
	c.refused(put(who, strings.Repeat("0", 63), nil, b), dispatch.Invalid, "sha256")
	c.refused(put(who, strings.ToUpper(sumOf(b)), nil, b), dispatch.Invalid, "sha256")
	c.refused(put(who, "../../../../../../etc/passwd", nil, b), dispatch.Invalid, "sha256")
	c.refused(put(c.actor(dispatch.Resident), sumOf(b), nil, b), dispatch.Forbidden, "")
	c.refused(put(c.actor(dispatch.Public), sumOf(b), nil, b), dispatch.Forbidden, "")
	c.refused(put(who, sumOf([]byte("<svg/>")), nil, []byte("<svg/>")), dispatch.MediaType, "")
	large := make([]byte, photo.MaxBytes+1)
	c.refused(put(who, sumOf(large), nil, large), dispatch.TooLarge, "")
	c.refused(put(who, sumOf(b), &Piece{0, 10, photo.MaxBytes + 1}, b[:10]), dispatch.TooLarge, "")
	c.refused(put(who, sumOf(b), &Piece{0, 10, 9}, b[:10]), dispatch.Invalid, "Content-Range")
	c.refused(put(who, sumOf(b), &Piece{0, 10, 100}, b[:11]), dispatch.Invalid, "Content-Range")
	// Pieces that make another whole are dropped, and the next begin anew.
	total := int64(len(b))
	c.must(put(who, sumOf(b), &Piece{0, 100, total}, make([]byte, 100)))
	c.refused(put(who, sumOf(b), &Piece{100, total - 100, total}, b[100:]), dispatch.HashMismatch, "sha256")
	if n := c.files(); len(n) != 0 {
		t.Errorf("the folder has %v", n)
	}
	if n := c.count(`select count(*) from photo`); n != 0 {
		t.Errorf("%d rows", n)
	}
	c.must(put(who, sumOf(b), &Piece{0, total, total}, b))
}

// Devices that send the same photo at once, in pieces and whole, all get it
// acknowledged, and it is there once.
func TestPhotoAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := picture1(t, 1)
	total := int64(len(b))
	same := c.dispatcher()
	var all sync.WaitGroup
	for n := range 12 {
		all.Go(func() {
			who := same
			if n%3 == 0 {
				who = c.dispatcher()
			}
			if n%2 == 0 {
				up, err := c.PutPhoto(c.ctx, who, sumOf(b), nil, bytes.NewReader(b))
				if err != nil || up.Photo == nil {
					t.Error(up, err)
				}
				return
			}
			for from := int64(0); ; {
				to := min(total, from+7000)
				up, err := c.PutPhoto(c.ctx, who, sumOf(b), &Piece{from, to - from, total}, bytes.NewReader(b[from:to]))
				var e *dispatch.Error
				switch {
				case errors.As(err, &e) && e.Code == dispatch.WrongOffset:
					from = e.Args["offset"].(int64)
					continue
				case err != nil:
					t.Error(err)
					return
				case up.Photo != nil:
					return
				}
				from = up.Offset
			}
		})
	}
	all.Wait()
	up := c.sends(same, b)
	c.must(c.promised(up, sumOf(b)))
	if c.count(`select count(*) from photo`) != 1 {
		t.Error("not once")
	}
}

// A process that dies between the file and the row has promised nothing; the
// next try does.
func TestPhotoFileWithoutRow(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := picture1(t, 1)
	c.photos.planted.noRow = true
	c.sends(c.dispatcher(), b)
	c.photos.planted.noRow = false
	if _, err := c.PhotoOffset(c.ctx, c.dispatcher(), sumOf(b)); err == nil {
		t.Error("said to be stored")
	}
	up := c.sends(c.dispatcher(), b)
	if !up.New {
		t.Error("not new")
	}
	c.must(c.promised(up, sumOf(b)))
}

func TestPhotosAreSwept(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b, kept := picture1(t, 1), picture1(t, 2)
	who := c.dispatcher()
	for _, p := range [][]byte{b, kept} {
		if _, err := c.PutPhoto(c.ctx, who, sumOf(p), &Piece{0, 100, int64(len(p))}, bytes.NewReader(p[:100])); err != nil {
			t.Fatal(err)
		}
	}
	c.sends(who, picture1(t, 3))
	old := time.Now().Add(-unfinishedFor - time.Minute)
	c.must(os.Chtimes(filepath.Join(c.folder, partName(cityCode, sumOf(b), who.ID)), old, old))
	whole := filepath.Join(c.folder, photoName(cityCode, sumOf(picture1(t, 3))))
	c.must(os.Chtimes(whole, old, old))
	c.must(c.KeepPhotos(c.ctx))
	if up, err := c.PhotoOffset(c.ctx, who, sumOf(b)); err == nil {
		t.Errorf("what was left for a day is there: %+v", up)
	}
	if up, err := c.PhotoOffset(c.ctx, who, sumOf(kept)); err != nil || up.Offset != 100 {
		t.Errorf("%+v %v", up, err)
	}
	if _, err := os.Stat(whole); err != nil {
		t.Error(err)
	}
}

func (c *city) names(job dispatch.Job, b []byte, kind string) {
	c.t.Helper()
	c.must(c.write(c.ctx, c.dispatcher(), func(x *change) error {
		return x.namePhoto(c.ctx, job, sumOf(b), kind, *c.now)
	}))
}

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
	sender := ofCrew(crew)
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
	c.names(job, b, "before")
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
