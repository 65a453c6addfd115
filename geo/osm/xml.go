package osm

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	posm "github.com/paulmach/osm"
	"github.com/paulmach/osm/osmxml"
)

// xmlFile is OSM XML, packed or not.
type xmlFile struct {
	r      io.ReadSeeker
	size   int64
	name   string
	unpack func(io.Reader) (io.Reader, error)
	rooted bool // the root element was seen to be <osm>
}

func (f *xmlFile) format() string { return f.name }

func (f *xmlFile) scan(ctx context.Context, h handler, progress func(float64)) (err error) {
	if _, err := f.r.Seek(0, io.SeekStart); err != nil {
		return unreadable(err)
	}
	packed, buf := counted(f.r)
	in := &inflated{r: buf}
	if f.unpack != nil {
		if in.r, err = f.unpack(buf); err != nil {
			return &Error{Code: Corrupt, At: 0, Msg: "broken compression: " + err.Error(), Err: err}
		}
		in.packed = packed
	}
	if !f.rooted {
		f.rooted = true
		if err := checkRoot(in); err != nil {
			return err
		}
		return f.scan(ctx, h, progress)
	}

	last := "the start"
	defer func() {
		if p := recover(); p != nil {
			err = &Error{Code: Corrupt, At: in.n, Where: "after " + last, Msg: fmt.Sprintf("the XML decoder failed: %v", p)}
		}
	}()
	s := osmxml.New(ctx, in)
	defer s.Close()
	for i := 0; s.Scan(); i++ {
		in.mark = in.n
		if i%10_000 == 0 {
			progress(float64(packed.n) / float64(f.size))
		}
		switch e := s.Object().(type) {
		case *posm.Node:
			last = name(posm.TypeNode, int64(e.ID))
			if err = checkNode(e); err == nil && h.node != nil {
				err = h.node(e)
			}
		case *posm.Way:
			last = name(posm.TypeWay, int64(e.ID))
			if err = checkWay(int64(e.ID), len(e.Nodes), len(e.Tags)); err == nil && h.way != nil {
				err = h.way(e)
			}
		case *posm.Relation:
			last = name(posm.TypeRelation, int64(e.ID))
			if err = checkRelation(int64(e.ID), len(e.Members), len(e.Tags)); err == nil && h.relation != nil {
				err = h.relation(e)
			}
		}
		if err != nil {
			return err
		}
	}
	return xmlError(s.Err(), in, last)
}

// checkRoot tells OSM XML from other XML by its root element.
func checkRoot(in *inflated) error {
	d := xml.NewDecoder(in)
	for {
		t, err := d.Token()
		if err != nil {
			if err == io.EOF {
				return wrongAt(NotOSM, 0, "no XML element in it")
			}
			return xmlError(err, in, "the start")
		}
		if e, ok := t.(xml.StartElement); ok {
			if e.Name.Local != "osm" {
				return wrongAt(NotOSM, 0, "not OSM XML: its root element is <%.40s>, not <osm>", e.Name.Local)
			}
			return nil
		}
	}
}

func xmlError(err error, in *inflated, last string) error {
	var syntax *xml.SyntaxError
	switch {
	case err == nil:
		return nil
	case in.err != nil:
		return in.err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF":
		return &Error{Code: Truncated, At: in.n, Where: "after " + last,
			Msg: fmt.Sprintf("the XML ends in the middle, at line %d", syntax.Line), Err: err}
	case errors.As(err, &syntax):
		return &Error{Code: Corrupt, At: in.n, Where: "after " + last,
			Msg: fmt.Sprintf("broken XML at line %d: %s", syntax.Line, syntax.Msg), Err: err}
	}
	return &Error{Code: Corrupt, At: in.n, Where: "after " + last, Msg: err.Error(), Err: err}
}
