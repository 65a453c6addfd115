package fieldapi

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"moked/dispatch/feed"
)

type metrics struct {
	requests *prometheus.HistogramVec
	sockets  prometheus.Gauge
}

// processMetrics is a registry that knows of the process itself.
func processMetrics() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

func newMetrics(r *prometheus.Registry, hub *feed.Hub) *metrics {
	m := &metrics{
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "moked_http_seconds", Help: "Time to answer, by route pattern and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route", "status"}),
		sockets: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "moked_feed_sockets", Help: "Open websockets of the feed.",
		}),
	}
	r.MustRegister(m.requests, m.sockets)
	for _, c := range []struct {
		name, help string
		of         func(feed.Stats) int64
	}{
		{"events_total", "Events read from the log.", func(s feed.Stats) int64 { return s.Events }},
		{"gaps_total", "Holes found in a log: each is a fault.", func(s feed.Stats) int64 { return s.Gaps }},
		{"resets_total", "Logs that started anew.", func(s feed.Stats) int64 { return s.Resets }},
		{"errors_total", "Reads of the log that failed.", func(s feed.Stats) int64 { return s.Errors }},
		{"frames_total", "Frames given to readers.", func(s feed.Stats) int64 { return s.Frames }},
		{"lagged_total", "Readers that fell behind.", func(s feed.Stats) int64 { return s.Lagged }},
	} {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "moked_feed_" + c.name, Help: c.help},
			func() float64 { return float64(c.of(hub.Stats())) }))
	}
	return m
}
