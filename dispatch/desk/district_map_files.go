package desk

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

// mapFiles keeps archives in a folder, which processes may share:
//
//	AUTHORITY/DISTRICT-GROUND-SUM.pmtiles  an archive by its content
//	AUTHORITY/….new                        one that is being made
//
// A file gets its name only when it is whole. One is made at a time, so that
// districts that are asked for together leave the database to the desk.
type mapFiles struct {
	root *os.Root
	turn chan struct{}
}

func newMapFiles(root *os.Root) *mapFiles { return &mapFiles{root, make(chan struct{}, 1)} }

// begin waits for its turn to make an archive. The context that it gives ends
// after mapTime, and with the desk, which waits for end.
func (m mapFiles) begin(g *grounds) (ctx context.Context, end func(), err error) {
	if err := g.hold(); err != nil {
		return nil, nil, err
	}
	select {
	case m.turn <- struct{}{}:
	case <-g.ctx.Done():
		g.wg.Done()
		return nil, nil, g.ctx.Err()
	}
	ctx, stop := context.WithTimeout(g.ctx, mapTime)
	return ctx, func() {
		stop()
		<-m.turn
		g.wg.Done()
	}, nil
}

// mapFile is one that is being made.
type mapFile struct {
	*os.File
	root *os.Root
	name string
}

func (f mapFile) discard() {
	f.Close()
	_ = f.root.Remove(f.name)
}

func (m mapFiles) create(authority string) (mapFile, error) {
	if err := m.root.MkdirAll(authority, 0o700); err != nil {
		return mapFile{}, err
	}
	name := path.Join(authority, strings.ToLower(rand.Text())+beingMade)
	f, err := m.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	return mapFile{f, m.root, name}, err
}

const (
	archived  = ".pmtiles"
	beingMade = ".new"
)

// find opens the archive whose name begins with prefix, or is nil.
func (m mapFiles) find(prefix string) (*DistrictMap, error) {
	dir, start := path.Split(prefix)
	all, err := fs.ReadDir(m.root.FS(), path.Clean(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, e := range all {
		sum, ok := strings.CutPrefix(e.Name(), start)
		if sum, ok = cutSuffix(sum, ok); !ok {
			continue
		}
		f, err := m.root.Open(path.Join(dir, e.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // it went meanwhile
		}
		if err != nil {
			return nil, err
		}
		return &DistrictMap{File: f, Sum: sum}, nil
	}
	return nil, nil
}

func cutSuffix(s string, ok bool) (string, bool) {
	cut, found := strings.CutSuffix(s, archived)
	return cut, ok && found
}

// forgotten is when a file that was being made has no maker any more.
const forgotten = 2 * mapTime

// keep gives an archive its name. It removes those of the authority's former
// ground, of districts that are no more among them, and what a process that
// ended left half made. Whoever reads one goes on.
func (m mapFiles) keep(f mapFile, prefix, sum string) error {
	if err := f.Sync(); err != nil {
		return err
	}
	dir, start := path.Split(prefix)
	name := start + sum + archived
	if err := m.root.Rename(f.name, path.Join(dir, name)); err != nil {
		return err
	}
	all, err := fs.ReadDir(m.root.FS(), path.Clean(dir))
	if err != nil {
		return err
	}
	for _, e := range all {
		var old bool
		if strings.HasSuffix(e.Name(), archived) {
			old = groundOf(e.Name()) != groundOf(name) || strings.HasPrefix(e.Name(), start) && e.Name() != name
		} else if info, err := e.Info(); err == nil && strings.HasSuffix(e.Name(), beingMade) {
			old = time.Since(info.ModTime()) > forgotten
		}
		if old {
			_ = m.root.Remove(path.Join(dir, e.Name()))
		}
	}
	return nil
}

// groundOf is the part of an archive's name that says what it is drawn from.
func groundOf(name string) string {
	_, rest, _ := strings.Cut(name, "-")
	ground, _, _ := strings.Cut(rest, "-")
	return ground
}
