package dispatch

import (
	"slices"

	"github.com/google/uuid"
)

// Permission is one kind of thing that an actor may do. Those that concern an
// object are asked together with the object's scope; the others with Scope{}.
type Permission string

// The permissions.
const (
	ReportFile     Permission = "report.file"
	ReportRead     Permission = "report.read"     // without the contact
	ContactRead    Permission = "contact.read"    // who told us: personal data
	IncidentRead   Permission = "incident.read"   //
	IncidentChange Permission = "incident.change" // correct, merge, split, pause, resume
	IncidentClose  Permission = "incident.close"  // close, reopen, withhold, open a further job
	JobRead        Permission = "job.read"
	JobAssign      Permission = "job.assign"
	JobWork        Permission = "job.work"     // accept … complete, decline
	JobCancel      Permission = "job.cancel"   // cancel, reopen
	JobTransfer    Permission = "job.transfer" // ask another department for a job on the incident
	JobContacts    Permission = "job.contacts" // who told us of the job in hand: personal data
	CrewRead       Permission = "crew.read"    // and its shifts
	CrewDuty       Permission = "crew.duty"    // on, off, break, standby
	CrewManage     Permission = "crew.manage"  // and its shifts
	PositionsSend  Permission = "positions.send"
	OperationRead  Permission = "operation.read"
	GroundRead     Permission = "ground.read" // geocode, areas, zones, roads
	GroundImport   Permission = "ground.import"
	CatalogueRead  Permission = "catalogue.read"
	CatalogueEdit  Permission = "catalogue.edit"
	UserManage     Permission = "user.manage"
	FeedRead       Permission = "feed.read"
	SnapshotRead   Permission = "snapshot.read"
	ConflictRead   Permission = "conflict.read"
	ConflictSettle Permission = "conflict.settle"
	MessageRead    Permission = "message.read"
	MessageSend    Permission = "message.send"
	PlanRead       Permission = "plan.read"    // a crew's day
	PlanArrange    Permission = "plan.arrange" // make, move, pin, undo
	RoadClose      Permission = "road.close"   // and open again
	PhotoSend      Permission = "photo.send"
	PhotoRead      Permission = "photo.read"     // the pictures made of photos
	PhotoFull      Permission = "photo.original" // the files as they came
	FigureRead     Permission = "figure.read"    // how promises were kept: counts, no persons
	LayerRead      Permission = "layer.read"     // incidents, jobs, crews and zones as layers of other maps
)

// Permissions lists every permission.
func Permissions() []Permission {
	return []Permission{
		ReportFile, ReportRead, ContactRead, IncidentRead, IncidentChange, IncidentClose, JobRead, JobAssign, JobWork,
		JobCancel, JobTransfer, JobContacts, CrewRead, CrewDuty, CrewManage, PositionsSend, OperationRead, GroundRead, GroundImport,
		CatalogueRead, CatalogueEdit, UserManage, FeedRead, SnapshotRead, ConflictRead, ConflictSettle, MessageRead, MessageSend,
		PlanRead, PlanArrange, RoadClose, PhotoSend, PhotoRead, PhotoFull, FigureRead, LayerRead,
	}
}

// Roles lists every role.
func Roles() []Role {
	return []Role{Admin, Dispatcher, Operator, DepartmentHead, DistrictManager, CrewMember, Resident, Integration, Public, System}
}

// grants is the policy: what each role may do. Where is the actor's own scope,
// see Filter.
func (r Role) grants(p Permission) bool {
	switch r {
	case Admin, System:
		return true
	case Dispatcher:
		return p != CatalogueEdit && p != UserManage && p != GroundImport
	case Operator:
		switch p {
		case ReportFile, ReportRead, ContactRead, IncidentRead, IncidentChange, JobRead, JobContacts, CrewRead, OperationRead,
			GroundRead, CatalogueRead, FeedRead, SnapshotRead, ConflictRead, PlanRead,
			PhotoSend, PhotoRead, PhotoFull:
			return true
		}
	case DepartmentHead:
		switch p {
		case ReportFile, ReportRead, ContactRead, IncidentRead, IncidentChange, IncidentClose, JobRead, JobAssign,
			JobWork, JobCancel, JobTransfer, JobContacts, CrewRead, CrewDuty, CrewManage, OperationRead, GroundRead, CatalogueRead, FeedRead, SnapshotRead,
			ConflictRead, ConflictSettle, MessageRead, MessageSend, PlanRead, PlanArrange,
			PhotoSend, PhotoRead, PhotoFull, FigureRead, LayerRead:
			return true
		}
	case DistrictManager:
		switch p {
		case ReportFile, ReportRead, ContactRead, IncidentRead, IncidentChange, IncidentClose, JobRead, JobAssign,
			JobCancel, JobContacts, CrewRead, OperationRead, GroundRead, CatalogueRead, FeedRead, SnapshotRead, ConflictRead, ConflictSettle, PlanRead,
			PhotoSend, PhotoRead, PhotoFull, FigureRead, LayerRead:
			return true
		}
	case CrewMember:
		switch p {
		case ReportFile, JobRead, JobWork, JobTransfer, JobContacts, CrewRead, CrewDuty, PositionsSend, OperationRead,
			GroundRead, CatalogueRead, FeedRead, SnapshotRead, MessageRead, PlanRead,
			PhotoSend, PhotoRead:
			return true
		}
	case Integration:
		switch p {
		case ReportFile, ReportRead, IncidentRead, JobRead, CrewRead, PositionsSend, OperationRead, GroundRead,
			CatalogueRead, FeedRead, SnapshotRead, PhotoSend, PhotoRead, FigureRead, LayerRead:
			return true
		}
	case Resident:
		switch p {
		case ReportFile, ReportRead, IncidentRead, GroundRead, CatalogueRead, FeedRead, SnapshotRead, PhotoRead:
			return true
		}
	case Public:
		switch p {
		case ReportFile, GroundRead, CatalogueRead:
			return true
		}
	}
	return false
}

