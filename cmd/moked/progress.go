package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
)

// progress shows how far a piece of work is: a bar that redraws itself on a
// terminal, and a line for each quarter elsewhere.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	label string
	live  bool
	shown int // the last percentage drawn, or the last quarter's
}

func newProgress(w io.Writer, label string) *progress {
	f, ok := w.(*os.File)
	live := false
	if ok {
		info, err := f.Stat()
		live = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return &progress{w: w, label: label, live: live, shown: -1}
}

// at draws the share done, from 0 to 1.
func (p *progress) at(share float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	percent := int(min(max(share, 0), 1) * 100)
	if !p.live {
		if percent/25 > p.shown/25 || p.shown < 0 {
			p.shown = percent
			fmt.Fprintf(p.w, "%s: %d%%\n", p.label, percent/25*25)
		}
		return
	}
	if percent == p.shown {
		return
	}
	p.shown = percent
	const width = 30
	full := percent * width / 100
	fmt.Fprintf(p.w, "\r%s %s%s %3d%%", p.label, strings.Repeat("█", full), strings.Repeat("░", width-full), percent)
}

// done ends the bar's line.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live && p.shown >= 0 {
		fmt.Fprintln(p.w)
	}
}
