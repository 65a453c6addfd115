// Command moked is a municipality's hotline: it serves the consoles and the
// API, and carries what an administrator does from a shell.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the command line. Every flag has a MOKED_… variable, named after
// the flag.
type commands struct {
	LogLevel  slog.Level `default:"info" help:"Least level to log: debug, info, warn, error."`
	LogFormat string     `enum:"text,json" default:"text" help:"How logs are written: text or json."`

	Serve     serveCmd     `cmd:"" help:"Run the server."`
	Demo      demoCmd      `cmd:"" help:"Build a city and run it, with residents and crews who act by themselves."`
	Migrate   migrateCmd   `cmd:"" help:"Bring the database's schema up to date."`
	Authority authorityCmd `cmd:"" help:"Authorities: cities and regional councils."`
	Import    importCmd    `cmd:"" help:"Take a city's ground from files."`
	User      userCmd      `cmd:"" help:"People who sign in."`
	Token     tokenCmd     `cmd:"" help:"Tokens of programs."`
	Crew      crewCmd      `cmd:"" help:"Crews."`
	Tracker   trackerCmd   `cmd:"" help:"Phones and boxes that tell where crews are."`
	Doctor    doctorCmd    `cmd:"" help:"Say what this machine lacks and how to get it."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
}

// terminal is where a command prints: what it made goes to out, how it goes on
// goes to err.
type terminal struct {
	out, err io.Writer
	log      *slog.Logger
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run carries out one command line and returns the exit status: 0 done, 1
// failed, 2 not a command line of ours, 130 interrupted.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	var c commands
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("moked"),
		kong.Description("The municipal hotline, from a resident's words to a crew on the map."),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.DefaultEnvars("MOKED"),
		kong.Writers(out, errOut),
		kong.Exit(func(status int) { exited = status }),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		panic(err) // the struct above is wrong
	}
	k, err := parser.Parse(args)
	if exited >= 0 { // help was asked for
		return exited
	}
	if err != nil {
		fmt.Fprintf(errOut, "moked: %v\n", err)
		return 2
	}
	var handler slog.Handler = slog.NewTextHandler(errOut, &slog.HandlerOptions{Level: c.LogLevel})
	if c.LogFormat == "json" {
		handler = slog.NewJSONHandler(errOut, &slog.HandlerOptions{Level: c.LogLevel})
	}
	t := terminal{out: out, err: errOut, log: slog.New(handler)}
	if err := k.Run(t); err != nil {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			fmt.Fprintln(errOut, "moked: interrupted")
			return 130
		}
		fmt.Fprintf(errOut, "moked: %v\n", err)
		return 1
	}
	return 0
}
