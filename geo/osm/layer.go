package osm

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// Fields names the properties of a municipal layer that hold what Moked
// needs. An empty name means that the layer has no such field.
type Fields struct {
	Name, NameEN, NameRU, NameAR string
	Code                         string // of the area, zone or street
	Parent                       string // areas: the code of the area around it
	Population                   string // areas
	Department                   string // zones
	Street, House                string // addresses
	Class                        string // streets: what kind of road
	OneWay                       string // streets: yes, no, or -1 against the line
	Speed                        string // streets: the limit in km/h
}

// list gives the fields that are named.
func (f Fields) list() []string {
	return slices.DeleteFunc([]string{
		f.Name, f.NameEN, f.NameRU, f.NameAR, f.Code, f.Parent, f.Population, f.Department,
		f.Street, f.House, f.Class, f.OneWay, f.Speed,
	}, func(s string) bool { return s == "" })
}

// layerFeature is one feature on its way in, already in WGS84.
type layerFeature struct {
	number int // counted from 1
	values map[string]any
	geom   orb.Geometry
}

func (f *layerFeature) String() string { return fmt.Sprintf("feature %d", f.number) }

// layer reads a GeoJSON FeatureCollection feature by feature.
type layer struct {
	in     *inflated
	dec    *json.Decoder
	srid   int
	fields Fields
	tally  *tally

	crs    int             // that the file names; 0: none
	known  map[string]bool // fields that some feature has
	number int
	typ    string
}

// maxFields bounds how many field names are remembered for an error.
const maxFields = 200

// readLayer passes every feature of a layer to take. srid is 4326 or 2039; 0
// means what the file's crs member says, and 4326 when it says nothing.
func readLayer(r io.Reader, srid int, f Fields, t *tally, take func(*layerFeature) error) error {
	if srid != 0 && srid != 4326 && srid != 2039 {
		return wrongAt(WrongSRID, -1, "EPSG:%d is not read: give 4326 (WGS84) or 2039 (Israeli TM Grid)", srid)
	}
	buf := bufio.NewReaderSize(r, 64<<10)
	if bom, _ := buf.Peek(3); string(bom) == "\xef\xbb\xbf" {
		_, _ = buf.Discard(3)
	}
	if first, err := buf.Peek(1); err == io.EOF {
		return wrongAt(Empty, 0, "the file is empty")
	} else if err == nil && !strings.Contains("{ \t\r\n", string(first)) {
		head, _ := buf.Peek(24)
		return wrongAt(NotGeoJSON, 0, "not GeoJSON: it begins with %s", glimpse(head))
	}
	in := &inflated{r: buf}
	l := &layer{in: in, dec: json.NewDecoder(in), srid: srid, fields: f, tally: t, known: map[string]bool{}}
	l.dec.UseNumber()
	return l.read(take)
}

func (l *layer) read(take func(*layerFeature) error) error {
	if err := l.open('{'); err != nil {
		return err
	}
	found := false
	for l.dec.More() {
		key, err := l.dec.Token()
		if err != nil {
			return l.broken(err)
		}
		switch key {
		case "type":
			if err := l.dec.Decode(&l.typ); err != nil {
				return l.broken(err)
			}
			if l.typ != "FeatureCollection" {
				return wrongAt(NotGeoJSON, l.dec.InputOffset(), "a GeoJSON %.30q; a FeatureCollection is needed", l.typ)
			}
		case "crs":
			if err := l.readCRS(); err != nil {
				return err
			}
		case "features":
			found = true
			if err := l.features(take); err != nil {
				return err
			}
		default:
			var skip json.RawMessage
			if err := l.dec.Decode(&skip); err != nil {
				return l.broken(err)
			}
		}
	}
	if _, err := l.dec.Token(); err != nil {
		return l.broken(err)
	}
	switch {
	case !found:
		return wrongAt(NotGeoJSON, l.dec.InputOffset(), "no list of features in it")
	case l.number == 0:
		return wrongAt(Empty, -1, "no feature in it")
	}
	return l.checkFields()
}

func (l *layer) open(bracket json.Delim) error {
	t, err := l.dec.Token()
	if err != nil {
		return l.broken(err)
	}
	if t != bracket {
		return wrongAt(NotGeoJSON, l.dec.InputOffset(), "not GeoJSON: %v where %v should be", t, bracket)
	}
	return nil
}

func (l *layer) features(take func(*layerFeature) error) error {
	if err := l.open('['); err != nil {
		return err
	}
	for l.dec.More() {
		l.number++
		var raw struct {
			Type       string         `json:"type"`
			Geometry   *rawGeometry   `json:"geometry"`
			Properties map[string]any `json:"properties"`
		}
		if err := l.dec.Decode(&raw); err != nil {
			return l.broken(err)
		}
		l.in.mark = l.in.n
		l.tally.read["feature"]++
		f := &layerFeature{number: l.number, values: raw.Properties}
		if raw.Type != "Feature" {
			return wrongIn(NotGeoJSON, f.String(), "it is a %.30q, not a Feature", raw.Type)
		}
		for k := range raw.Properties {
			if len(l.known) < maxFields {
				l.known[k] = true
			}
		}
		geom, err := l.geometry(f, raw.Geometry)
		if err != nil {
			return err
		}
		if geom == nil {
			l.tally.leave("feature", "no geometry", f.String())
			continue
		}
		f.geom = geom
		if err := take(f); err != nil {
			return err
		}
	}
	_, err := l.dec.Token()
	return l.broken(err)
}

// broken says where the JSON breaks.
func (l *layer) broken(err error) error {
	var own *Error
	var syntax *json.SyntaxError
	where := ""
	if l.number > 0 {
		where = fmt.Sprintf("feature %d", l.number)
	}
	switch {
	case err == nil:
		return nil
	case l.in.err != nil:
		return l.in.err
	case errors.As(err, &own):
		own.Where = where
		return own
	case err == io.EOF, errors.Is(err, io.ErrUnexpectedEOF):
		return &Error{Code: Truncated, At: l.in.n, Where: where, Msg: "the file ends in the middle", Err: err}
	case errors.As(err, &syntax):
		return &Error{Code: Corrupt, At: l.dec.InputOffset(), Where: where, Msg: "broken JSON: " + err.Error(), Err: err}
	}
	return &Error{Code: NotGeoJSON, At: l.dec.InputOffset(), Where: where, Msg: err.Error(), Err: err}
}

// checkFields refuses field names that no feature has, and says which it has.
func (l *layer) checkFields() error {
	have := make([]string, 0, len(l.known))
	for k := range l.known {
		have = append(have, fmt.Sprintf("%q", k))
	}
	slices.Sort(have)
	for _, f := range l.fields.list() {
		if !l.known[f] && len(l.known) < maxFields {
			e := wrongAt(NoSuchField, -1, "no feature has it; they have %s", strings.Join(have, ", "))
			e.Field = f
			return e
		}
	}
	return nil
}
