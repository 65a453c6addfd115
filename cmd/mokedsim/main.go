// Command mokedsim is a city's worth of clients for a Moked server: residents
// who report, crews who drive and close jobs, a dispatcher who assigns what
// nobody took; and a city's past that never was. It uses the public API only.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"moked/cmd/mokedsim/sim"
)

type options struct {
	Run  runCmd  `cmd:"" default:"withargs" help:"Play the city."`
	Past pastCmd `cmd:"" help:"Make up a city's past, for moked import reports."`
}

type runCmd struct {
	URL     string  `help:"The server." default:"http://127.0.0.1:8080" env:"MOKED_URL"`
	Token   string  `help:"A dispatcher's token." required:"" env:"MOKED_TOKEN"`
	Crews   string  `help:"A JSON file of crew tokens by crew id." type:"existingfile" env:"MOKED_CREW_TOKENS"`
	Pace    float64 `help:"How much faster than life: reports come and work is done so many times as fast." default:"6" env:"MOKED_PACE"`
	Reports float64 `help:"Reports an hour, on an average hour, before the pace." default:"28" env:"MOKED_REPORTS"`
	Backlog int     `help:"Reports filed at the start, so that there is something to see." default:"60" env:"MOKED_BACKLOG"`
	Assign  bool    `help:"Play the dispatcher too." default:"true" negatable:"" env:"MOKED_ASSIGN"`
	Seed    uint64  `help:"Of the dice." default:"1" env:"MOKED_SEED"`
}

func main() {
	var o options
	k := kong.Parse(&o, kong.Name("mokedsim"), kong.Description("A city's worth of clients for a Moked server."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(); err != nil && ctx.Err() == nil {
		slog.Error("the simulation ended", "err", err)
		stop()
		os.Exit(1)
	}
}

func (o *runCmd) Run(ctx context.Context) error {
	tokens := map[string]string{}
	if o.Crews != "" {
		b, err := os.ReadFile(o.Crews)
		if err == nil {
			err = json.Unmarshal(b, &tokens)
		}
		if err != nil {
			return fmt.Errorf("crew tokens %s: %w", o.Crews, err)
		}
	}
	return sim.Run(ctx, sim.Config{
		URL: o.URL, Token: o.Token, CrewTokens: tokens, Pace: o.Pace,
		PerHour: o.Reports, Backlog: o.Backlog, Assign: o.Assign, Seed: o.Seed, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
}
