package osm

// permission is what the tags allow a municipal service vehicle.
type permission uint8

const (
	closed permission = iota
	restricted
	free
)

// allowed reads one access value. Streets for residents, customers or holders
// of a permit are driven by a crew on duty, at a price; private ground is not
// counted on, since its gate is somebody else's.
var allowed = map[string]permission{
	"yes": free, "permissive": free, "designated": free, "official": free, "public": free,
	"destination": restricted, "customers": restricted, "delivery": restricted, "permit": restricted,
	"residents": restricted, "agricultural": restricted, "forestry": restricted, "employees": restricted,
	"no": closed, "private": closed, "military": closed, "emergency": closed, "psv": closed, "bus": closed,
}

// access is what the most specific of the access keys says; fallback where
// none does, or none that is understood.
func access(t tags, fallback permission) permission {
	for _, k := range []string{"motorcar", "motor_vehicle", "vehicle", "access"} {
		if p, ok := allowed[t[k]]; ok {
			return p
		}
	}
	return fallback
}

// barriers that stop a vehicle unless the node says otherwise. Gates and
// toggled barriers are taken as passable unless they say they are not: on a
// public road somebody opens them.
var solid = map[string]bool{
	"block": true, "bollard": true, "chain": true, "cycle_barrier": true, "debris": true, "fence": true,
	"full-height_turnstile": true, "horse_stile": true, "jersey_barrier": true,
	"kent_carriage_gap": true, "kissing_gate": true, "log": true, "motorcycle_barrier": true, "planter": true,
	"rope": true, "stile": true, "turnstile": true, "wall": true, "wicket_gate": true, "bar": true,
	"hedge": true, "ditch": true, "barrier_board": true, "guard_rail": true, "retaining_wall": true,
}

// blocks reports whether a node with these tags stops a vehicle.
func blocks(t tags) bool {
	b := t["barrier"]
	if b == "" || b == "no" {
		return false
	}
	fallback := free
	if solid[b] {
		fallback = closed
	}
	return access(t, fallback) == closed
}

// directions says which ways along a line a vehicle may drive, and reason why
// neither, when so.
func directions(t tags) (forward, backward permission, reason string) {
	class := classes[t["highway"]]
	if class.speed == 0 {
		return closed, closed, ""
	}
	if t["area"] == "yes" {
		return closed, closed, "drawn as an area"
	}
	p := access(t, class.fallback)
	if p == closed {
		if class.fallback == closed {
			return closed, closed, ""
		}
		return closed, closed, "no access for vehicles"
	}
	forward, backward = p, p
	oneway := t.first("oneway:motor_vehicle", "oneway:vehicle", "oneway")
	if oneway == "" && (t["junction"] == "roundabout" || t["junction"] == "circular" || t["highway"] == "motorway") {
		oneway = "yes"
	}
	switch oneway {
	case "yes", "1", "true":
		backward = closed
	case "-1", "reverse":
		forward = closed
	case "reversible":
		return closed, closed, "reversible by the hour"
	}
	if v, ok := allowed[t.first("motor_vehicle:forward", "vehicle:forward")]; ok {
		forward = min(forward, v)
	}
	if v, ok := allowed[t.first("motor_vehicle:backward", "vehicle:backward")]; ok {
		backward = min(backward, v)
	}
	if forward == closed && backward == closed {
		reason = "no access for vehicles"
	}
	return forward, backward, reason
}
