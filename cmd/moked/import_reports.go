package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"moked/dispatch"
	"moked/dispatch/desk"
)

type importReports struct {
	File string `arg:"" help:"A CSV file with a header, in UTF-8; it may be packed with gzip."`
	groundFlags
	Map     string `required:"" placeholder:"FILE" help:"A JSON file that says which column means what; see the README."`
	LeftOut string `placeholder:"FILE" help:"Where to write the rows that were left out, each with its line and the reason."`
}

// oldBatch is how many reports are taken in one transaction.
const oldBatch = 10_000

func (c *importReports) Run(ctx context.Context, t terminal) error {
	m, err := readOldMap(c.Map)
	if err != nil {
		return err
	}
	return withDesk(ctx, t, c.databaseFlags, func(d *desk.Desk) error {
		x := &oldImport{m: m, file: c.File, source: c.source("old", c.File, nil), who: c.actor(), desk: d, now: time.Now()}
		if c.LeftOut != "" {
			f, err := os.Create(c.LeftOut)
			if err != nil {
				return err
			}
			defer f.Close()
			x.leftOut = csv.NewWriter(f)
		}
		begun := time.Now()
		if err := x.run(ctx, t); err != nil {
			return err
		}
		x.print(t, time.Since(begun))
		if x.leftOut != nil {
			x.leftOut.Flush()
			return x.leftOut.Error()
		}
		return nil
	})
}

// oldImport is one run over a file.
type oldImport struct {
	m      *oldMap
	file   string
	source desk.Source
	who    dispatch.Actor
	desk   *desk.Desk
	now    time.Time

	survey  survey
	rows    int
	taken   desk.OldTaken
	reasons map[string]*left
	leftOut *csv.Writer
}

// left counts the rows left out for one reason.
type left struct{ rows, firstLine int }

// run goes over the file twice: to know it, and to take it.
func (x *oldImport) run(ctx context.Context, t terminal) error {
	departments, categories, err := x.desk.Catalogue(ctx, x.who)
	if err != nil {
		return plain(err)
	}
	x.survey = newSurvey(x.m, departments, categories)
	name := filepath.Base(x.file)
	bar := newProgress(t.err, "looking through "+name)
	err = eachRow(x.file, bar, func(_ int, r *oldCells) error { return x.survey.see(r) })
	bar.done()
	if err != nil {
		return err
	}
	x.survey.settle()
	if err := x.desk.AddOldCatalogue(ctx, x.who, x.source, x.survey.add); err != nil {
		return plain(err)
	}
	x.reasons = map[string]*left{}
	seen := map[string]bool{}
	batch := make([]desk.OldReport, 0, oldBatch)
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		taken, err := x.desk.ImportReports(ctx, x.who, x.source.Name, batch)
		if err != nil {
			return plain(err)
		}
		x.taken.New += taken.New
		x.taken.Changed += taken.Changed
		x.taken.Unchanged += taken.Unchanged
		x.taken.Kept += taken.Kept
		batch = batch[:0]
		return nil
	}
	bar = newProgress(t.err, "taking "+name)
	err = eachRow(x.file, bar, func(line int, r *oldCells) error {
		x.rows++
		report, why := x.m.read(r, &x.survey, x.now)
		if why == "" && seen[report.ID] {
			why = "its id was there before in the file"
		}
		if why != "" {
			return x.leave(line, r, why)
		}
		seen[report.ID] = true
		if batch = append(batch, report); len(batch) == oldBatch {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	bar.done()
	return err
}

func (x *oldImport) leave(line int, r *oldCells, why string) error {
	l := x.reasons[why]
	if l == nil {
		l = &left{firstLine: line}
		x.reasons[why] = l
	}
	l.rows++
	if x.leftOut == nil {
		return nil
	}
	if len(x.reasons) == 1 && l.rows == 1 {
		if err := x.leftOut.Write(append([]string{"line", "why"}, r.header...)); err != nil {
			return err
		}
	}
	return x.leftOut.Write(append([]string{fmt.Sprint(line), why}, r.cells...))
}

func (x *oldImport) print(t terminal, took time.Duration) {
	n := x.taken
	fmt.Fprintf(t.out, "%s: %d rows in %.1f s (%.0f a second): %d new, %d changed, %d as they were, %d not taken because their incidents were worked on here since\n",
		filepath.Base(x.file), x.rows, took.Seconds(), float64(x.rows)/took.Seconds(), n.New, n.Changed, n.Unchanged, n.Kept)
	for _, line := range x.survey.said {
		fmt.Fprintln(t.out, line)
	}
	out := 0
	for _, why := range x.reasonsByRows() {
		l := x.reasons[why]
		out += l.rows
		fmt.Fprintf(t.out, "left out: %d rows, the first in line %d: %s\n", l.rows, l.firstLine, why)
	}
	if out > 0 && x.leftOut == nil {
		fmt.Fprintln(t.out, "--left-out FILE writes them down")
	}
}

func (x *oldImport) reasonsByRows() []string {
	var whys []string
	for why := range x.reasons {
		whys = append(whys, why)
	}
	slices.SortFunc(whys, func(a, b string) int {
		if d := x.reasons[b].rows - x.reasons[a].rows; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return whys
}

// oldCells are one row of the file.
type oldCells struct {
	header []string
	column map[string]int
	cells  []string
}

// of is a column's cell, without the spaces around it; "" where there is none.
func (r *oldCells) of(column string) string {
	n, ok := r.column[column]
	if !ok || n >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[n])
}

// eachRow hands over the rows of a CSV file, with their lines; a row isn't to
// be kept.
func eachRow(file string, bar *progress, f func(line int, r *oldCells) error) error {
	src, err := os.Open(file)
	if err != nil {
		return err
	}
	defer src.Close()
	info, err := src.Stat()
	if err != nil {
		return err
	}
	counted := &countingReader{r: src}
	in, err := unpacked(counted)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	rows := csv.NewReader(in)
	rows.FieldsPerRecord, rows.LazyQuotes, rows.ReuseRecord = -1, true, true
	header, err := rows.Read()
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s is empty", file)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	r := &oldCells{column: map[string]int{}}
	for n, name := range header {
		r.header = append(r.header, strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		r.column[r.header[n]] = n
	}
	for n := 0; ; n++ {
		r.cells, err = rows.Read()
		if errors.Is(err, io.EOF) {
			bar.at(1)
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		line, _ := rows.FieldPos(0)
		if err := f(line, r); err != nil {
			return err
		}
		if n%1000 == 0 && info.Size() > 0 {
			bar.at(float64(counted.n) / float64(info.Size()))
		}
	}
}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// unpacked is what a file holds, packed with gzip or not.
func unpacked(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	if magic, err := b.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		return newGzip(b)
	}
	return b, nil
}
