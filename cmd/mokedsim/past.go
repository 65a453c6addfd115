package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"moked/cmd/mokedsim/sim"
)

// pastCmd writes a made-up past for "moked import reports", with its map and
// the truth of it beside it: FILE.csv, FILE.map.json, FILE.truth.json.
type pastCmd struct {
	URL     string  `help:"The server." default:"http://127.0.0.1:8080" env:"MOKED_URL"`
	Token   string  `help:"A token of the authority's." required:"" env:"MOKED_TOKEN"`
	Years   float64 `help:"How far back it goes." default:"5"`
	Reports int     `help:"About how many reports." default:"1000000"`
	Seed    uint64  `help:"Of the dice." default:"1" env:"MOKED_SEED"`
	To      string  `help:"Its last day, 2026-05-31; today without one."`
	Zone    string  `help:"The authority's time zone." default:"Asia/Jerusalem"`
	Out     string  `arg:"" help:"Where to write: FILE.csv, FILE.map.json and FILE.truth.json."`
}

func (c *pastCmd) Run(ctx context.Context) error {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return err
	}
	to := time.Now()
	if c.To != "" {
		if to, err = time.ParseInLocation(time.DateOnly, c.To, zone); err != nil {
			return err
		}
		to = to.AddDate(0, 0, 1)
	}
	reports, truth, err := sim.Past(ctx, sim.PastConfig{
		URL: c.URL, Token: c.Token, Years: c.Years, Reports: c.Reports, Seed: c.Seed, To: to, Zone: zone,
	})
	if err != nil {
		return err
	}
	if err := writePast(c.Out+".csv", reports); err != nil {
		return err
	}
	for name, v := range map[string]any{".map.json": pastMap, ".truth.json": truth} {
		b, err := json.MarshalIndent(v, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.Out+name, append(b, '\n'), 0o600); err != nil {
			return err
		}
	}
	fmt.Printf("%d reports in %s.csv\n", len(reports), c.Out)
	return nil
}

// pastMap says what writePast's columns mean.
var pastMap = map[string]any{
	"id": "id", "incident": "hazard", "filed_at": "filed", "responded_at": "responded", "closed_at": "closed", "reopened": "reopened",
	"lat": "lat", "lon": "lon", "text": []string{"text"}, "times": []string{time.RFC3339},
	"category": map[string]any{"column": "category"},
	"channel":  map[string]any{"column": "channel", "codes": map[string]string{"app": "app", "web": "web", "whatsapp": "whatsapp"}},
}

func writePast(file string, reports []sim.PastReport) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	b := bufio.NewWriterSize(f, 1<<20)
	w := csv.NewWriter(b)
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }
	_ = w.Write([]string{"id", "hazard", "filed", "responded", "closed", "reopened", "category", "channel", "lat", "lon", "text"})
	firsts := map[int]string{}
	for n, r := range reports {
		id := "P" + strconv.Itoa(n+1)
		if firsts[r.Hazard] == "" {
			firsts[r.Hazard] = id
		}
		_ = w.Write([]string{
			id, firsts[r.Hazard], at(r.FiledAt), at(r.RespondedAt), at(r.Closed), strconv.Itoa(r.Reopened), r.Category, r.Channel,
			number(r.Lat), number(r.Lon), r.Text,
		})
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	return f.Close()
}
