package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"moked/dispatch"
	"moked/dispatch/desk"
	fieldapi "moked/fieldapp-api"
	"moked/geo/osm"
	"moked/geo/postgis"
)

// printReport says what a file held, what was taken of it, and what was left
// out and why.
func printReport(w io.Writer, file string, r osm.Report) {
	fmt.Fprintf(w, "%s (%s): read %s\n", file, r.Format, countList(r.Read))
	fmt.Fprintf(w, "taken: %s\n", countList(r.Taken))
	if len(r.Left) == 0 {
		return
	}
	fmt.Fprintln(w, "left out or mended:")
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, l := range r.Left {
		examples := strings.Join(l.Examples, ", ")
		if l.N > len(l.Examples) {
			examples += ", …"
		}
		fmt.Fprintf(table, "  %s\t%d\t%s\t(%s)\n", l.Kind, l.N, l.Reason, examples)
	}
	table.Flush()
}

func countList(counts []osm.Count) string {
	if len(counts) == 0 {
		return "nothing"
	}
	var parts []string
	for _, c := range counts {
		parts = append(parts, fmt.Sprintf("%s %d", c.Kind, c.N))
	}
	return strings.Join(parts, ", ")
}

const listed = 10 // flaws of a kind that are named one by one

// printTaken says what was mended in a layer of polygons, and how the layers
// lie on the authority's ground now.
func printTaken(w io.Writer, t desk.Taken) {
	for _, r := range t.Repairs {
		where := r.Code
		if r.Where != "" {
			where += " (" + r.Where + ")"
		}
		switch r.Fault {
		case postgis.Invalid:
			fmt.Fprintf(w, "mended %s: %s; its area changed by %.0f m²\n", where, r.Reason, r.ByM2)
		case postgis.NoArea:
			fmt.Fprintf(w, "left out %s: %s\n", where, r.Reason)
		case postgis.UnknownParent:
			fmt.Fprintf(w, "put %s where it lies: its parent %q is unknown\n", where, r.Reason)
		}
	}
	for _, c := range t.Coverage {
		fmt.Fprintf(w, "%s: %d polygons cover %.2f of %.2f km²", c.Layer, c.Polygons, c.CoveredM2/1e6, c.WholeM2/1e6)
		if c.Slivers > 0 {
			fmt.Fprintf(w, ", but for %d slivers of %.0f m² in all", c.Slivers, c.SliversM2)
		}
		if c.Whole() {
			fmt.Fprintln(w)
			continue
		}
		fmt.Fprintf(w, "; %d flaws:\n", len(c.Flaws))
		for _, f := range c.Flaws[:min(listed, len(c.Flaws))] {
			fmt.Fprintf(w, "  %s\n", flaw(f))
		}
		if more := len(c.Flaws) - listed; more > 0 {
			fmt.Fprintf(w, "  and %d smaller ones\n", more)
		}
	}
}

func flaw(f postgis.Flaw) string {
	at := fmt.Sprintf("%.0f m² at %.5f,%.5f", f.M2, f.Lat, f.Lon)
	switch f.Kind {
	case "overlap":
		return fmt.Sprintf("%s and %s overlap: %s", f.A, f.B, at)
	case "outside":
		if f.B == "" {
			return fmt.Sprintf("%s sticks out: %s", f.A, at)
		}
		return fmt.Sprintf("%s sticks out of %s: %s", f.A, f.B, at)
	}
	return fmt.Sprintf("a gap by %s: %s", f.A, at)
}

// plain words an error for a person at a shell.
func plain(err error) error {
	var refused *dispatch.Error
	if !errors.As(err, &refused) {
		return err
	}
	said := fieldapi.Explain("en", refused)
	if refused.Field != "" {
		said = refused.Field + ": " + said
	}
	return errors.New(said)
}
