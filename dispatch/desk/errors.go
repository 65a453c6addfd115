package desk

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"moked/dispatch"
)

// The keys of the texts that the desk's own errors name.
const (
	KeyMergeAsked      = "merge.asked"            // a person named the incident
	KeyNoIncident      = "error.no-incident"      //
	KeyNoJob           = "error.no-job"           //
	KeyNoReport        = "error.no-report"        //
	KeyNoCrew          = "error.no-crew"          //
	KeyNoUser          = "error.no-user"          //
	KeyNoToken         = "error.no-token"         //
	KeyNoTracker       = "error.no-tracker"       //
	KeyShortID         = "error.short-id"         // {min}
	KeyIDTaken         = "error.id-taken"         //
	KeyUnknownProtocol = "error.unknown-protocol" // {protocol}
	KeyStale           = "error.stale"            // {version} {changes}
	KeyBaseVersion     = "error.base-version"     // required
	KeyRequired        = "error.required"         //
	KeyUnknownChannel  = "error.unknown-channel"  // {channel}
	KeyUnknownCategory = "error.unknown-category" // {category}
	KeyUnknownRole     = "error.unknown-role"     // {role}
	KeyUnknownDistrict = "error.unknown-district" // {district}
	KeyUnknownKind     = "error.unknown-kind"     // {kind}
	KeyUnknownLang     = "error.unknown-lang"     // {lang}
	KeyUnknownDoing    = "error.unknown-doing"    // {doing}
	KeyNotAllowed      = "error.not-allowed"      // the field does not go with the role
	KeyPlaceHalf       = "error.place-half"       // a latitude without a longitude, or the other way
	KeyKeyReused       = "error.key-reused"       //
	KeyBusy            = "error.busy"             // too many reports wait
	KeyUnavailable     = "error.unavailable"      // the database is away
	KeyCodeTaken       = "error.code-taken"       // {code}
	KeyLoginTaken      = "error.login-taken"      // {login}
	KeySignIn          = "error.sign-in"          // wrong login or password
	KeyShortPassword   = "error.short-password"   // {min}
	KeyTooMany         = "error.too-many"         // {max}
	KeyBadTime         = "error.bad-time"         //
	KeyBadCursor       = "error.bad-cursor"       //
	KeyCrewHasJobs     = "error.crew-has-jobs"    // {jobs}
	KeyNoDevice        = "error.no-device"        //
	KeyDeviceRevoked   = "error.device-revoked"   //
	KeyNoConflict      = "error.no-conflict"      //
	KeyNoMessage       = "error.no-message"       //
	KeyUnknownChoice   = "error.settle-choice"    // {choice}
	KeySettled         = "error.settled"          // a conflict that a person has settled
	KeyNoPhoto         = "error.no-photo"         //
	KeyBadSum          = "error.bad-sum"          // no SHA-256 in hexadecimal
	KeyBadRange        = "error.bad-range"        // of a photo's piece
	KeyWrongOffset     = "error.wrong-offset"     // {offset}
	KeyHashMismatch    = "error.hash-mismatch"    //
	KeyNoRoom          = "error.no-room"          // the disk is full
	KeyUnknownSize     = "error.unknown-size"     // {size}
	KeyUnreadable      = "error.photo-unreadable" // whole, and yet no decoder reads it
	KeyNoShift         = "error.no-shift"         //
	KeyShiftOverlap    = "error.shift-overlap"    // {crew}
	KeyBadDate         = "error.bad-date"         //
	KeyBadMoment       = "error.bad-moment"       //
	KeySameWeek        = "error.same-week"        //
	KeyNoStop          = "error.no-stop"          // the job is not in the crew's plan
	KeyStopStarted     = "error.stop-started"     // {number}
	KeyBadPlace        = "error.bad-place"        // {min} {max}
	KeyNoUndo          = "error.no-undo"          //
	KeyNoClosure       = "error.no-closure"       //
	KeyNoRoad          = "error.no-road"          // no road leads along the points
	KeyNoMailing       = "error.no-mailing"       //
	KeyManyMailings    = "error.many-mailings"    // {max}
	KeyBadAddress      = "error.bad-address"      // no e-mail address
	KeyBadRhythm       = "error.bad-rhythm"       // neither week nor month
	KeyOutOfRange      = "error.out-of-range"     // {min} {max}
	KeyUnknownFormat   = "error.unknown-format"   // {format}
	KeyNoLayer         = "error.no-layer"         //
	KeyNoFeature       = "error.no-feature"       //
	KeyNoColumn        = "error.no-column"        // {column}
	KeyNoNumber        = "error.no-number"        // {value}
)

