package sim

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// dispatcher gives jobs that have waited a while to the crew that the server
// recommends, as a person at the console would.
func (s *city) dispatcher(ctx context.Context) {
	var mu sync.Mutex
	waiting := map[string]time.Time{}
	versions := map[string]int{}
	go func() {
		for ctx.Err() == nil {
			err := s.desk.follow(ctx, func(j job, removed bool) {
				mu.Lock()
				defer mu.Unlock()
				if removed || j.State != "planned" {
					delete(waiting, j.ID)
					return
				}
				if _, ok := waiting[j.ID]; !ok {
					patience := s.between(0.3, 2) * float64(j.Priority) * float64(time.Minute)
					waiting[j.ID] = time.Now().Add(time.Duration(patience / s.Pace))
				}
				versions[j.ID] = j.Version
			})
			if err != nil && ctx.Err() == nil {
				s.Log.Debug("dispatcher's feed ended", "err", err)
			}
			pause(ctx, time.Second)
		}
	}()
	for pause(ctx, time.Second) {
		mu.Lock()
		var due []string
		for id, at := range waiting {
			if time.Now().After(at) && len(due) < 3 {
				due = append(due, id)
				waiting[id] = time.Now().Add(time.Minute)
			}
		}
		mu.Unlock()
		for _, id := range due {
			mu.Lock()
			v := versions[id]
			mu.Unlock()
			s.assign(ctx, id, v)
		}
	}
}

func (s *city) assign(ctx context.Context, id string, version int) {
	var r struct {
		Crews []struct {
			Crew     string `json:"crew"`
			Suitable bool   `json:"suitable"`
		} `json:"crews"`
	}
	if err := s.desk.call(ctx, http.MethodGet, "/jobs/"+id+"/recommend", nil, &r); err != nil {
		return
	}
	if len(r.Crews) == 0 || !r.Crews[0].Suitable {
		return
	}
	err := s.desk.call(ctx, http.MethodPost, "/jobs/"+id+"/assign", map[string]any{"base_version": version, "crew": r.Crews[0].Crew}, nil)
	if err != nil && ctx.Err() == nil {
		s.Log.Debug("assignment refused", "job", id, "err", err)
	}
}
