package desk

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"moked/dispatch"
	"moked/dispatch/feed"
	"moked/geo"
	"moked/geo/osm"
)

// counting counts what is logged under a message.
type counting struct {
	slog.Handler
	message string
	n       *atomic.Int64
}

func (c counting) Enabled(context.Context, slog.Level) bool { return true }

func (c counting) Handle(_ context.Context, r slog.Record) error {
	if r.Message == c.message {
		c.n.Add(1)
	}
	return nil
}

// TestDistrictMapsAreMadeOnce: those who ask at once wait for one making, also
// when the first of them goes away.
func TestDistrictMapsAreMadeOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	folder, err := os.OpenRoot(t.TempDir())
	c.must(err)
	defer folder.Close()
	made := counting{slog.DiscardHandler, "district map made", &atomic.Int64{}}
	d, err := Open(c.ctx, c.pool, feed.NewHub(c.pool, feed.Options{}), Options{Maps: folder, Logger: slog.New(made)})
	c.must(err)
	defer d.Close()
	who := c.dispatcher()
	gone, leave := context.WithCancel(c.ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		if m, err := d.DistrictMap(gone, who, "west"); err == nil {
			m.Close()
		}
	})
	leave()
	for range 20 {
		wg.Go(func() {
			m, err := d.DistrictMap(c.ctx, who, "west")
			if err != nil {
				t.Error(err)
				return
			}
			m.Close()
		})
	}
	wg.Wait()
	if n := made.n.Load(); n != 1 {
		t.Errorf("made %d times", n)
	}
}

// mapNames are the files of districts' maps whose names end so.
func mapNames(t *testing.T, folder, suffix string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, cityCode, "*"+suffix))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestMapsOfAFormerGroundGo, those of districts that are no more among them.
func TestMapsOfAFormerGroundGo(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	who := c.dispatcher()
	ask := func(code string) error {
		m, err := c.DistrictMap(c.ctx, who, code)
		if err == nil {
			m.Close()
		}
		return err
	}
	var wg sync.WaitGroup
	for _, code := range []string{"west", "east", WholeAuthority} {
		wg.Go(func() {
			if err := ask(code); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	before := mapNames(t, c.folder, archived)
	if len(before) != 3 {
		t.Fatalf("the maps are %v", before)
	}
	open, err := c.DistrictMap(c.ctx, who, "east")
	c.must(err)
	defer open.Close()
	system := dispatch.Actor{Authority: cityCode, Role: dispatch.System}
	_, err = c.ReplaceAreas(c.ctx, system, Source{Name: "test"}, geo.District, []osm.Area{{Code: "west", Name: "מערב", Geom: rectangle(34.80, 34.90)}})
	c.must(err)
	c.must(ask("west"))
	after := mapNames(t, c.folder, archived)
	if len(after) != 1 || slices.Contains(before, after[0]) {
		t.Errorf("the maps are %v, before %v", after, before)
	}
	c.refused(ask("east"), dispatch.NotFound, "code")
	if _, err := open.ReadAt(make([]byte, 127), 0); err != nil {
		t.Errorf("who reads a map that goes: %v", err)
	}
}

// TestMapEndsWithTheDesk: a desk that closes leaves nothing half made.
func TestMapEndsWithTheDesk(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	root := t.TempDir()
	folder, err := os.OpenRoot(root)
	c.must(err)
	defer folder.Close()
	d, err := Open(c.ctx, c.pool, feed.NewHub(c.pool, feed.Options{}), Options{Maps: folder, Logger: slog.New(slog.DiscardHandler)})
	c.must(err)
	asked := make(chan error)
	go func() {
		_, err := d.DistrictMap(c.ctx, c.dispatcher(), WholeAuthority)
		asked <- err
	}()
	for len(mapNames(t, root, beingMade)) == 0 {
		select {
		case err := <-asked:
			t.Fatalf("it was made at once: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	d.Close()
	if left := mapNames(t, root, beingMade); len(left) > 0 {
		t.Errorf("the desk left %v", left)
	}
	if err := <-asked; err == nil {
		t.Error("a map was given out that was not made")
	}
}
