package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"moked/cmd/mokedsim/sim"
	"moked/dispatch"
	"moked/dispatch/desk"
)

// past gives a city that was just made some years behind it, so that there is
// something to compare this month with.
func (c *demoCmd) past(ctx context.Context, t terminal, d *desk.Desk, url, token string, zone *time.Location) error {
	begun := time.Now()
	reports, _, err := sim.Past(ctx, sim.PastConfig{
		URL: url, Token: token, Years: pastYears, Reports: c.Past, Seed: c.Seed, To: begun.Add(-time.Hour), Zone: zone,
	})
	if err != nil {
		return err
	}
	firsts := map[int]string{}
	some := func(at time.Time) *time.Time {
		if at.IsZero() {
			return nil
		}
		return &at
	}
	batch := make([]desk.OldReport, 0, oldBatch)
	flush := func() error {
		_, err := d.ImportReports(ctx, c.actor(), "past", batch)
		batch = batch[:0]
		return plain(err)
	}
	for n, r := range reports {
		id := "P" + strconv.Itoa(n+1)
		if firsts[r.Hazard] == "" {
			firsts[r.Hazard] = id
		}
		batch = append(batch, desk.OldReport{
			ID: id, Incident: firsts[r.Hazard], FiledAt: r.FiledAt, RespondedAt: some(r.RespondedAt), ClosedAt: some(r.Closed), Standard: true,
			Category: r.Category, Channel: dispatch.Channel(r.Channel), At: &orb.Point{r.Lon, r.Lat}, Text: r.Text, Reopened: r.Reopened,
		})
		if len(batch) == oldBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "%d reports of the last %d years were made up in %.1f s: see %s/district\n", len(reports), pastYears, time.Since(begun).Seconds(), url)
	return nil
}

const pastYears = 3
