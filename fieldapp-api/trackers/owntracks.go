package trackers

import (
	"encoding/json"
	"net/http"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// ownTracks is what OwnTracks says; values of zero may be left out.
type ownTracks struct {
	Type          string `json:"_type"`
	Lat, Lon, Tst float64
	Acc, Vel, Cog *float64
}

// OwnTracks takes what OwnTracks posts. Who the device is stands in Basic
// authorization; the user and device in X-Limit-U and X-Limit-D, or in the
// query, are what it calls itself and prove nothing.
func (t *Trackers) OwnTracks(w http.ResponseWriter, r *http.Request) {
	user, password, ok := r.BasicAuth()
	if !ok {
		unknownDevice(w)
		return
	}
	b, err := body(w, r)
	if err != nil {
		t.refuse(w, r, err, http.StatusUnauthorized)
		return
	}
	var fs []fix
	if len(b) > 0 {
		var said ownTracks
		if json.Unmarshal(b, &said) != nil {
			fs = []fix{{broken: true}}
		} else if said.Type == "location" {
			fs = []fix{said.fix()}
		}
	}
	err = t.record(r, desk.OwnTracksDevice(user, password), fs)
	switch {
	case isCode(err, dispatch.NotFound):
		unknownDevice(w)
	case err != nil:
		t.refuse(w, r, err, http.StatusUnauthorized)
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("[]"))
	}
}

func unknownDevice(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", `Basic realm="Moked", charset="UTF-8"`)
	w.WriteHeader(http.StatusUnauthorized)
}

// fix reads a location, whose speed is in kilometres an hour.
func (o ownTracks) fix() (f fix) {
	f.Position, f.placed = dispatch.Position{Lat: o.Lat, Lon: o.Lon, At: unix(o.Tst), Accuracy: o.Acc, Heading: o.Cog}, true
	if o.Vel != nil {
		v := *o.Vel / 3.6
		f.Speed = &v
	}
	return f
}