// kindGrants narrows what the crew's role has by the crew's kind. All kinds
// work their own jobs, decline among it: who can't go must be able to say so;
// and all open an incident where they stand, as a report that anybody may
// make. Of the rest,
//
//   - the authority's own crews have all: they ask another department for a
//     job, and see who reported the one in hand;
//   - a patrol asks other departments, and sees no contact;
//   - a volunteer or a contractor does neither, and sees its jobs in their
//     Narrow view.
//
// No crew sees another crew, another crew's job, or a report.
func (k CrewKind) kindGrants(p Permission) bool {
	switch p {
	case JobContacts:
		return k == StaffCrew
	case JobTransfer:
		return k == StaffCrew || k == PatrolCrew
	}
	return true
}

// grants is what the actor's role has, and for a crew its kind too.
func (a Actor) grants(p Permission) bool {
	return a.Role.grants(p) && (a.Role != CrewMember || a.Kind.kindGrants(p))
}

// noun is what kind of object a permission concerns, or "" for none.
func (p Permission) noun() Noun {
	switch p {
	case ReportRead, ContactRead:
		return NounReport
	case IncidentRead, IncidentChange, IncidentClose:
		return NounIncident
	case JobRead, JobAssign, JobWork, JobCancel, JobTransfer, JobContacts:
		return NounJob
	case CrewRead, CrewDuty, CrewManage, PositionsSend:
		return NounCrew
	case OperationRead:
		return NounOperation
	case ConflictRead, ConflictSettle:
		return NounConflict
	case MessageRead, MessageSend:
		return NounMessage
	case PlanRead, PlanArrange:
		return NounPlan
	}
	return ""
}

// NounReport is no noun of the feed: reports are read one by one.
const NounReport Noun = "report"

// May says whether the actor may do p with an object of scope s. For a
// permission that concerns no object, s is not looked at.
func (a Actor) May(p Permission, s Scope) bool {
	if !a.grants(p) {
		return false
	}
	n := p.noun()
	return n == "" || a.filter(n).Has(s)
}

// Sees says whether the actor reads objects of kind n with scope s: in the
// snapshot, in the feed and one by one. A resident sees the incident of its
// report in its Public view only.
func (a Actor) Sees(n Noun, s Scope) bool { return a.Filter(n).Has(s) }

// Filter is the same rule as Sees, as data from which a query's condition is
// built: f.Has(s) for each row is what the query returns.
func (a Actor) Filter(n Noun) Filter {
	read := map[Noun]Permission{
		NounIncident: IncidentRead, NounJob: JobRead, NounCrew: CrewRead,
		NounOperation: OperationRead, NounGeography: FeedRead, NounReport: ReportRead, NounShift: CrewRead,
		NounConflict: ConflictRead, NounMessage: MessageRead, NounPlan: PlanRead,
	}
	if p, ok := read[n]; !ok || !a.grants(p) {
		return Filter{Authority: a.Authority, Nothing: true}
	}
	return a.filter(n)
}

func (a Actor) filter(n Noun) Filter {
	f := Filter{Authority: a.Authority, District: a.District, Department: a.Department, Narrow: a.Narrow()}
	switch a.Role {
	case DistrictManager:
		f.Nothing = a.District == ""
		f.Ordinary = n == NounReport
	case DepartmentHead:
		f.Nothing = a.Department == ""
	case CrewMember:
		f = Filter{Authority: a.Authority, Crew: a.Crew, Nothing: a.Crew == uuid.Nil, Narrow: f.Narrow}
	case Integration:
		f.Ordinary = n == NounReport
	case Resident:
		f = Filter{Authority: a.Authority, Incident: a.Incident, Nothing: a.Incident == uuid.Nil}
		if n == NounReport {
			f.Report, f.Nothing = a.Report, f.Nothing || a.Report == uuid.Nil
		}
	}
	if n == NounGeography || n == NounOperation {
		f = Filter{Authority: a.Authority, Nothing: f.Nothing}
	}
	return f
}

// Filter narrows what an actor reads. Every field that is set must hold:
//
//   - Nothing: no object at all;
//   - District: the object is of this district or of none;
//   - Department: the object is of this department, among others, or of none;
//   - Crew, Incident, Report: the object's own;
//   - Ordinary: the object is not of a sensitive category.
//
// Narrow lets the same objects pass, and says that they are seen in their
// Narrow view.
type Filter struct {
	Nothing    bool
	Authority  string
	District   string
	Department string
	Crew       uuid.UUID
	Incident   uuid.UUID
	Report     uuid.UUID
	Ordinary   bool
	Narrow     bool
}

// Has says whether an object of scope s, of the filter's authority, passes.
func (f Filter) Has(s Scope) bool {
	switch {
	case f.Nothing:
		return false
	case f.District != "" && s.District != "" && f.District != s.District:
		return false
	case f.Department != "" && len(s.Departments) > 0 && !slices.Contains(s.Departments, f.Department):
		return false
	case f.Crew != uuid.Nil && f.Crew != s.Crew:
		return false
	case f.Incident != uuid.Nil && f.Incident != s.Incident:
		return false
	case f.Report != uuid.Nil && f.Report != s.Report:
		return false
	case f.Ordinary && s.Sensitive:
		return false
	}
	return true
}

// Holds says whether the actor has the permission at all; May asks about an
// object as well.
func (a Actor) Holds(p Permission) bool { return a.grants(p) }

// Grants says whether some actor of the role has the permission.
func (r Role) Grants(p Permission) bool { return r.grants(p) }
