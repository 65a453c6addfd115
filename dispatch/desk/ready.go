package desk

import (
	"context"
	"fmt"
	"slices"
)

// Ready reports why use cases can't be carried out now, or nil: the database
// answers, and the feed is current.
func (d *Desk) Ready(ctx context.Context) error {
	if err := d.pool.Ping(ctx); err != nil {
		return fmt.Errorf("the database: %w", err)
	}
	return d.hub.Ready()
}

// Authorities lists the codes of the authorities whose ground this process
// has loaded: all there are, but for one made a moment ago elsewhere.
func (d *Desk) Authorities() []string {
	d.grounds.mu.Lock()
	defer d.grounds.mu.Unlock()
	var codes []string
	for code, p := range d.grounds.held {
		if p.current.Load() != nil {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return codes
}
