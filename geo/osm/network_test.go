package osm

import (
	"fmt"
	"math"
	"testing"

	"moked/geo/roads"
)

func TestDirectionsAndAccess(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		tags                  tags
		forward, backward     permission
		leftOut, unmistakable bool
	}{
		{tags{"highway": "residential"}, free, free, false, true},
		{tags{"highway": "residential", "oneway": "yes"}, free, closed, false, true},
		{tags{"highway": "residential", "oneway": "-1"}, closed, free, false, true},
		{tags{"highway": "residential", "oneway": "no"}, free, free, false, true},
		{tags{"highway": "residential", "oneway": "reversible"}, closed, closed, true, true},
		{tags{"highway": "residential", "oneway": "yes", "oneway:motor_vehicle": "no"}, free, free, false, true},
		{tags{"highway": "motorway"}, free, closed, false, true},
		{tags{"highway": "motorway", "oneway": "no"}, free, free, false, true},
		{tags{"highway": "tertiary", "junction": "roundabout"}, free, closed, false, true},
		{tags{"highway": "service", "access": "private"}, closed, closed, true, true},
		{tags{"highway": "service", "access": "no", "motor_vehicle": "destination"}, restricted, restricted, false, true},
		{tags{"highway": "service", "access": "customers"}, restricted, restricted, false, true},
		{tags{"highway": "residential", "vehicle": "no", "access": "yes"}, closed, closed, true, true},
		{tags{"highway": "residential", "motor_vehicle:backward": "no"}, free, closed, false, true},
		{tags{"highway": "residential", "access": "some new word"}, free, free, false, true},
		{tags{"highway": "pedestrian"}, closed, closed, false, true},
		{tags{"highway": "pedestrian", "motor_vehicle": "permit"}, restricted, restricted, false, true},
		{tags{"highway": "footway"}, closed, closed, false, true},
		{tags{"highway": "steps"}, closed, closed, false, true},
		{tags{"highway": "proposed"}, closed, closed, false, true},
		{tags{"highway": "service", "area": "yes"}, closed, closed, true, true},
		{tags{"waterway": "river"}, closed, closed, false, true},
	} {
		forward, backward, reason := directions(tt.tags)
		if forward != tt.forward || backward != tt.backward || (reason != "") != tt.leftOut {
			t.Errorf("%v: %v, %v, %q", tt.tags, forward, backward, reason)
		}
	}
}

func TestSpeedLimits(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]float64{
		"50": 50, "50 km/h": 50, "30 mph": 48.28032, "30mph": 48.28032, "walk": 7, "none": 130, "IL:urban": 50,
		"IL:rural": 80, "DE:zone30": 30, "IL:30": 30, "FR:urban": 50, "50;70": 50, "signals": 0, "": 0, "-5": 0, "0": 0,
		"1e9": 0, "NaN": 0, "50 knots": 92.6, "XX:nonsense": 0, ":": 0,
	} {
		if got := limitOf(in); math.Abs(got-want) > 1e-3 {
			t.Errorf("%q: %v km/h, want %v", in, got, want)
		}
	}
	forward, backward := speeds(tags{"highway": "residential", "maxspeed:forward": "50", "maxspeed:backward": "20"})
	if math.Abs(forward-30) > 1e-9 || math.Abs(backward-12) > 1e-9 {
		t.Errorf("%v and %v km/h", forward, backward)
	}
	if forward, _ := speeds(tags{"highway": "residential", "surface": "gravel"}); forward != unpaved {
		t.Errorf("%v km/h on gravel", forward)
	}
}

func TestBarriersCutTheRoad(t *testing.T) {
	t.Parallel()
	for barrier, segments := range map[string]int{"bollard": 2, "gate": 1, "gate private": 2, "bollard yes": 1, "lift_gate": 1} {
		var kind, access string
		_, _ = fmt.Sscan(barrier, &kind, &access)
		w := &world{}
		tags := []string{"barrier", kind}
		if access != "" {
			tags = append(tags, "access", access)
		}
		w.node(1, 0, 0).node(2, 100, 0, tags...).node(3, 200, 0)
		w.way(10, []int64{1, 2, 3}, "highway", "residential")
		x := read(t, w)
		if len(x.Segments) != segments {
			t.Errorf("%s: %d segments, want %d", barrier, len(x.Segments), segments)
			continue
		}
		g := roads.New(x.Segments, nil)
		from, _ := g.Snap(at(20, 0), 50)
		to, _ := g.Snap(at(180, 0), 50)
		if _, _, through := g.Route(from, to); through != (segments == 1) {
			t.Errorf("%s: through %v", barrier, through)
		}
	}
}

