package fieldapi

import (
	"encoding"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"moked/dispatch"
)

// Paths name a field so deep, with names so long; what lies deeper is the
// sender's own affair.
const (
	pathDepth = 8
	pathName  = 60
)

// level is a container that is open at a place in a JSON text.
type level struct {
	array bool
	index int
	name  string // of the object's field
	named bool   // the name was read, its value is next
}

// pathAt names the field that a byte of a JSON text belongs to, as far as the
// text up to there can be read: "positions.3.lat", or "" for none.
func pathAt(b []byte, offset int) string {
	var open []level
	for i := 0; i < len(b) && i <= offset; i++ {
		if n := len(open); n == 0 && b[i] != '{' && b[i] != '[' {
			continue
		}
		switch b[i] {
		case '{', '[':
			if i < offset {
				open = append(open, level{array: b[i] == '['})
			}
		case '}', ']':
			if i < offset {
				open = open[:len(open)-1]
			}
		case ',':
			if top := &open[len(open)-1]; i < offset {
				top.index++
				top.name, top.named = "", false
			}
		case '"':
			end := endOfString(b, i)
			if end > offset {
				return joinPath(open)
			}
			if top := &open[len(open)-1]; !top.array && !top.named {
				_ = json.Unmarshal(b[i:end], &top.name)
				top.named = true
			}
			i = end - 1
		}
	}
	return joinPath(open)
}

// endOfString is the offset behind the string that starts at i.
func endOfString(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b) + 1
}

func joinPath(open []level) string {
	var parts []string
	for _, l := range open[:min(len(open), pathDepth)] {
		switch {
		case l.array:
			parts = append(parts, strconv.Itoa(l.index))
		case l.named:
			parts = append(parts, short(l.name))
		}
	}
	return strings.Join(parts, ".")
}

func short(name string) string {
	if r := []rune(strings.ToValidUTF8(name, "")); len(r) > pathName {
		return string(r[:pathName])
	}
	return name
}

// mismatch says which field of a JSON text isn't of its kind, and what it
// should be.
func mismatch(b []byte, v any) error {
	path, want := blame(reflect.TypeOf(v).Elem(), b)
	return dispatch.Bad(strings.Join(path, "."), want)
}

func blame(t reflect.Type, raw []byte) (path []string, want string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	want = kindText(t)
	if want != "wants.object" && want != "wants.list" {
		return nil, want
	}
	switch t.Kind() {
	case reflect.Struct:
		var given map[string]json.RawMessage
		if json.Unmarshal(raw, &given) != nil {
			return nil, want
		}
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if value, ok := given[name]; ok && json.Unmarshal(value, reflect.New(f.Type).Interface()) != nil {
				path, want = blame(f.Type, value)
				return append([]string{name}, path...), want
			}
		}
	case reflect.Map:
		var given map[string]json.RawMessage
		if json.Unmarshal(raw, &given) != nil {
			return nil, want
		}
		for _, name := range slices.Sorted(maps.Keys(given)) {
			if json.Unmarshal(given[name], reflect.New(t.Elem()).Interface()) != nil {
				path, want = blame(t.Elem(), given[name])
				return append([]string{short(name)}, path...), want
			}
		}
	case reflect.Slice, reflect.Array:
		var given []json.RawMessage
		if json.Unmarshal(raw, &given) != nil {
			return nil, want
		}
		for i, value := range given {
			if json.Unmarshal(value, reflect.New(t.Elem()).Interface()) != nil {
				path, want = blame(t.Elem(), value)
				return append([]string{strconv.Itoa(i)}, path...), want
			}
		}
	}
	return nil, want
}

// kindText is the key of the text that says what a value of the type is.
func kindText(t reflect.Type) string {
	switch t.String() {
	case "uuid.UUID":
		return "wants.id"
	case "time.Time":
		return "wants.time"
	}
	reads := []reflect.Type{reflect.TypeFor[json.Unmarshaler](), reflect.TypeFor[encoding.TextUnmarshaler]()}
	if slices.ContainsFunc(reads, reflect.PointerTo(t).Implements) {
		return "invalid"
	}
	switch t.Kind() {
	case reflect.String:
		return "wants.text"
	case reflect.Bool:
		return "wants.yes-or-no"
	case reflect.Float32, reflect.Float64, reflect.Interface:
		return "wants.number" // any JSON fits an interface, but for a number too large
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "wants.whole-number"
	case reflect.Slice, reflect.Array:
		return "wants.list"
	}
	return "wants.object"
}
