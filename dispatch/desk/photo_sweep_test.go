package desk

import (
	"bytes"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// aDay has the desk keep its photos for a day.
func (c *city) aDay() {
	c.t.Helper()
	for range 24 {
		c.must(c.KeepPhotos(c.ctx))
		c.later(time.Hour)
	}
}

// TestUnknownFilesAreSwept when they have been there for long, and nothing else.
func TestUnknownFilesAreSwept(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	at := func(n uint64) string { return filepath.Join(c.folder, photoName(cityCode, sumOf(picture1(t, n)))) }
	age := func(name string, d time.Duration) {
		then := time.Now().Add(-d)
		c.must(os.Chtimes(name, then, then))
	}
	for n := range uint64(3) {
		c.sends(c.dispatcher(), picture1(t, n))
		view := at(n) + ".view.jpg"
		c.must(os.WriteFile(view, []byte("view"), 0o600))
		other := filepath.Join(filepath.Dir(at(n)), "README")
		c.must(os.WriteFile(other, []byte("another's"), 0o600))
		for _, name := range []string{at(n), view, other} {
			age(name, unknownFor+time.Hour)
		}
	}
	// 0 is known; 1 is not; 2 is not, and came of late.
	unknown := func(n uint64) {
		b := picture1(t, n)
		if _, err := c.pool.Exec(c.ctx, `delete from photo where encode(sha256, 'hex') = $1`, sumOf(b)); err != nil {
			t.Fatal(err)
		}
	}
	unknown(1)
	unknown(2)
	age(at(2), unknownFor-time.Hour)
	age(at(2)+".view.jpg", unknownFor-time.Hour)
	c.aDay()
	for n, want := range []bool{true, false, true} {
		for _, suffix := range []string{"", ".view.jpg"} {
			if _, err := os.Stat(at(uint64(n)) + suffix); (err == nil) != want {
				t.Errorf("photo %d%s: %v", n, suffix, err)
			}
		}
		if _, err := os.Stat(filepath.Join(filepath.Dir(at(uint64(n))), "README")); err != nil {
			t.Errorf("what is no photo went: %v", err)
		}
	}
}

// TestSweepLeavesWhatComes: a photo whose old file the database doesn't know
// is sent again while the files are swept, and is acknowledged rightly.
func TestSweepLeavesWhatComes(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	who := c.dispatcher()
	for n := range uint64(12) {
		b := picture1(t, n)
		sum := sumOf(b)
		name := filepath.Join(c.folder, photoName(cityCode, sum))
		c.must(os.MkdirAll(filepath.Dir(name), 0o700))
		c.must(os.WriteFile(name, b, 0o600))
		long := time.Now().Add(-unknownFor - time.Hour)
		c.must(os.Chtimes(name, long, long))
		sent := make(chan struct{})
		var all sync.WaitGroup
		all.Go(func() {
			for {
				if err := c.sweepUnknown(c.ctx, cityCode, photoKey(sum)[0]); err != nil {
					t.Error(err)
				}
				select {
				case <-sent:
					return
				default:
				}
			}
		})
		up, err := c.PutPhoto(c.ctx, who, sum, nil, bytes.NewReader(b))
		close(sent)
		all.Wait()
		c.must(err)
		c.must(c.promised(up, sum))
	}
}
