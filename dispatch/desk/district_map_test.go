package desk

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"moked/dispatch/feed"
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
