package fieldapi

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"moked/dispatch"
)

// tileRoutes serve the map's pictures. The base map shows what any street map
// shows, so everybody may have it; areas and zones follow the snapshot's rule.
func (a *api) tileRoutes() {
	a.plain(everybody(), http.MethodGet, "/tiles/{layer}/{z}/{x}/{y}", a.tile)
}

func (a *api) tile(w http.ResponseWriter, r *http.Request, who dispatch.Actor) error {
	var at [3]int
	for i, name := range []string{"z", "x", "y"} {
		s := r.PathValue(name)
		if name == "y" {
			var ok bool
			if s, ok = strings.CutSuffix(s, ".mvt"); !ok {
				return &dispatch.Error{Code: dispatch.NotFound, Key: "no-such-tile", Field: "y"}
			}
		}
		n, err := strconv.Atoi(s)
		if err != nil {
			return dispatch.Bad(name, "number")
		}
		at[i] = n
	}
	layer := r.PathValue("layer")
	if layer != "base" {
		if err := may(dispatch.SnapshotRead).check(who); err != nil {
			return err
		}
	}
	b, err := a.desk.Tile(r.Context(), who, layer, at[0], at[1], at[2])
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "private, max-age=300")
	if layer == "base" {
		h.Set("Cache-Control", "public, max-age=3600")
	}
	if len(b) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	sum := sha256.Sum256(b)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	h.Set("ETag", tag)
	h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, _ = w.Write(b)
	return nil
}
