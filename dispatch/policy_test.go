package dispatch_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"moked/dispatch"
)

func drawActor(t *rapid.T) dispatch.Actor {
	ids := []uuid.UUID{uuid.Nil, red, blue}
	return dispatch.Actor{
		Authority:  "town",
		Role:       rapid.SampledFrom(append(dispatch.Roles(), "stranger")).Draw(t, "role"),
		District:   rapid.SampledFrom([]string{"", "north", "south"}).Draw(t, "district"),
		Department: rapid.SampledFrom([]string{"", "water", "roads"}).Draw(t, "department"),
		Crew:       rapid.SampledFrom(ids).Draw(t, "crew"),
		Kind:       rapid.SampledFrom(append(dispatch.CrewKinds(), "", "stranger")).Draw(t, "kind"),
		Incident:   rapid.SampledFrom(ids).Draw(t, "incident"),
		Report:     rapid.SampledFrom(ids).Draw(t, "report"),
	}
}

func drawScope(t *rapid.T) dispatch.Scope {
	ids := []uuid.UUID{uuid.Nil, red, blue}
	return dispatch.Scope{
		District:    rapid.SampledFrom([]string{"", "north", "south"}).Draw(t, "s.district"),
		Departments: rapid.SampledFrom([][]string{nil, {"water"}, {"roads"}, {"water", "roads"}}).Draw(t, "s.departments"),
		Crew:        rapid.SampledFrom(ids).Draw(t, "s.crew"),
		Incident:    rapid.SampledFrom(ids).Draw(t, "s.incident"),
		Report:      rapid.SampledFrom(ids).Draw(t, "s.report"),
		Sensitive:   rapid.Bool().Draw(t, "s.sensitive"),
	}
}

// sees is the rule of visibility, written a second time in plain words.
func sees(a dispatch.Actor, n dispatch.Noun, s dispatch.Scope) bool {
	ground := n == dispatch.NounGeography || n == dispatch.NounOperation
	inDistrict := a.District == "" || s.District == "" || a.District == s.District
	inDepartment := a.Department == "" || len(s.Departments) == 0 || slices.Contains(s.Departments, a.Department)
	inside := ground || inDistrict && inDepartment
	ordinary := n != dispatch.NounReport || !s.Sensitive
	switch a.Role {
	case dispatch.Admin, dispatch.Dispatcher, dispatch.Operator, dispatch.System:
		return inside
	case dispatch.Integration:
		return inside && ordinary && n != dispatch.NounPlan
	case dispatch.DistrictManager:
		return a.District != "" && inside && ordinary
	case dispatch.DepartmentHead:
		return a.Department != "" && inside
	case dispatch.CrewMember:
		own := a.Crew != uuid.Nil && s.Crew == a.Crew
		return ground && a.Crew != uuid.Nil || own && (n == dispatch.NounJob || n == dispatch.NounCrew || n == dispatch.NounShift || n == dispatch.NounPlan)
	case dispatch.Resident:
		own := a.Incident != uuid.Nil && s.Incident == a.Incident
		switch n {
		case dispatch.NounIncident:
			return own
		case dispatch.NounReport:
			return own && a.Report != uuid.Nil && s.Report == a.Report
		case dispatch.NounGeography:
			return a.Incident != uuid.Nil
		}
	}
	return false
}

var nouns = []dispatch.Noun{
	dispatch.NounIncident, dispatch.NounJob, dispatch.NounCrew, dispatch.NounOperation, dispatch.NounGeography, dispatch.NounReport, dispatch.NounShift,
	dispatch.NounPlan,
}

func TestSeesAndFilterAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, s := drawActor(t), drawScope(t)
		for _, n := range nouns {
			want := sees(a, n, s)
			if got := a.Sees(n, s); got != want {
				t.Fatalf("%+v sees %s %+v: %v, want %v", a, n, s, got, want)
			}
			f := a.Filter(n)
			if got := f.Has(s); got != want {
				t.Fatalf("%+v filter of %s %+v: %v, want %v", a, n, s, got, want)
			}
			ours := a.Role != dispatch.CrewMember || a.Kind == dispatch.StaffCrew || a.Kind == dispatch.PatrolCrew
			if a.Narrow() == ours || want && f.Narrow == ours && n != dispatch.NounGeography && n != dispatch.NounOperation {
				t.Fatalf("%+v sees %s narrowly: %v, filter %v", a, n, a.Narrow(), f.Narrow)
			}
			if f.Authority != a.Authority {
				t.Fatalf("the filter has lost its authority: %+v", f)
			}
		}
	})
}

