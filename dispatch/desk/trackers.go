package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// Protocol is how a tracker speaks. OsmAnd's, which Traccar's programs speak
// too, knows a device by its id, and so the id is the secret. OwnTracks has a
// user and a password.
type Protocol string

// The protocols.
const (
	OsmAnd    Protocol = "osmand"
	OwnTracks Protocol = "owntracks"
)

// NewTracker is a device to add. ID is what it calls itself; without one, one
// that nobody can guess is made.
type NewTracker struct {
	Crew     uuid.UUID `json:"crew"`
	Protocol Protocol  `json:"protocol,omitempty"`
	Name     string    `json:"name,omitempty"`
	ID       string    `json:"id,omitempty"`
}

// Tracker is a device that tells where a crew is. Device is what is shown of
// it: OwnTracks' user, or the end of the id that is OsmAnd's secret. Fixes
// counts what became of what it sent.
type Tracker struct {
	ID        uuid.UUID                     `json:"id"`
	Crew      uuid.UUID                     `json:"crew"`
	Protocol  Protocol                      `json:"protocol"`
	Name      string                        `json:"name"`
	Device    string                        `json:"device"`
	CreatedAt time.Time                     `json:"created_at"`
	RevokedAt *time.Time                    `json:"revoked_at,omitempty"`
	SeenAt    *time.Time                    `json:"seen_at,omitempty"`
	Fixes     map[dispatch.FixVerdict]int64 `json:"fixes"`
}

// TrackerSecret is what is to be typed into a device: the id, or the user and
// the password.
type TrackerSecret struct {
	ID       string `json:"id,omitempty"`
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
}

const (
	// An id that somebody chose is refused when it is shorter: it is a secret.
	shortestID = 10
	longestID  = 128
)

const (
	selectHashes     = `select hash, id, crew, revoked_at from tracker where hash = any($1)`
	insertNewTracker = `
insert into tracker (id, authority, crew, protocol, name, device, hash, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`
	selectTrackers = `
select t.id, t.crew, t.protocol, t.name, t.device, t.created_at, t.revoked_at, n.seen_at, coalesce(n.fixes, '{}'), w.district, w.departments
from tracker t join crew w on w.id = t.crew
left join lateral (
	select jsonb_object_agg(c.verdict, c.fixes) as fixes, max(c.last_at) as seen_at from tracker_count c where c.tracker = t.id
) n on true
where t.authority = $1 and ($2::uuid is null or t.id = $2)
order by t.revoked_at is not null, t.created_at desc, t.id desc`
	revokeTracker = `update tracker set revoked_at = coalesce(revoked_at, $2) where id = $1`
)

// AddTracker adds a device of a crew. Its secret is returned this once: the
// database has its SHA-256.
func (d *Desk) AddTracker(ctx context.Context, who dispatch.Actor, n NewTracker) (t Tracker, secret TrackerSecret, err error) {
	if n.Protocol == "" {
		n.Protocol = OsmAnd
	}
	if n.Protocol != OsmAnd && n.Protocol != OwnTracks {
		return t, secret, invalid("protocol", KeyUnknownProtocol, map[string]any{"protocol": string(n.Protocol)})
	}
	if err := checkText("name", n.Name, maxName); err != nil {
		return t, secret, err
	}
	n.ID = strings.TrimSpace(n.ID)
	if err := checkText("id", n.ID, longestID); err != nil {
		return t, secret, err
	}
	if n.ID != "" && utf8.RuneCountInString(n.ID) < shortestID && n.Protocol == OsmAnd {
		return t, secret, invalid("id", KeyShortID, map[string]any{"min": shortestID})
	}
	id, err := uuid.NewV7()
	if err != nil {
		return t, secret, err
	}
	t = Tracker{ID: id, Crew: n.Crew, Protocol: n.Protocol, Name: n.Name, CreatedAt: d.now(), Fixes: map[dispatch.FixVerdict]int64{}}
	err = d.write(ctx, who, func(c *change) error {
		ks, err := crews(ctx, c.tx, lockCrew, n.Crew, who.Authority)
		if err != nil {
			return err
		}
		if len(ks) == 0 || !who.Sees(dispatch.NounCrew, ks[0].Scope()) {
			return invalid("crew", KeyNoCrew, nil)
		}
		switch {
		case !who.May(dispatch.CrewManage, ks[0].Scope()):
			return forbidden()
		case ks[0].Retired:
			return &dispatch.Error{Code: dispatch.Conflict, Key: dispatch.KeyCrewRetired, Field: "crew", Args: map[string]any{"crew": ks[0].Name}}
		}
		var hash string
		t.Device, secret, hash = newSecret(n, ks[0].Code)
		_, err = c.tx.Exec(ctx, insertNewTracker, t.ID, who.Authority, t.Crew, t.Protocol, t.Name, t.Device, []byte(hash), t.CreatedAt)
		if taken(err, "tracker_hash_key") {
			return &dispatch.Error{Code: dispatch.Conflict, Key: KeyIDTaken, Field: "id"}
		}
		return err
	})
	if err != nil {
		return Tracker{}, TrackerSecret{}, err
	}
	return t, secret, nil
}

