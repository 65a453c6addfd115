package feed

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"moked/dispatch"
)

type fixFrame struct {
	Type  string              `json:"type"`
	Crews []dispatch.Position `json:"crews"`
}

// fixes reads frames until one has positions.
func nextFixes(t *testing.T, r *Reader) []dispatch.Position {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for {
		frame, err := r.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var fs []fixFrame
		if err := json.Unmarshal(frame, &fs); err != nil {
			t.Fatal(err)
		}
		for _, f := range fs {
			if f.Type == "positions" {
				return f.Crews
			}
		}
	}
}

func TestPositions(t *testing.T) {
	t.Parallel()
	pool := newTown(t)
	h := running(t, pool, Options{Positions: 40 * time.Millisecond})
	k := uuid.New()
	exec(t, pool, `insert into crew (id, authority, code, name, departments, district) values ($1, 'town', 'k', 'צוות', '{roads}', 'west')`, k)
	commit(t, pool, h, dispatch.Event{Type: "crew.added", At: time.Now(), Noun: dispatch.NounCrew, Object: k, Body: []byte(`{}`)})
	put := func(lon float64, at time.Time) {
		t.Helper()
		exec(t, pool, `insert into crew_position (crew, authority, geom, at) values ($1, 'town', st_setsrid(st_makepoint($2, 32), 4326), $3)
			on conflict (crew) do update set geom = excluded.geom, at = excluded.at, received_at = now()`, k, lon, at)
	}
	r := subscribe(t, h, admin, -1, "", nil)
	east := subscribe(t, h, dispatch.Actor{Role: dispatch.DistrictManager, District: "east"}, -1, "", nil)
	boxed := subscribe(t, h, admin, -1, "", &orb.Bound{Min: orb.Point{34.5, 31}, Max: orb.Point{35, 33}})
	now := time.Now().UTC().Truncate(time.Millisecond)
	put(34, now)
	if ps := nextFixes(t, r); len(ps) != 1 || ps[0].Lon != 34 || !ps[0].At.Equal(now) {
		t.Fatalf("positions %+v", ps)
	}
	// Another process's fix and this one's own, a late one among them.
	h.Positions(town, []dispatch.Position{{Crew: k, Lon: 34.6, Lat: 32, At: now.Add(2 * time.Second)}})
	if ps := nextFixes(t, r); ps[0].Lon != 34.6 {
		t.Fatalf("positions %+v", ps)
	}
	h.Positions(town, []dispatch.Position{{Crew: k, Lon: 34.1, Lat: 32, At: now.Add(time.Second)}})
	put(34.7, now.Add(3*time.Second))
	if ps := nextFixes(t, r); len(ps) != 1 || ps[0].Lon != 34.7 {
		t.Fatalf("a late fix moved the crew: %+v", ps)
	}
	if ps := nextFixes(t, boxed); ps[0].Lon < 34.5 {
		t.Errorf("the box got %+v", ps)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	for {
		frame, err := east.Next(ctx)
		if err != nil {
			break
		}
		var fs []fixFrame
		if json.Unmarshal(frame, &fs) == nil && fs[0].Type == "positions" {
			t.Errorf("the other district sees %s", frame)
		}
	}
}