// Nobody may change what it doesn't see.
func TestMayNeedsSees(t *testing.T) {
	t.Parallel()
	of := map[dispatch.Permission]dispatch.Noun{
		dispatch.ReportRead: dispatch.NounReport, dispatch.ContactRead: dispatch.NounReport,
		dispatch.JobTransfer: dispatch.NounJob, dispatch.JobContacts: dispatch.NounJob,
		dispatch.IncidentRead: dispatch.NounIncident, dispatch.IncidentChange: dispatch.NounIncident, dispatch.IncidentClose: dispatch.NounIncident,
		dispatch.JobRead: dispatch.NounJob, dispatch.JobAssign: dispatch.NounJob, dispatch.JobWork: dispatch.NounJob, dispatch.JobCancel: dispatch.NounJob,
		dispatch.CrewRead: dispatch.NounCrew, dispatch.CrewDuty: dispatch.NounCrew, dispatch.CrewManage: dispatch.NounCrew, dispatch.PositionsSend: dispatch.NounCrew,
		dispatch.OperationRead: dispatch.NounOperation, dispatch.PlanRead: dispatch.NounPlan, dispatch.PlanArrange: dispatch.NounPlan,
	}
	rapid.Check(t, func(t *rapid.T) {
		a, s := drawActor(t), drawScope(t)
		for _, p := range dispatch.Permissions() {
			if n, concerns := of[p]; concerns && a.May(p, s) && !a.Sees(n, s) {
				t.Fatalf("%+v may %s %+v without seeing it", a, p, s)
			}
		}
	})
}

// Who may do what, in full: a change here is a change of policy.
func TestPolicyTable(t *testing.T) {
	t.Parallel()
	const (
		crews = "crew patrol volunteer contractor"
		all   = "admin dispatcher operator department district " + crews + " resident integration public system"
	)
	want := map[dispatch.Permission]string{
		dispatch.ReportFile:     all,
		dispatch.ReportRead:     "admin dispatcher operator department district resident integration system",
		dispatch.ContactRead:    "admin dispatcher operator department district system",
		dispatch.IncidentRead:   "admin dispatcher operator department district resident integration system",
		dispatch.IncidentChange: "admin dispatcher operator department district system",
		dispatch.IncidentClose:  "admin dispatcher department district system",
		dispatch.JobRead:        "admin dispatcher operator department district crew patrol volunteer contractor integration system",
		dispatch.JobAssign:      "admin dispatcher department district system",
		dispatch.JobWork:        "admin dispatcher department crew patrol volunteer contractor system",
		dispatch.JobCancel:      "admin dispatcher department district system",
		dispatch.JobTransfer:    "admin dispatcher department crew patrol system",
		dispatch.JobContacts:    "admin dispatcher operator department district crew system",
		dispatch.CrewRead:       "admin dispatcher operator department district crew patrol volunteer contractor integration system",
		dispatch.CrewDuty:       "admin dispatcher department crew patrol volunteer contractor system",
		dispatch.CrewManage:     "admin dispatcher department system",
		dispatch.PositionsSend:  "admin dispatcher crew patrol volunteer contractor integration system",
		dispatch.OperationRead:  "admin dispatcher operator department district crew patrol volunteer contractor integration system",
		dispatch.GroundRead:     all,
		dispatch.GroundImport:   "admin system",
		dispatch.CatalogueRead:  all,
		dispatch.CatalogueEdit:  "admin system",
		dispatch.UserManage:     "admin system",
		dispatch.FeedRead:       "admin dispatcher operator department district crew patrol volunteer contractor resident integration system",
		dispatch.SnapshotRead:   "admin dispatcher operator department district crew patrol volunteer contractor resident integration system",
		dispatch.ConflictRead:   "admin dispatcher operator department district system",
		dispatch.ConflictSettle: "admin dispatcher department district system",
		dispatch.MessageRead:    "admin dispatcher department crew patrol volunteer contractor system",
		dispatch.MessageSend:    "admin dispatcher department system",
		dispatch.PlanRead:       "admin dispatcher operator department district crew patrol volunteer contractor system",
		dispatch.PlanArrange:    "admin dispatcher department system",
		dispatch.RoadClose:      "admin dispatcher system",
		dispatch.PhotoSend:      "admin dispatcher operator department district crew patrol volunteer contractor integration system",
		dispatch.PhotoRead:      "admin dispatcher operator department district crew patrol volunteer contractor resident integration system",
		dispatch.PhotoFull:      "admin dispatcher operator department district system",
		dispatch.FigureRead:     "admin dispatcher department district integration system",
		dispatch.LayerRead:      "admin dispatcher department district integration system",
	}
	s := dispatch.Scope{District: "north", Departments: []string{"water"}, Crew: red, Incident: red, Report: red}
	for _, p := range dispatch.Permissions() {
		var may string
		for _, r := range dispatch.Roles() {
			a := dispatch.Actor{Role: r, District: "north", Department: "water", Crew: red, Incident: red, Report: red}
			kinds := []dispatch.CrewKind{""}
			if r == dispatch.CrewMember {
				kinds = dispatch.CrewKinds()
			}
			for _, k := range kinds {
				if a.Kind = k; a.May(p, s) {
					may += " " + cmp.Or(string(k), string(r))
				}
			}
		}
		if may != " "+want[p] {
			t.Errorf("%s: %s\nwant %s", p, may, want[p])
		}
	}
}
