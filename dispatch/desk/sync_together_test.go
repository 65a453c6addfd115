package desk

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"moked/dispatch"
)

// TestTabletsTogether: the tablets of two crews and the desk are at the same
// jobs at the same time, each request is sent twice at once, and every entry is
// there once.
func TestTabletsTogether(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a, b := c.crew("a", "electricity", west), c.crew("b", "electricity", west)
	var jobs []dispatch.Job
	for n := range 6 {
		j := c.step(c.job(c.reports("פנס", eastOf(west, 300*float64(n)))), c.AssignJob, Step{Crew: a.ID})
		jobs = append(jobs, c.step(j, c.AssignJob, Step{Crew: b.ID}))
	}
	var group sync.WaitGroup
	sent := map[dispatch.OpKind]int{}
	for n := range 8 {
		tab := c.tablet([]dispatch.Crew{a, b}[n%2])
		for turn := range 6 {
			var ops []dispatch.Op
			for k := range 5 {
				j := jobs[(n+turn+k)%len(jobs)]
				ops = append(ops, tab.op(dispatch.OpNote, j, dispatch.OpData{Text: fmt.Sprint(n, turn, k)}),
					tab.op(dispatch.OpMaterial, j, dispatch.OpData{Code: "lamp", Add: 1}))
				if turn == 5 && k == 4 {
					ops = append(ops, tab.op(dispatch.OpComplete, j, dispatch.OpData{}))
				}
			}
			for _, op := range ops {
				sent[op.Kind]++
			}
			raw, who := tab.raw(ops...), tab.actor()
			for range 2 {
				group.Go(func() {
					out, err := c.Sync(c.ctx, who, Syncing{Ops: raw})
					if err != nil || len(out.Results) != len(raw) {
						t.Errorf("%d results of %d, %v", len(out.Results), len(raw), err)
					}
				})
			}
		}
	}
	for range 3 {
		group.Go(func() {
			for _, j := range jobs {
				now, err := c.Job(c.ctx, c.dispatcher(), j.ID)
				if err == nil && now.Live() {
					// It may have changed by now: then it is refused.
					_, _ = c.AssignJob(c.ctx, c.dispatcher(), j.ID, Step{BaseVersion: now.Version, Crew: a.ID})
				}
			}
		})
	}
	group.Wait()
	notes, lamps := 0, 0.0
	for _, j := range jobs {
		now, err := c.Job(c.ctx, c.dispatcher(), j.ID)
		c.must(err)
		notes += len(now.Record.Notes)
		lamps += now.Record.Materials["lamp"]
		texts := map[uuid.UUID]bool{}
		for _, n := range now.Record.Notes {
			if texts[n.ID] {
				t.Error("a note is there twice")
			}
			texts[n.ID] = true
		}
	}
	if notes != sent[dispatch.OpNote] || int(lamps) != sent[dispatch.OpMaterial] {
		t.Errorf("%d notes and %v lamps, want %d and %d", notes, lamps, sent[dispatch.OpNote], sent[dispatch.OpMaterial])
	}
	stored := 0
	for _, n := range sent {
		stored += n
	}
	if n := c.count(`select count(*) from op where authority = $1`, cityCode); n != stored {
		t.Errorf("%d operations are stored, want %d", n, stored)
	}
}