func TestWaysWithMissingNodesAreCutThere(t *testing.T) {
	t.Parallel()
	w := &world{}
	w.node(1, 0, 0).node(2, 100, 0).node(4, 300, 0).node(5, 400, 0)
	w.way(10, []int64{1, 2, 3, 4, 5}, "highway", "residential", "name", "א")
	x := read(t, w)
	if len(x.Segments) != 2 || left(x.Report, "cut there") != 1 {
		t.Errorf("%d segments, left out %+v", len(x.Segments), x.Report.Left)
	}
}

// crossing is roads 1 to 4 that meet in node 100, each 300 m long.
func crossroads() *world {
	w := &world{}
	w.node(100, 0, 0)
	for i, p := range [][2]float64{{-300, 0}, {0, 300}, {300, 0}, {0, -300}} {
		w.node(int64(i+1), p[0], p[1])
		w.way(int64(i+1), []int64{int64(i + 1), 100}, "highway", "residential")
	}
	return w
}

func TestTurnRestrictions(t *testing.T) {
	t.Parallel()
	members := []string{"way 1 from", "node 100 via", "way 2 to"}
	for _, tt := range []struct {
		name    string
		members []string
		tags    []string
		made    int
		leftOut string
	}{
		{"no", members, []string{"restriction", "no_left_turn"}, 1, ""},
		{"only", members, []string{"restriction", "only_left_turn"}, 1, ""},
		{"no entry from two", append([]string{"way 3 from"}, members...), []string{"restriction", "no_entry"}, 2, ""},
		{"back", []string{"way 1 from", "node 100 via", "way 1 to"}, []string{"restriction", "no_u_turn"}, 1, ""},
		{"over a way", []string{"way 1 from", "way 3 via", "way 2 to"}, []string{"restriction", "no_u_turn"}, 0, "over a way"},
		{"at times", members, []string{"restriction:conditional", "no_left_turn @ (07:00-09:00)"}, 0, "only at times"},
		{"for lorries", members, []string{"restriction:hgv", "no_left_turn"}, 0, "other vehicles"},
		{"except buses", members, []string{"restriction", "no_left_turn", "except", "psv;bicycle"}, 1, ""},
		{"except cars", members, []string{"restriction", "no_left_turn", "except", "psv;motorcar"}, 0, "excepts motor vehicles"},
		{"no such kind", members, []string{"restriction", "perhaps"}, 0, "not known"},
		{"no via", members[:1], []string{"restriction", "no_left_turn"}, 0, "lacks"},
		{"elsewhere", []string{"way 1 from", "node 4 via", "way 2 to"}, []string{"restriction", "no_left_turn"}, 0, "not in the road graph"},
		{"unknown road", []string{"way 77 from", "node 100 via", "way 2 to"}, []string{"restriction", "no_left_turn"}, 0, "not in the road graph"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := read(t, crossroads().relation(9, tt.members, append([]string{"type", "restriction"}, tt.tags...)...))
			if len(x.Restrictions) != tt.made {
				t.Errorf("%d restrictions, want %d: %+v", len(x.Restrictions), tt.made, x.Report.Left)
			}
			if tt.leftOut != "" && left(x.Report, tt.leftOut) != 1 {
				t.Errorf("left out: %+v", x.Report.Left)
			}
		})
	}
	x := read(t, crossroads().relation(9, members, "type", "restriction", "restriction", "no_left_turn"))
	g := roads.New(x.Segments, x.Restrictions)
	from, _ := g.Snap(at(-150, 0), 50)
	left, _ := g.Snap(at(0, 150), 50)
	ahead, _ := g.Snap(at(150, 0), 50)
	if l, a := g.Times(nil, left, []roads.Position{from})[0], g.Times(nil, ahead, []roads.Position{from})[0]; l < 2*a {
		t.Errorf("left in %v s, ahead in %v s", l, a)
	}
}
