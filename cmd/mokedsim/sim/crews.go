package sim

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"sync"
	"time"
)

// driver is one crew on the road: it does its jobs one after the other and
// sends where it is as it goes.
type driver struct {
	*city
	id       string
	api      *client
	lat, lon float64
	placed   bool

	mu   sync.Mutex
	jobs map[string]job
	news chan struct{}
}

// tick is how often a moving crew sends its position.
const tick = 2 * time.Second

func (s *city) crew(ctx context.Context, id, token string) {
	d := &driver{city: s, id: id, api: newClient(s.URL, token), jobs: map[string]job{}, news: make(chan struct{}, 1)}
	if !d.start(ctx) {
		return
	}
	go func() {
		for ctx.Err() == nil {
			if err := d.api.follow(ctx, d.heard); err != nil && ctx.Err() == nil {
				s.Log.Debug("crew's feed ended", "crew", id, "err", err)
			}
			pause(ctx, time.Second)
		}
	}()
	// A shift finds half of the crews on their rounds.
	if d.dice() < 0.5 {
		d.round(ctx)
	}
	for ctx.Err() == nil {
		if j, ok := d.next(); ok {
			d.do(ctx, j)
			continue
		}
		select {
		case <-ctx.Done():
		case <-d.news:
		case <-time.After(20 * time.Second):
			d.cruise(ctx)
		}
	}
}

// start goes on duty where the crew was last seen, or at a house of the city.
func (d *driver) start(ctx context.Context) bool {
	var c struct {
		Crews []crew `json:"crews"`
	}
	if err := d.api.call(ctx, http.MethodGet, "/crews", nil, &c); err == nil {
		for _, v := range c.Crews {
			if v.ID == d.id && v.Lat != nil && v.Lon != nil {
				d.lat, d.lon, d.placed = *v.Lat, *v.Lon, true
			}
		}
	}
	if !d.placed {
		d.lat, d.lon = d.somewhere(ctx)
	}
	until := map[string]any{"on_until": time.Now().Add(8 * time.Hour).UTC().Format(time.RFC3339), "on_break": false}
	if err := d.api.call(ctx, http.MethodPost, "/crews/"+d.id+"/duty", until, nil); err != nil {
		if ctx.Err() == nil {
			d.Log.Warn("crew not on duty", "crew", d.id, "err", err)
		}
		return false
	}
	d.send(ctx, nil)
	return true
}

func (d *driver) heard(j job, removed bool) {
	d.mu.Lock()
	if removed || j.Crew == nil || *j.Crew != d.id {
		delete(d.jobs, j.ID)
	} else if old, ok := d.jobs[j.ID]; !ok || j.Version >= old.Version {
		d.jobs[j.ID] = j
	}
	d.mu.Unlock()
	select {
	case d.news <- struct{}{}:
	default:
	}
}

// next is the most urgent job in hand; one under way goes first.
func (d *driver) next() (best job, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	rank := func(j job) float64 {
		r := float64(j.Priority)
		if j.State != "assigned" {
			r -= 10
		}
		if j.Place.Lat != nil {
			r += metres(d.lat, d.lon, *j.Place.Lat, *j.Place.Lon) / 4000
		}
		return r
	}
	for _, j := range d.jobs {
		if !ok || rank(j) < rank(best) || (rank(j) == rank(best) && j.ID < best.ID) {
			best, ok = j, true
		}
	}
	return best, ok
}

// do takes a job from where it stands to its end.
func (d *driver) do(ctx context.Context, j job) {
	for ctx.Err() == nil {
		d.mu.Lock()
		now, mine := d.jobs[j.ID]
		d.mu.Unlock()
		if !mine {
			return
		}
		j = now
		switch j.State {
		case "assigned":
			d.sleep(ctx, time.Duration(d.between(20, 120))*time.Second)
			if d.dice() < 0.02 {
				d.step(ctx, j, "decline", map[string]any{"reason": reasons[d.pick(len(reasons))]})
				return
			}
			d.step(ctx, j, "accept", nil)
		case "accepted":
			d.sleep(ctx, time.Duration(d.between(30, 150))*time.Second)
			d.step(ctx, j, "depart", nil)
		case "departed":
			if j.Place.Lat != nil {
				d.drive(ctx, *j.Place.Lat, *j.Place.Lon, j.ID)
			}
			d.step(ctx, j, "arrive", nil)
		case "paused":
			d.sleep(ctx, time.Duration(d.between(5, 15))*time.Minute)
			d.step(ctx, j, "resume", nil)
		case "arrived":
			d.sleep(ctx, time.Duration(float64(d.work(j))*d.between(0.4, 1.3)*float64(time.Minute)))
			d.step(ctx, j, "complete", map[string]any{"note": notes[d.pick(len(notes))]})
			return
		default:
			return
		}
	}
}

