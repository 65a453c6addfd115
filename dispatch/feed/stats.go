package feed

import "sync/atomic"

// Stats are the hub's counts since it was made.
type Stats struct {
	Events  int64 // read by the tailer
	Gaps    int64 // holes found in a log: each is a fault
	Resets  int64 // logs that started anew
	Errors  int64 // reads of the database that failed
	Frames  int64 // frames handed to readers
	Lagged  int64 // readers that fell out of the window
	Readers int64 // open now
}

type counters struct {
	events, gaps, resets, errors, frames, lagged, readers atomic.Int64
}

// Stats returns the counts for the metrics.
func (h *Hub) Stats() Stats {
	c := &h.stats
	return Stats{
		Events: c.events.Load(), Gaps: c.gaps.Load(), Resets: c.resets.Load(), Errors: c.errors.Load(),
		Frames: c.frames.Load(), Lagged: c.lagged.Load(), Readers: c.readers.Load(),
	}
}
