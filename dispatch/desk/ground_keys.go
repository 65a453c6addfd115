package desk

// The keys of the texts that errors about the ground name.
const (
	KeyNoAuthority       = "error.no-authority"       // {authority}
	KeyAuthorityExists   = "error.authority-exists"   // {code}
	KeyBadAuthorityCode  = "error.bad-authority-code" // {code}
	KeyBadTimeZone       = "error.bad-time-zone"      // {time_zone}
	KeyNameRequired      = "error.name-required"      //
	KeyUnknownDepartment = "error.unknown-department" // {department}
	KeyBadArea           = "error.bad-area"           // {area} {fault} {detail}
	KeyElsewhere         = "error.elsewhere"          // {km} {authority}
	KeyBadCoordinate     = "error.bad-coordinate"     // not a number, or off the earth
	KeySwapped           = "error.swapped"            // latitude and longitude changed places
	KeyNoArea            = "error.no-area"            //
	KeyNoRoute           = "error.no-route"           //
	KeyMapTooLarge       = "error.map-too-large"      // {tiles}
	KeyNoTile            = "error.no-tile"            // {value}
	KeyTooFar            = "error.too-far"            // {km} {authority}
)
