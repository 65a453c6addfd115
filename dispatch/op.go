package dispatch

import (
	"encoding/hex"
	"encoding/json"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"
)

// OpKind is what an operation does. Those of a job's steps are "job." and the
// step's Action.
type OpKind string

// The kinds of operations that a tablet sends.
const (
	OpAccept   OpKind = "job.accept"
	OpDepart   OpKind = "job.depart"
	OpArrive   OpKind = "job.arrive"
	OpPause    OpKind = "job.pause"
	OpResume   OpKind = "job.resume"
	OpComplete OpKind = "job.complete"
	OpDecline  OpKind = "job.decline"
	OpNote     OpKind = "job.note"
	OpCheck    OpKind = "job.check"
	OpMaterial OpKind = "job.material"
	OpPhoto    OpKind = "job.photo"
	OpSign     OpKind = "job.sign"
	OpTransfer OpKind = "job.transfer"
	OpOpen     OpKind = "incident.open"
	OpDuty     OpKind = "crew.duty"
	OpRead     OpKind = "message.read"
)

// OpKinds lists the kinds of operations.
func OpKinds() []OpKind {
	return []OpKind{
		OpAccept, OpDepart, OpArrive, OpPause, OpResume, OpComplete, OpDecline, OpNote, OpCheck, OpMaterial, OpPhoto, OpSign,
		OpTransfer, OpOpen, OpDuty, OpRead,
	}
}

// Action is the job's step that the kind makes, or "".
func (k OpKind) Action() Action {
	switch k {
	case OpAccept, OpDepart, OpArrive, OpPause, OpResume, OpComplete, OpDecline:
		return Action(strings.TrimPrefix(string(k), "job."))
	}
	return ""
}

// writes says whether the kind only adds to the job's record.
func (k OpKind) writes() bool {
	switch k {
	case OpNote, OpCheck, OpMaterial, OpPhoto, OpSign:
		return true
	}
	return false
}

// OfJob says whether the kind concerns a job.
func (k OpKind) OfJob() bool { return strings.HasPrefix(string(k), "job.") }

// Op is one thing that a crew did, as its tablet wrote it down when it was
// done. ID is the client's and makes a repetition harmless. BaseVersion is the
// job's version that the crew saw. PerformedAt is by the device's own clock.
type Op struct {
	ID          uuid.UUID `json:"id"`
	Device      uuid.UUID `json:"device"`
	Kind        OpKind    `json:"kind"`
	Job         uuid.UUID `json:"job,omitzero"`
	BaseVersion int       `json:"base_version"`
	PerformedAt time.Time `json:"performed_at"`
	Data        OpData    `json:"data"`
}

// OpData is what an operation carries, by its kind; see ReadOp.
type OpData struct {
	Reason     string     `json:"reason,omitempty"`
	Note       string     `json:"note,omitempty"`
	Text       string     `json:"text,omitempty"`
	Code       string     `json:"code,omitempty"`
	Value      bool       `json:"value,omitempty"`
	Add        float64    `json:"add,omitempty"`
	SHA256     string     `json:"sha256,omitempty"`
	PhotoKind  PhotoKind  `json:"kind,omitempty"`
	Caption    string     `json:"caption,omitempty"`
	Name       string     `json:"name,omitempty"`
	Department string     `json:"department,omitempty"`
	Category   string     `json:"category,omitempty"`
	Lat        *float64   `json:"lat,omitempty"`
	Lon        *float64   `json:"lon,omitempty"`
	Accuracy   *float64   `json:"accuracy,omitempty"`
	Suggested  bool       `json:"suggested,omitempty"`
	Address    string     `json:"address,omitempty"`
	Photos     []string   `json:"photos,omitempty"`
	State      string     `json:"state,omitempty"`
	Until      *time.Time `json:"until,omitempty"`
	Message    uuid.UUID  `json:"message,omitzero"`
}

// The bounds of what an operation carries.
const (
	maxOpCode   = 80
	maxOpName   = 200
	maxOpPhotos = 20
	maxOpAdd    = 1e6
)

