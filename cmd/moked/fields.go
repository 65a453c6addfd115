package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"moked/geo"
	"moked/geo/osm"
)

// guesser fills in the fields that were not named, from what the layer has.
type guesser func(has map[string]bool) osm.Fields

// first is the named field or, where none is, the first of the usual names
// that the layer has.
func first(named string, has map[string]bool, usual ...string) string {
	if named != "" {
		return named
	}
	for _, u := range usual {
		if has[u] {
			return u
		}
	}
	return ""
}

func guessNames(f *osm.Fields, has map[string]bool) {
	f.Name = first(f.Name, has, "name", "Name", "NAME", "name_he", "שם")
	f.NameEN = first(f.NameEN, has, "name_en", "NAME_EN", "name:en")
	f.NameAR = first(f.NameAR, has, "name_ar", "NAME_AR", "name:ar")
	f.NameRU = first(f.NameRU, has, "name_ru", "NAME_RU", "name:ru")
}

func guessAreas(f osm.Fields, level geo.Level) guesser {
	return func(has map[string]bool) osm.Fields {
		f := f
		guessNames(&f, has)
		f.Code = first(f.Code, has, "code", "Code", "CODE", "קוד")
		f.Population = first(f.Population, has, "population", "POPULATION")
		if level == geo.Neighbourhood {
			f.Parent = first(f.Parent, has, "district", "District", "DISTRICT", "רובע")
		}
		return f
	}
}

func guessStreets(f osm.Fields) guesser {
	return func(has map[string]bool) osm.Fields {
		f := f
		f.Name = first(f.Name, has, "street", "str_name", "STR_NAME", "רחוב", "שם רחוב", "שם_רחוב")
		guessNames(&f, has)
		f.Class = first(f.Class, has, "highway", "class", "type", "סוג")
		f.OneWay = first(f.OneWay, has, "oneway")
		f.Speed = first(f.Speed, has, "maxspeed")
		return f
	}
}

func guessAddresses(f osm.Fields) guesser {
	return func(has map[string]bool) osm.Fields {
		f := f
		f.Street = first(f.Street, has, "street", "str_name", "STR_NAME", "addr:street", "רחוב", "שם רחוב", "שם_רחוב")
		f.House = first(f.House, has, "house", "House", "HOUSE", "housenumber", "house_num", "HOUSE_NUM", "addr:housenumber", "מספר בית", "בית", "מספר")
		return f
	}
}

// readLayer opens a layer's file, converted where it is of a foreign format,
// guesses the fields that were not named, and has it read.
func readLayer(ctx context.Context, t terminal, file string, l layerFlags, guess guesser, read func(io.Reader, int, osm.Fields) error) error {
	path, converted, remove, err := asGeoJSON(ctx, file, l.Layer, l.Encoding, l.SRID)
	if err != nil {
		return err
	}
	defer remove()
	srid := l.SRID
	if converted {
		srid = 4326
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("%s is a folder", file)
	}
	fields := guess(firstFields(f))
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	bar := newProgress(t.err, "reading "+filepath.Base(file))
	defer bar.done()
	counted := &countedReader{ctx: ctx, r: f, size: info.Size(), at: bar.at}
	if err := read(counted, srid, fields); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// firstFields are the names of the properties of a layer's first feature. A
// file that can't be read has none: its reader says what is wrong with it.
func firstFields(r io.Reader) map[string]bool {
	has := map[string]bool{}
	dec := json.NewDecoder(io.LimitReader(r, 16<<20))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return has
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return has
		}
		if key != "features" {
			var skip json.RawMessage
			if dec.Decode(&skip) != nil {
				return has
			}
			continue
		}
		if t, err := dec.Token(); err != nil || t != json.Delim('[') || !dec.More() {
			return has
		}
		var feature struct {
			Properties map[string]json.RawMessage `json:"properties"`
		}
		_ = dec.Decode(&feature)
		for k := range feature.Properties {
			has[k] = true
		}
		return has
	}
	return has
}

// countedReader shows how much of a file was read, and ends when the context
// does.
type countedReader struct {
	ctx     context.Context
	r       io.Reader
	n, size int64
	at      func(share float64)
}

func (c *countedReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	if c.n += int64(n); c.size > 0 {
		c.at(float64(c.n) / float64(c.size))
	}
	return n, err
}