// newSecret is what a device is to show, what people see of it, and its hash.
func newSecret(n NewTracker, crew string) (device string, s TrackerSecret, hash string) {
	if n.Protocol == OwnTracks {
		if s.User = n.ID; s.User == "" {
			s.User = crew + "-" + strings.ToLower(rand.Text()[:4])
		}
		s.Password = strings.ToLower(rand.Text())
		return s.User, s, OwnTracksDevice(s.User, s.Password).hash
	}
	if s.ID = n.ID; s.ID == "" {
		s.ID = strings.ToLower(rand.Text())
	}
	r := []rune(s.ID)
	return "…" + string(r[len(r)-4:]), s, OsmAndDevice(s.ID).hash
}

// Device is what a tracker has shown of itself.
type Device struct{ hash string }

// Key names the device in a process's own tables; it gives nothing away.
func (d Device) Key() string { return "tracker " + d.hash }

// OsmAndDevice knows a device by its id.
func OsmAndDevice(id string) Device { return deviceOf(OsmAnd, id) }

// OwnTracksDevice knows a device by its user and password.
func OwnTracksDevice(user, password string) Device { return deviceOf(OwnTracks, user, password) }

func deviceOf(p Protocol, shown ...string) Device {
	h := sha256.Sum256([]byte(string(p) + "\x00" + strings.Join(shown, "\x00")))
	return Device{string(h[:])}
}

// Trackers lists the devices of the crews that the actor manages: those in
// use, the newest first, and then the revoked ones.
func (d *Desk) Trackers(ctx context.Context, who dispatch.Actor) (list []Tracker, err error) {
	list = []Tracker{}
	err = d.read(ctx, who, func(tx pgx.Tx, _ *ground) error {
		list, err = trackers(ctx, tx, who, nil)
		return err
	})
	return list, err
}

func trackers(ctx context.Context, tx pgx.Tx, who dispatch.Actor, id *uuid.UUID) ([]Tracker, error) {
	list := []Tracker{}
	rows, _ := tx.Query(ctx, selectTrackers, who.Authority, id)
	return list, each(rows, func(row pgx.CollectableRow) error {
		var t Tracker
		var s dispatch.Scope
		err := row.Scan(&t.ID, &t.Crew, &t.Protocol, &t.Name, &t.Device, &t.CreatedAt, &t.RevokedAt, &t.SeenAt, &t.Fixes, &s.District, &s.Departments)
		s.Crew = t.Crew
		t.CreatedAt, t.RevokedAt, t.SeenAt = t.CreatedAt.UTC(), inUTC(t.RevokedAt), inUTC(t.SeenAt)
		if err == nil && who.May(dispatch.CrewManage, s) {
			list = append(list, t)
		}
		return err
	})
}

// RevokeTracker shuts a device out, from its next request on.
func (d *Desk) RevokeTracker(ctx context.Context, who dispatch.Actor, id uuid.UUID) (t Tracker, err error) {
	err = d.write(ctx, who, func(c *change) error {
		ts, err := trackers(ctx, c.tx, who, &id)
		if err != nil {
			return err
		}
		if len(ts) == 0 {
			return notFound(KeyNoTracker)
		}
		t = ts[0]
		if t.RevokedAt == nil {
			t.RevokedAt = &c.now
		}
		_, err = c.tx.Exec(ctx, revokeTracker, id, c.now)
		return err
	})
	return t, err
}

// TrackPositions takes a device's fixes, as RecordPositions does; with none it
// only notes that the device is there. A device that isn't known, was revoked,
// or whose crew has retired, is NotFound.
func (d *Desk) TrackPositions(ctx context.Context, device Device, ps []dispatch.Position) (Recorded, error) {
	if len(ps) > maxFixes {
		return Recorded{}, invalid("positions", KeyTooMany, map[string]any{"max": maxFixes})
	}
	return d.recordFixes(ctx, &fixes{tracker: device.hash, all: ps})
}
