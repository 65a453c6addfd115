// Package trackers speaks the protocols of phones and boxes that tell where
// they are: OsmAnd's, which Traccar's programs speak too, and OwnTracks'. Each
// is a thin adapter onto desk.TrackPositions; what a fix is worth is decided
// there.
package trackers

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"math"
	"net/http"
	"time"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// The paths that devices send to.
const (
	PathOsmAnd    = "/trackers/osmand"
	PathOwnTracks = "/trackers/owntracks"
)

// Options are what the adapters need of the surface. Caller is who to count
// mistakes by. Allow takes one of a key's events, of which every refills one
// up to burst; Spent says that none is left.
type Options struct {
	Log    *slog.Logger
	Now    func() time.Time
	Caller func(*http.Request) string
	Allow  func(key string, every time.Duration, burst int) bool
	Spent  func(key string) bool
}

// Trackers are the adapters.
type Trackers struct {
	desk *desk.Desk
	Options
}

// New makes the adapters on a desk.
func New(d *desk.Desk, o Options) *Trackers { return &Trackers{d, o} }

const (
	maxBody  = 64 << 10
	bodyTime = 10 * time.Second
	// A device sends what it saved up while it was out of reach, one by one: a
	// shift of a fix every ten seconds.
	fixEvery, fixBurst = 100 * time.Millisecond, 3000
	// And a caller may be wrong about who it is so often.
	wrongEvery, wrongBurst = time.Second, 300
)

// The refusals that aren't the desk's.
var (
	errSlow   = errors.New("too many fixes")
	errBroken = errors.New("not of the protocol")
)

// fix is a position as a device told it. Without a place it is a sign of
// life. broken says that a part of it can't be read.
type fix struct {
	dispatch.Position
	placed, broken bool
}

// record has a device's fixes stored.
func (t *Trackers) record(r *http.Request, d desk.Device, fs []fix) error {
	caller := "not a tracker: " + t.Caller(r)
	if t.Spent(caller) || !t.Allow(d.Key(), fixEvery, fixBurst) {
		return errSlow
	}
	var ps []dispatch.Position
	broken := false
	for _, f := range fs {
		if broken = broken || f.broken; f.broken {
			f.Lat = math.NaN() // so that it is counted
		}
		if f.placed || f.broken {
			ps = append(ps, f.Position)
		}
	}
	_, err := t.desk.TrackPositions(r.Context(), d, ps)
	switch {
	case isCode(err, dispatch.NotFound):
		t.Allow(caller, wrongEvery, wrongBurst)
	case err == nil && broken:
		return errBroken
	}
	return err
}

func isCode(err error, c dispatch.Code) bool {
	var e *dispatch.Error
	return errors.As(err, &e) && e.Code == c
}

// refuse answers a request that wasn't taken; unknown is the status for a
// device that isn't known. A device keeps a fix that is refused and sends it
// again, so only what can't be read is called wrong.
func (t *Trackers) refuse(w http.ResponseWriter, r *http.Request, err error, unknown int) {
	status := http.StatusInternalServerError
	var large *http.MaxBytesError
	switch {
	case isCode(err, dispatch.NotFound):
		status = unknown
	case errors.Is(err, errSlow), isCode(err, dispatch.TooMany):
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", "30")
	case isCode(err, dispatch.Unavailable), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "10")
	case errors.As(err, &large):
		status = http.StatusRequestEntityTooLarge
	case errors.Is(err, errBroken), isCode(err, dispatch.Invalid):
		status = http.StatusBadRequest
	default:
		t.Log.ErrorContext(r.Context(), "a tracker's request failed", "err", err)
	}
	w.WriteHeader(status)
}

// body reads a request's, which has to come within its time.
func body(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bodyTime))
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	if err != nil && !errors.As(err, &large) {
		return nil, errBroken // it was cut off
	}
	_ = control.SetReadDeadline(time.Time{})
	return b, err
}
