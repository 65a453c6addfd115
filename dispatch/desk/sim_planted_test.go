//go:build plantedbugs && !race

package desk

import (
	"maps"
	"slices"
	"testing"

	"moked/dispatch/feed"
	"moked/migrations/dbtest"
	"time"
)

// TestSimulationCatchesPlantedBugs turns off each rule of the sync in turn, and
// shows that the simulation notices.
func TestSimulationCatchesPlantedBugs(t *testing.T) {
	all := rules()
	c := cityOn(t, dbtest.New(t), true, feed.Options{Positions: time.Hour, Mark: time.Hour})
	seed := uint64(1_000_000)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		*all[name] = false
		var caught error
		seeds := 0
		for ; caught == nil && seeds < 40; seeds++ {
			seed++
			caught = newSimulation(c, seed).run()
		}
		*all[name] = true
		if caught == nil {
			t.Errorf("%s: turned off, and %d seeds notice nothing", name, seeds)
			continue
		}
		t.Logf("%s: noticed after %d seeds: %v", name, seeds, caught)
	}
	if err := newSimulation(c, seed+1).run(); err != nil {
		t.Errorf("with all rules: %v", err)
	}
}
