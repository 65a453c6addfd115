package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// Tablet is a device of a crew. SkewMS is how far its clock was ahead of ours
// when it last spoke. A revoked one is let in no more, and WipedAt is when it
// said that it has wiped its data.
type Tablet struct {
	ID          uuid.UUID  `json:"id"`
	Crew        uuid.UUID  `json:"crew"`
	Name        string     `json:"name"`
	App         string     `json:"app"`
	User        string     `json:"user,omitempty"`
	CreatedAt   time.Time  `json:"created_at"`
	SeenAt      time.Time  `json:"seen_at"`
	SkewMS      int64      `json:"skew_ms"`
	SignedOutAt *time.Time `json:"signed_out_at,omitempty"`
	RevokedAt   *time.Time `json:"revoked_at,omitempty"`
	WipedAt     *time.Time `json:"wiped_at,omitempty"`
}

// NewDevice is how a tablet names itself when a crew signs in on it.
type NewDevice struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
	App  string    `json:"app"`
}

// A crew has at most so many devices that haven't been revoked; more are a
// program gone wild.
const maxDevices = 200

const (
	deviceColumns = `
v.id, v.crew, v.name, v.app, coalesce(u.name, ''), v.created_at, v.seen_at, v.skew_ms, v.signed_out_at, v.revoked_at, v.wiped_at`
	fromDevice   = ` from device v left join app_user u on u.id = v.app_user `
	selectDevice = `select ` + deviceColumns + fromDevice + ` where v.id = $1 and v.authority = $2`
	// Those that said something within the month, and all that may hold data.
	selectDevices = `select ` + deviceColumns + fromDevice + `
where v.authority = $1 and ($2::uuid is null or v.crew = $2) order by v.seen_at desc, v.id limit 1000`
	insertDevice = `
insert into device (id, authority, crew, app_user, name, app, secret, created_at, seen_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
on conflict (id) do nothing`
	signInDevice = `
update device set app_user = $3, name = $4, app = $5, secret = $6, seen_at = $7, signed_out_at = null, revoked_at = null, wiped_at = null
where id = $1 and crew = $2 and revoked_at is null`
	signOutDevice = `update device set secret = null, signed_out_at = $2 where secret = $1`
	revokeDevice  = `update device set revoked_at = coalesce(revoked_at, $3) where id = $1 and authority = $2 returning secret`
	wipedDevice   = `update device set wiped_at = coalesce(wiped_at, $2) where secret = $1 and revoked_at is not null`
	deviceActor   = `
select v.authority, v.id, v.revoked_at is not null, u.id, u.name, u.role, u.district, u.department, u.crew,
	coalesce((select w.kind from crew w where w.id = u.crew), ''), u.lang
from device v join app_user u on u.id = v.app_user and u.disabled_at is null
where v.secret = $1`
	seeDevice    = `update device set seen_at = $2 where id = $1 and seen_at < $2`
	countDevices = `select count(*) from device where crew = $1 and revoked_at is null`
)

func scanDevice(row pgx.CollectableRow) (v Tablet, err error) {
	err = row.Scan(&v.ID, &v.Crew, &v.Name, &v.App, &v.User, &v.CreatedAt, &v.SeenAt, &v.SkewMS, &v.SignedOutAt, &v.RevokedAt, &v.WipedAt)
	v.CreatedAt, v.SeenAt, v.SignedOutAt, v.RevokedAt, v.WipedAt = v.CreatedAt.UTC(), v.SeenAt.UTC(), inUTC(v.SignedOutAt), inUTC(v.RevokedAt), inUTC(v.WipedAt)
	return v, err
}

// SignInDevice lets a crew member's tablet in: the secret that it shows from
// then on is returned this once. A device keeps its crew for good; one that
// another crew used, or that was revoked, comes back under a new id.
func (d *Desk) SignInDevice(ctx context.Context, who dispatch.Actor, n NewDevice) (secret string, v Tablet, err error) {
	if who.Role != dispatch.CrewMember || who.Crew == uuid.Nil {
		return "", v, forbidden()
	}
	if n.ID == uuid.Nil {
		return "", v, invalid("device.id", KeyRequired, nil)
	}
	for _, t := range []struct{ field, text string }{{"device.name", n.Name}, {"device.app", n.App}} {
		if err := checkText(t.field, t.text, maxName); err != nil {
			return "", v, err
		}
	}
	secret = strings.ToLower(rand.Text())
	hash := sha256.Sum256([]byte(secret))
	now := d.now()
	err = d.write(ctx, who, func(c *change) error {
		done, err := c.tx.Exec(ctx, insertDevice, n.ID, who.Authority, who.Crew, who.ID, n.Name, n.App, hash[:], now)
		if err != nil {
			return err
		}
		if done.RowsAffected() == 0 {
			if done, err = c.tx.Exec(ctx, signInDevice, n.ID, who.Crew, who.ID, n.Name, n.App, hash[:], now); err != nil {
				return err
			}
		}
		if done.RowsAffected() == 0 {
			n.ID = uuid.New()
			if _, err := c.tx.Exec(ctx, insertDevice, n.ID, who.Authority, who.Crew, who.ID, n.Name, n.App, hash[:], now); err != nil {
				return err
			}
		}
		rows, _ := c.tx.Query(ctx, selectDevice, n.ID, who.Authority)
		v, err = pgx.CollectExactlyOneRow(rows, scanDevice)
		return err
	})
	if err != nil {
		return "", Tablet{}, err
	}
	return secret, v, nil
}