func (d *driver) work(j job) int {
	for _, c := range d.categories {
		if c.Code == j.Category && c.WorkMins > 0 {
			return c.WorkMins
		}
	}
	return 30
}

// step makes one of the job's steps; what the server answers is the job from
// then on. A step on an old version is tried again on the new one.
func (d *driver) step(ctx context.Context, j job, action string, more map[string]any) {
	in := map[string]any{"base_version": j.Version}
	for k, v := range more {
		in[k] = v
	}
	var out struct {
		Job job `json:"job"`
	}
	err := d.api.call(ctx, http.MethodPost, "/jobs/"+j.ID+"/"+action, in, &out)
	if err == nil {
		d.heard(out.Job, out.Job.State == "done" || out.Job.State == "cancelled")
		return
	}
	var r *refusal
	if errors.As(err, &r) && (r.Status == http.StatusConflict || r.Status == http.StatusNotFound) {
		var one struct {
			Job job `json:"job"`
		}
		if d.api.call(ctx, http.MethodGet, "/jobs/"+j.ID, nil, &one) == nil {
			d.heard(one.Job, false)
		} else {
			d.heard(j, true)
		}
	} else if ctx.Err() == nil {
		d.Log.Warn("step refused", "crew", d.id, "action", action, "err", err)
	}
	pause(ctx, time.Second)
}

// drive goes along the roads to a point; it stops when the job is no longer
// this crew's, and a round, which is for no job, when there is one.
func (d *driver) drive(ctx context.Context, lat, lon float64, jobID string) {
	var r struct {
		Seconds float64      `json:"seconds"`
		Line    [][2]float64 `json:"line"`
	}
	path := fmt.Sprintf("/route?from=%f,%f&to=%f,%f", d.lat, d.lon, lat, lon)
	if err := d.api.call(ctx, http.MethodGet, path, nil, &r); err != nil || len(r.Line) < 2 {
		r.Line = [][2]float64{{d.lon, d.lat}, {lon, lat}}
		r.Seconds = metres(d.lat, d.lon, lat, lon) / 8
	}
	total := 0.0
	for i := 1; i < len(r.Line); i++ {
		total += metres(r.Line[i-1][1], r.Line[i-1][0], r.Line[i][1], r.Line[i][0])
	}
	// A drive is shown at no more than three times its speed.
	speed := total / max(r.Seconds, 1) * min(d.Pace, 3)
	gone := 0.0
	for gone < total && pause(ctx, tick) {
		d.mu.Lock()
		j, mine := d.jobs[jobID]
		called := jobID == "" && len(d.jobs) > 0
		d.mu.Unlock()
		if called || jobID != "" && (!mine || j.State != "departed") {
			return
		}
		gone += speed * tick.Seconds()
		heading := d.moveAlong(r.Line, min(gone, total))
		d.send(ctx, &heading)
	}
}

func (d *driver) moveAlong(line [][2]float64, gone float64) (heading float64) {
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		l := metres(a[1], a[0], b[1], b[0])
		if l > 0 {
			heading = bearing(a, b)
		}
		if gone <= l && l > 0 {
			t := gone / l
			d.lon, d.lat = a[0]+t*(b[0]-a[0]), a[1]+t*(b[1]-a[1])
			return heading
		}
		gone -= l
		d.lon, d.lat = b[0], b[1]
	}
	return heading
}

// cruise tells where a waiting crew stands, and now and then drives a round.
func (d *driver) cruise(ctx context.Context) {
	if d.dice() < 0.08 {
		d.round(ctx)
		return
	}
	d.send(ctx, nil)
}

// round drives to somewhere in the city, until there is something to do.
func (d *driver) round(ctx context.Context) {
	lat, lon := d.somewhere(ctx)
	d.drive(ctx, lat, lon, "")
}

func (d *driver) send(ctx context.Context, heading *float64) {
	p := map[string]any{"lat": d.lat, "lon": d.lon, "at": time.Now().UTC().Format(time.RFC3339Nano)}
	if heading != nil {
		p["heading"] = *heading
	}
	err := d.api.call(ctx, http.MethodPost, "/positions", map[string]any{"positions": []any{p}}, nil)
	if err != nil && ctx.Err() == nil {
		d.Log.Debug("position refused", "crew", d.id, "err", err)
	}
}

// metres is the distance on a local plane, good to a percent in a city.
func metres(lat1, lon1, lat2, lon2 float64) float64 {
	const perDegree = 111_195.0
	dx := (lon2 - lon1) * math.Cos((lat1+lat2)/2*math.Pi/180)
	return perDegree * math.Hypot(dx, lat2-lat1)
}

func bearing(a, b [2]float64) float64 {
	dx := (b[0] - a[0]) * math.Cos(a[1]*math.Pi/180)
	deg := math.Atan2(dx, b[1]-a[1]) * 180 / math.Pi
	return math.Mod(deg+360, 360)
}
