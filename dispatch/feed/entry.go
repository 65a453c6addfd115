package feed

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/tidwall/gjson"

	"moked/dispatch"
)

// The columns of an event in the order that scanEntry reads them.
const entryColumns = `seq, at, type, noun, object, incident, by, scope, was, gone, note, body`

// entry is one event as it goes out: encoded once, whoever reads it. It is
// immutable.
type entry struct {
	event dispatch.Event // without Body and, but for geography's, Note
	text  []byte
	body  []byte // the object's part of text
	head  int    // text[:head] is all that comes before the object
	at    spot
	from  spot // where the object was before this event
}

// spot is a point that may be unknown, or known to be nowhere.
type spot struct {
	pt    orb.Point
	known bool
	none  bool
}

// in reports whether the spot may lie in b: what isn't known, or has no
// place, may.
func (s spot) in(b orb.Bound) bool { return !s.known || s.none || b.Contains(s.pt) }

func scanEntry(rows pgx.Rows) (*entry, error) {
	var (
		e               entry
		incident        *uuid.UUID
		by, scope, was  []byte
		note, body      []byte
		noun, eventType string
		at              time.Time
	)
	ev := &e.event
	err := rows.Scan(&ev.Seq, &at, &eventType, &noun, &ev.Object, &incident, &by, &scope, &was, &ev.Gone, &note, &body)
	if err != nil {
		return nil, err
	}
	ev.At, ev.Type, ev.Noun = at.UTC(), eventType, dispatch.Noun(noun)
	if incident != nil {
		ev.Incident = *incident
	}
	if err := json.Unmarshal(scope, &ev.Scope); err != nil {
		return nil, fmt.Errorf("feed: scope of event %d: %w", ev.Seq, err)
	}
	if was != nil {
		ev.Was = new(dispatch.Scope)
		if err := json.Unmarshal(was, ev.Was); err != nil {
			return nil, fmt.Errorf("feed: scope before event %d: %w", ev.Seq, err)
		}
	}
	if err := json.Unmarshal(by, &ev.By); err != nil {
		return nil, fmt.Errorf("feed: author of event %d: %w", ev.Seq, err)
	}
	if note != nil && ev.Noun == dispatch.NounGeography {
		if err := json.Unmarshal(note, &ev.Note); err != nil {
			return nil, fmt.Errorf("feed: note of event %d: %w", ev.Seq, err)
		}
	}
	e.encode(by, note, body)
	e.at = place(ev.Noun, e.body)
	return &e, nil
}

// newEntry is the entry of an event that was just appended; scanEntry reads the
// same one.
func newEntry(ev dispatch.Event) (*entry, error) {
	by, err := json.Marshal(ev.By)
	if err != nil {
		return nil, err
	}
	var note []byte
	if len(ev.Note) > 0 {
		if note, err = json.Marshal(ev.Note); err != nil {
			return nil, err
		}
	}
	e := &entry{event: ev}
	if e.event.Body = nil; ev.Noun != dispatch.NounGeography {
		e.event.Note = nil
	}
	e.event.At = ev.At.UTC()
	e.encode(by, note, ev.Body)
	e.at = place(ev.Noun, e.body)
	return e, nil
}

// encode lays out {"seq","type","at","by",NOUN:body,"removed","note"}.
func (e *entry) encode(by, note, body []byte) {
	ev := &e.event
	b := make([]byte, 0, 128+len(by)+len(note)+len(body))
	b = appendHead(b, ev, by)
	e.head = len(b)
	if len(body) > 0 {
		b = append(b, ',', '"')
		b = append(b, ev.Noun...)
		b = append(b, '"', ':')
		start := len(b)
		b = append(b, body...)
		defer func(end int) { e.body = e.text[start:end:end] }(len(b))
	}
	if ev.Gone {
		b = append(b, `,"removed":true`...)
	}
	if note != nil {
		b = append(b, `,"note":`...)
		b = append(b, note...)
	}
	e.text = append(b, '}')
}

func appendHead(b []byte, ev *dispatch.Event, by []byte) []byte {
	b = fmt.Appendf(b, `{"seq":%d,"type":%q,"at":"`, ev.Seq, ev.Type)
	b = ev.At.AppendFormat(b, time.RFC3339Nano)
	b = append(b, '"')
	if by != nil {
		b = append(b, `,"by":`...)
		b = append(b, by...)
	}
	return b
}

// appendRemoval is the entry for a reader whose scope the object has left.
func (e *entry) appendRemoval(b []byte) []byte {
	b = append(b, e.text[:e.head]...)
	return fmt.Appendf(b, `,"%s":{"id":"%s"},"removed":true}`, e.event.Noun, e.event.Object)
}

// appendPublic is the entry for a resident: the incident's public view,
// without who did it or why.
func (e *entry) appendPublic(b []byte) []byte {
	var i dispatch.Incident
	if json.Unmarshal(e.body, &i) != nil {
		return e.appendRemoval(b)
	}
	body, err := json.Marshal(i.Public())
	if err != nil {
		return e.appendRemoval(b)
	}
	b = appendHead(b, &e.event, nil)
	b = append(b, `,"incident":`...)
	b = append(b, body...)
	if e.event.Gone {
		b = append(b, `,"removed":true`...)
	}
	return append(b, '}')
}

// appendNarrow is the entry for a crew that isn't the authority's own: the
// job's or the plan's narrow view, without who did it or what they noted.
func (e *entry) appendNarrow(b []byte) []byte {
	body, err := e.body, error(nil)
	switch e.event.Noun {
	case dispatch.NounJob:
		body, err = narrow(e.body, dispatch.Job.Narrow)
	case dispatch.NounPlan:
		body, err = narrow(e.body, dispatch.DayPlan.Narrow)
	}
	if err != nil {
		return e.appendRemoval(b)
	}
	b = appendHead(b, &e.event, nil)
	if len(body) > 0 {
		b = fmt.Appendf(b, `,"%s":`, e.event.Noun)
		b = append(b, body...)
	}
	if e.event.Gone {
		b = append(b, `,"removed":true`...)
	}
	return append(b, '}')
}

func narrow[T any](body []byte, view func(T) T) ([]byte, error) {
	var o T
	if err := json.Unmarshal(body, &o); err != nil {
		return nil, err
	}
	return json.Marshal(view(o))
}

// place finds where an encoded incident or job is. Other objects are nowhere,
// so that no bounding box hides them.
func place(n dispatch.Noun, body []byte) spot {
	if n != dispatch.NounIncident && n != dispatch.NounJob {
		return spot{known: true, none: true}
	}
	p := gjson.GetBytes(body, "place")
	lat, lon := p.Get("lat"), p.Get("lon")
	if lat.Type != gjson.Number || lon.Type != gjson.Number {
		return spot{known: true, none: true}
	}
	return spot{pt: orb.Point{lon.Float(), lat.Float()}, known: true}
}
