package fieldapi

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"moked/dispatch"
)

// districtMapRoutes give a tablet the ground that it works on, to take along.
func (a *api) districtMapRoutes() {
	get := get("/api/v1/districts/{code}/map", "district-map", "The base map of a district, to use without a network")
	get.Description = "A PMTiles archive, version 3: zooms 10 to 16, the base map's vector tiles in gzip, with 500 metres around the district. " +
		"The code - is the whole authority. HEAD tells its size and its ETag, which changes with the ground; Range and If-Range take it in pieces. " +
		"The first to ask after a change waits until it is made."
	get.Responses = binary("application/vnd.pmtiles", "The archive, or a piece of it with 206")
	get.Parameters = []*huma.Param{{Name: "code", In: "path", Required: true, Description: "The district's code, or -", Schema: &huma.Schema{Type: huma.TypeString}}}
	// The base map is public; to make one's archive is work, and is done for
	// those who work here.
	a.plain(may(dispatch.JobRead), get, a.districtMap)
}

func (a *api) districtMap(w http.ResponseWriter, r *http.Request, who dispatch.Actor) error {
	m, err := a.desk.DistrictMap(r.Context(), who, r.PathValue("code"))
	if err != nil {
		return err
	}
	defer m.Close()
	h := w.Header()
	h.Set("ETag", `"`+m.Sum[:32]+`"`)
	h.Set("Content-Type", "application/vnd.pmtiles")
	h.Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, "", time.Time{}, m)
	return nil
}
