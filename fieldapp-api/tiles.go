package fieldapi

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/danielgtaylor/huma/v2"

	"moked/dispatch"
	"moked/dispatch/desk"
)

// tileRoutes serve the map's pictures. The base map and the areas are public;
// crew zones follow the snapshot's rule, and history that of figures.
func (a *api) tileRoutes() {
	tile := get("/tiles/{layer}/{z}/{x}/{y}", "tile", "A vector tile of the base map, the areas or the zones")
	tile.Description = "204 when nothing is there. The base map has the layers land, green, water, building, road, rail, boundary and label. " +
		"History has the reports of a period, with the questions of figures: a layer reports, or cells where they are too many to be told apart."
	tile.Responses = binary("application/vnd.mapbox-vector-tile", "The tile")
	for _, p := range []struct{ name, doc string }{
		{"layer", "base, areas, zones or history"}, {"z", "Zoom"}, {"x", "Column, from the west"}, {"y", "Row, from the north, with .mvt"},
	} {
		tile.Parameters = append(tile.Parameters, &huma.Param{Name: p.name, In: "path", Required: true, Description: p.doc, Schema: &huma.Schema{Type: huma.TypeString}})
	}
	a.plain(may(dispatch.GroundRead), tile, a.tile)
}

func (a *api) tile(w http.ResponseWriter, r *http.Request, who dispatch.Actor) error {
	var at [3]int
	for i, name := range []string{"z", "x", "y"} {
		s := r.PathValue(name)
		if name == "y" {
			var ok bool
			if s, ok = strings.CutSuffix(s, ".mvt"); !ok {
				return &dispatch.Error{Code: dispatch.NotFound, Key: desk.KeyNoTile, Field: "y", Args: map[string]any{"value": short(r.PathValue(name))}}
			}
		}
		n, err := strconv.Atoi(s)
		if err != nil {
			return &dispatch.Error{Code: dispatch.NotFound, Key: desk.KeyNoTile, Field: name, Args: map[string]any{"value": short(s)}}
		}
		at[i] = n
	}
	layer := r.PathValue("layer")
	if layer == "zones" {
		if err := may(dispatch.SnapshotRead).check(who); err != nil {
			return err
		}
	}
	tile := a.desk.Tile
	if layer == "history" {
		if err := may(dispatch.FigureRead).check(who); err != nil {
			return err
		}
		tile = a.historyTile(r)
	}
	b, err := tile(r.Context(), who, layer, at[0], at[1], at[2])
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
	tag := `"` + strconv.FormatUint(xxhash.Sum64(b), 36) + `"`
	h.Set("ETag", tag)
	h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(len(b)))
	_, _ = w.Write(b)
	return nil
}
