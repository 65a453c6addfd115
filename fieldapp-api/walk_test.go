package fieldapi

import (
	"testing"
)

func TestFirst(t *testing.T) {
	s := newServer(t)
	d := s.as("dispatcher")
	for _, p := range []string{"/session", "/snapshot", "/incidents", "/jobs", "/crews", "/areas", "/zones", "/categories", "/geocode?q=x", "/reports", "/search?q=a", "/openapi.yaml"} {
		a := d.get(p)
		t.Logf("%s %d %.300s", a.what, a.status, a.body)
	}
	f := d.report(s.told(3))
	t.Logf("%+v", f)
	t.Logf("%s", d.get("/incidents/"+f.Incident.ID.String()).body)
	t.Logf("%s", d.post("/reports", `{"channel":"phone","place":{"lat":NaN}}`).body)
	t.Logf("%s", d.post("/reports", `{"channel":"phone","place":{"lat":"x"}}`).body)
	t.Logf("%s", d.get("/areas/at?lat=1").body)
}