// ReadOp reads one operation as a tablet sent it, and refuses with Invalid,
// naming the field, what can't be one. The operation is returned as far as it
// could be read, so that the refusal can be told under its id.
func ReadOp(raw json.RawMessage) (Op, error) {
	var loose struct {
		ID, Device, Job          any
		Kind                     any
		BaseVersion, PerformedAt any
		Data                     json.RawMessage
	}
	var op Op
	if err := json.Unmarshal(raw, &struct {
		ID          *any             `json:"id"`
		Device      *any             `json:"device"`
		Job         *any             `json:"job"`
		Kind        *any             `json:"kind"`
		BaseVersion *any             `json:"base_version"`
		PerformedAt *any             `json:"performed_at"`
		Data        *json.RawMessage `json:"data"`
	}{&loose.ID, &loose.Device, &loose.Job, &loose.Kind, &loose.BaseVersion, &loose.PerformedAt, &loose.Data}); err != nil {
		return op, Bad("op", KeyBadOp)
	}
	var err error
	if op.ID, err = readID(loose.ID, true); err != nil {
		return op, Bad("id", KeyBadOp)
	}
	if kind, ok := loose.Kind.(string); ok && len(kind) <= maxOpCode && !strings.ContainsRune(kind, 0) {
		op.Kind = OpKind(kind)
	}
	if op.Device, err = readID(loose.Device, true); err != nil {
		return op, Bad("device", KeyBadOp)
	}
	if op.Job, err = readID(loose.Job, false); err != nil {
		return op, Bad("job", KeyBadOp)
	}
	if v, ok := loose.BaseVersion.(float64); ok && v == math.Trunc(v) && v >= 0 && v <= math.MaxInt32 {
		op.BaseVersion = int(v)
	} else if loose.BaseVersion != nil {
		return op, Bad("base_version", KeyBadOp)
	}
	at, ok := loose.PerformedAt.(string)
	if !ok {
		return op, Bad("performed_at", KeyBadOp)
	}
	if op.PerformedAt, err = time.Parse(time.RFC3339Nano, at); err != nil || op.PerformedAt.Year() < 1 || op.PerformedAt.Year() > 9999 {
		return op, Bad("performed_at", KeyBadOp)
	}
	op.PerformedAt = op.PerformedAt.UTC().Truncate(time.Millisecond)
	if len(loose.Data) > 0 {
		if err := json.Unmarshal(loose.Data, &op.Data); err != nil {
			return op, Bad("data", KeyBadOp)
		}
	}
	return op, op.check()
}

func readID(v any, needed bool) (uuid.UUID, error) {
	s, ok := v.(string)
	if !ok {
		if v == nil && !needed {
			return uuid.Nil, nil
		}
		return uuid.Nil, Bad("id", KeyBadOp)
	}
	if len(s) != 36 {
		return uuid.Nil, Bad("id", KeyBadOp)
	}
	id, err := uuid.Parse(s)
	if err == nil && id == uuid.Nil && needed {
		return id, Bad("id", KeyBadOp)
	}
	return id, err
}

// check refuses what an operation of its kind can't carry.
func (op *Op) check() error {
	d := &op.Data
	if op.Kind.OfJob() && op.Job == uuid.Nil {
		return Bad("job", KeyBadOp)
	}
	for _, t := range []struct {
		field string
		text  *string
		max   int
	}{
		{"data.reason", &d.Reason, MaxReason}, {"data.note", &d.Note, MaxNote}, {"data.text", &d.Text, MaxNote},
		{"data.code", &d.Code, maxOpCode}, {"data.caption", &d.Caption, MaxReason}, {"data.name", &d.Name, maxOpName},
		{"data.department", &d.Department, maxOpCode}, {"data.category", &d.Category, maxOpCode}, {"data.address", &d.Address, MaxReason},
	} {
		*t.text = strings.TrimSpace(*t.text)
		if strings.ContainsRune(*t.text, 0) {
			return Bad(t.field, KeyBadText)
		}
		if err := checkText(t.field, *t.text, t.max); err != nil {
			return err
		}
	}
	if (d.Lat == nil) != (d.Lon == nil) || d.Lat != nil && (math.Abs(*d.Lat) > 90 || math.Abs(*d.Lon) > 180) {
		return Bad("data.lat", KeyBadOp)
	}
	switch op.Kind {
	case OpAccept, OpDepart, OpArrive, OpResume, OpComplete:
	case OpPause, OpDecline:
		if d.Reason == "" {
			return Bad("data.reason", KeyReasonRequired)
		}
	case OpNote:
		return needText("data.text", d.Text)
	case OpCheck:
		return needText("data.code", d.Code)
	case OpMaterial:
		if d.Add == 0 || math.Abs(d.Add) > maxOpAdd {
			return Bad("data.add", KeyBadOp)
		}
		return needText("data.code", d.Code)
	case OpPhoto:
		if d.PhotoKind == "" {
			d.PhotoKind = PhotoOther
		}
		if d.PhotoKind != PhotoBefore && d.PhotoKind != PhotoAfter && d.PhotoKind != PhotoOther {
			return Bad("data.kind", KeyBadOp)
		}
		return needHash("data.sha256", d.SHA256)
	case OpSign:
		if d.SHA256 != "" {
			if err := needHash("data.sha256", d.SHA256); err != nil {
				return err
			}
		}
		return needText("data.name", d.Name)
	case OpTransfer:
		return needText("data.department", d.Department)
	case OpOpen:
		if len(d.Photos) > maxOpPhotos {
			return Bad("data.photos", KeyBadOp)
		}
		for _, p := range d.Photos {
			if err := needHash("data.photos", p); err != nil {
				return err
			}
		}
		return needText("data.category", d.Category)
	case OpDuty:
		switch d.State {
		case "on", "off", "break", "standby":
		default:
			return Bad("data.state", KeyBadOp)
		}
	case OpRead:
		if d.Message == uuid.Nil {
			return Bad("data.message", KeyBadOp)
		}
	default:
		return &Error{Code: Invalid, Key: KeyUnknownOp, Field: "kind", Args: map[string]any{"kind": string(op.Kind)}}
	}
	return nil
}

func needText(field, s string) error {
	if s == "" {
		return Bad(field, KeyBadOp)
	}
	return nil
}

func needHash(field, s string) error {
	if b, err := hex.DecodeString(s); err != nil || len(b) != 32 || strings.ToLower(s) != s {
		return Bad(field, KeyBadOp)
	}
	return nil
}