// DeviceActor is the actor that speaks through the tablet that shows the
// secret. It is remembered for a few seconds. A revoked one is DeviceRevoked.
func (d *Desk) DeviceActor(ctx context.Context, secret string) (dispatch.Actor, error) {
	hash := sha256.Sum256([]byte(secret))
	return d.actors.of(deviceKey(hash[:]), func() (a dispatch.Actor, err error) {
		var (
			crew    *uuid.UUID
			revoked bool
		)
		err = d.pool.QueryRow(ctx, deviceActor, hash[:]).Scan(&a.Authority, &a.Device, &revoked, &a.ID, &a.Name, &a.Role, &a.District, &a.Department, &crew, &a.Kind, &a.Lang)
		if errors.Is(err, pgx.ErrNoRows) {
			return a, notFound(KeyNoDevice)
		}
		if err != nil {
			return a, err
		}
		if revoked {
			return a, &dispatch.Error{Code: dispatch.DeviceRevoked, Key: KeyDeviceRevoked}
		}
		if crew != nil {
			a.Crew = *crew
		}
		_, err = d.pool.Exec(ctx, seeDevice, a.Device, d.now())
		return a, err
	})
}

func deviceKey(hash []byte) string { return "device " + hex.EncodeToString(hash) }

// SignOutDevice ends what the secret opens.
func (d *Desk) SignOutDevice(ctx context.Context, secret string) error {
	hash := sha256.Sum256([]byte(secret))
	_, err := d.pool.Exec(ctx, signOutDevice, hash[:], d.now())
	d.actors.forget(deviceKey(hash[:]))
	return err
}

// DeviceWiped notes that a revoked tablet has wiped its data.
func (d *Desk) DeviceWiped(ctx context.Context, secret string) error {
	hash := sha256.Sum256([]byte(secret))
	done, err := d.pool.Exec(ctx, wipedDevice, hash[:], d.now())
	if err == nil && done.RowsAffected() == 0 {
		return notFound(KeyNoDevice)
	}
	return err
}

// Device is one tablet, in the actor's scope.
func (d *Desk) Device(ctx context.Context, who dispatch.Actor, id uuid.UUID) (Tablet, error) {
	rows, _ := d.pool.Query(ctx, selectDevice, id, who.Authority)
	v, err := pgx.CollectExactlyOneRow(rows, scanDevice)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, notFound(KeyNoDevice)
	}
	if err == nil && who.Device != id {
		err = d.mayManage(ctx, who, v.Crew)
	}
	return v, err
}

// Devices lists the tablets of a crew, or of all that the actor manages; the
// one that was heard of last comes first.
func (d *Desk) Devices(ctx context.Context, who dispatch.Actor, crew uuid.UUID) ([]Tablet, error) {
	managed, err := d.Crews(ctx, who)
	if err != nil {
		return nil, err
	}
	may := map[uuid.UUID]bool{}
	for _, k := range managed {
		may[k.ID] = who.May(dispatch.CrewManage, k.Scope())
	}
	rows, _ := d.pool.Query(ctx, selectDevices, who.Authority, optional(crew))
	all, err := pgx.CollectRows(rows, scanDevice)
	list := []Tablet{}
	for _, v := range all {
		if may[v.Crew] {
			list = append(list, v)
		}
	}
	return list, err
}

// RevokeDevice shuts a lost tablet out, at once in this process and within
// seconds in others: what it holds is unreadable from its next contact on.
func (d *Desk) RevokeDevice(ctx context.Context, who dispatch.Actor, id uuid.UUID) (Tablet, error) {
	v, err := d.Device(ctx, who, id)
	if err != nil {
		return v, err
	}
	if err := d.mayManage(ctx, who, v.Crew); err != nil {
		return v, err
	}
	var secret []byte
	if err := d.pool.QueryRow(ctx, revokeDevice, id, who.Authority, d.now()).Scan(&secret); err != nil {
		return v, err
	}
	d.actors.forget(deviceKey(secret))
	return d.Device(ctx, who, id)
}

func (d *Desk) mayManage(ctx context.Context, who dispatch.Actor, crew uuid.UUID) error {
	return d.read(ctx, who, func(tx pgx.Tx, g *ground) error {
		ks, err := crews(ctx, tx, selectOneCrew, crew, who.Authority)
		if err != nil {
			return err
		}
		if len(ks) == 0 || !who.Sees(dispatch.NounCrew, ks[0].Scope()) {
			return notFound(KeyNoDevice)
		}
		if !who.May(dispatch.CrewManage, ks[0].Scope()) {
			return forbidden()
		}
		return nil
	})
}