// ErrorKeys lists the keys that the desk's errors may carry, beside those of
// package dispatch.
func ErrorKeys() []string {
	return []string{
		KeyNoAuthority, KeyAuthorityExists, KeyBadAuthorityCode, KeyBadTimeZone, KeyNameRequired, KeyUnknownDepartment,
		KeyBadArea, KeyBadCoordinate, KeySwapped, KeyTooFar, KeyNoArea, KeyNoTile, KeyMapTooLarge, KeyNoRoute, KeyElsewhere,
		KeyNoIncident, KeyNoJob, KeyNoReport, KeyNoCrew, KeyNoUser, KeyNoToken, KeyStale, KeyBaseVersion, KeyRequired,
		KeyUnknownChannel, KeyUnknownCategory, KeyUnknownRole, KeyUnknownDistrict, KeyUnknownKind, KeyUnknownLang, KeyUnknownDoing,
		KeyNotAllowed, KeyPlaceHalf, KeyKeyReused, KeyBusy, KeyUnavailable, KeyCodeTaken, KeyLoginTaken, KeySignIn,
		KeyShortPassword, KeyTooMany, KeyBadTime, KeyBadCursor, KeyCrewHasJobs,
		KeyNoTracker, KeyShortID, KeyIDTaken, KeyUnknownProtocol,
		KeyNoDevice, KeyDeviceRevoked, KeyNoConflict, KeyNoMessage, KeyUnknownChoice, KeySettled,
		KeyNoPhoto, KeyBadSum, KeyBadRange, KeyWrongOffset, KeyHashMismatch, KeyNoRoom, KeyUnknownSize, KeyUnreadable,
		KeyNoShift, KeyShiftOverlap, KeyBadDate, KeyBadMoment, KeySameWeek,
		KeyNoStop, KeyStopStarted, KeyBadPlace, KeyNoUndo, KeyNoClosure, KeyNoRoad,
		KeyNoMailing, KeyManyMailings, KeyBadAddress, KeyBadRhythm, KeyOutOfRange, KeyUnknownFormat, KeyNoLayer, KeyNoFeature, KeyNoColumn, KeyNoNumber,
	}
}

func notFound(key string) error { return &dispatch.Error{Code: dispatch.NotFound, Key: key} }

func forbidden() error {
	return &dispatch.Error{Code: dispatch.Forbidden, Key: dispatch.KeyForbidden}
}

func invalid(field, key string, args map[string]any) error {
	return &dispatch.Error{Code: dispatch.Invalid, Key: key, Field: field, Args: args}
}

// Change is one entry of what happened to an object since a version, as a
// Stale error tells it.
type Change struct {
	Type string      `json:"type"`
	At   time.Time   `json:"at"`
	By   dispatch.By `json:"by"`
}

const selectChanges = `
select type, at, by from event
where authority = $1 and object = $2 and incident = $3 and (body ->> 'version')::int > $4::bigint
order by seq limit 20`

// fresh refuses a change that wasn't made on the object's current version,
// with the object as it stands and what happened to it since.
func (c *change) fresh(ctx context.Context, base, version int, id uuid.UUID, current any) error {
	if base == version {
		return nil
	}
	if base <= 0 {
		return invalid("base_version", KeyBaseVersion, nil)
	}
	on := id
	if j, ok := current.(dispatch.Job); ok {
		on = j.Incident
	}
	rows, _ := c.tx.Query(ctx, selectChanges, c.who.Authority, id, on, base)
	changes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Change])
	if err != nil {
		return err
	}
	return stale(version, changes, current)
}

func stale(version int, changes []Change, current any) error {
	return &dispatch.Error{
		Code: dispatch.Stale, Key: KeyStale, Field: "base_version", Current: current,
		Args: map[string]any{"version": version, "changes": changes},
	}
}
