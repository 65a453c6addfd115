package desk

import (
	"bytes"
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
	"sync/atomic"
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
		if err == nil && !d.IsDir() && d.Name() != lockName {
			names = append(names, filepath.Base(name))
		}
		return err
	}))
	return names
}

// promised fails unless what was acknowledged is what the disk and the
// database hold: the check that finds the bugs of photo_rules_planted_test.go.
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
	short := &Piece{9000, rest - 4000, int64(len(b))}
	_, err := c.PutPhoto(c.ctx, who, sumOf(b), short, bytes.NewReader(b[9000:9500]))
	c.refused(err, dispatch.Invalid, "Content-Range")
	up, err := c.PhotoOffset(c.ctx, who, sumOf(b))
	if err != nil || up.Offset != 9500 {
		t.Fatalf("%+v %v", up, err)
	}
	up, err = c.PutPhoto(c.ctx, who, sumOf(b), &Piece{9500, rest - 4500, int64(len(b))}, bytes.NewReader(b[9500:]))
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

// A tablet that lost the answer to its last piece sends it again while the
// first is still being written: neither is told that the photo was damaged.
func TestLastPieceAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	who := c.dispatcher()
	for round := range 12 {
		b := picture1(t, uint64(round))
		half, total := int64(len(b)/2), int64(len(b))
		if _, err := c.PutPhoto(c.ctx, who, sumOf(b), &Piece{0, half, total}, bytes.NewReader(b[:half])); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		var stored atomic.Int32
		for range 6 {
			all.Go(func() {
				up, err := c.PutPhoto(c.ctx, who, sumOf(b), &Piece{half, total - half, total}, bytes.NewReader(b[half:]))
				var e *dispatch.Error
				switch {
				case err == nil && up.Photo != nil:
					stored.Add(1)
				case !errors.As(err, &e) || e.Code != dispatch.WrongOffset:
					t.Error(up, err)
				}
			})
		}
		all.Wait()
		if stored.Load() == 0 {
			t.Error("nobody's last piece made the photo whole")
		}
	}
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
	c.sends(c.dispatcher(), b)
	if _, err := c.pool.Exec(c.ctx, `delete from photo`); err != nil {
		t.Fatal(err)
	}
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
