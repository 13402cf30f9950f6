package app

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

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/intake"
	"kith/internal/kit/search"
)

// Exit statuses of every command.
const (
	exitDone   = 0
	exitNo     = 1 // the input is at fault, or the answer is no
	exitUsage  = 2
	exitSystem = 3
)

// cli is what a command works with.
type cli struct {
	in       io.Reader
	out, err io.Writer
	log      *slog.Logger
	args     []string // as they were given
	helped   bool     // the help that was asked for is printed
	// forOthers lets others read the files that are made from then on.
	forOthers func()
}

// commandLine is every command, with its arguments and options.
type commandLine struct {
	Demo       demoCommand       `cmd:"" help:"Make the demonstration year, once, and serve it."`
	Serve      serveCommand      `cmd:"" help:"Serve the workspace and the public sites."`
	Import     importCommand     `cmd:"" help:"Read files and load what they bring."`
	Check      checkCommand      `cmd:"" help:"List what is at fault in files, without loading."`
	Summarise  summariseCommand  `cmd:"" help:"Count a return without a database."`
	Withdraw   withdrawCommand   `cmd:"" help:"Take away an import and the records it brought."`
	Figure     figureCommand     `cmd:"" help:"Compute a figure; without an id, list them."`
	Report     reportCommand     `cmd:"" help:"Write the yearly report as files."`
	Protect    protectCommand    `cmd:"" help:"Hide what must be hidden in a table."`
	Attack     attackCommand     `cmd:"" help:"Show what a reader could work out of a table's hidden counts."`
	Routes     routesCommand     `cmd:"" help:"List every address with its permission."`
	Audit      auditCommand      `cmd:"" help:"Check and seal the record of who did what."`
	User       userCommand       `cmd:"" help:"Add somebody who can sign in."`
	Website    websiteCommand    `cmd:"" help:"Set the address of the website."`
	Mail       mailCommand       `cmd:"" help:"How e-mail is sent, and what could not be delivered."`
	Migrate    migrateCommand    `cmd:"" help:"Bring the databases up to date, and make those that are missing."`
	Completion completionCommand `cmd:"" help:"Print a script that lets a shell complete what is typed."`
	Version    versionCommand    `cmd:"" help:"Print the version, and the commit it was built from."`
	Help       helpCommand       `cmd:"" help:"Tell more about a command."`
}

// Main runs the command line and returns the exit status.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := &cli{in: stdin, out: stdout, err: stderr, log: slog.New(slog.NewTextHandler(stderr, nil)), args: args,
		forOthers: keepToSelf()}
	k, err := c.parser(ctx)
	if err != nil {
		fmt.Fprintf(stderr, "kith: %v\n", err)
		return exitSystem
	}
	if len(args) == 0 {
		k.Parse([]string{"--help"}) // it only prints
		return exitUsage
	}
	if args[0] == "help" {
		args = append(args[1:len(args):len(args)], "--help")
	}
	if name := emptyOption(k.Model.Node, args); name != "" {
		at, _ := kong.Trace(k, args)
		return c.usage(at.Selected(), name+" is given and empty: say what it is, or leave it out")
	}
	if name := repeated(k.Model.Node, args); name != "" {
		at, _ := kong.Trace(k, args)
		return c.usage(at.Selected(), name+" is given twice, and takes one answer: leave one of them out")
	}
	at, err := k.Parse(arranged(k.Model.Node, args))
	switch {
	case c.helped:
		return exitDone
	case err != nil:
		return c.misread(k, args, err)
	}
	return c.status(at.Selected(), at.Run())
}

// status says what went wrong, if anything, and gives the exit status for it.
func (c *cli) status(at *kong.Node, err error) int {
	var wrong *misuse
	var fatal *intake.Fatal
	var bad *figure.BadAsk
	var held *figure.NotHeld
	var no *refused
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &wrong):
		return c.usage(at, wrong.words)
	case errors.As(err, &no):
		if no.words != "" {
			fmt.Fprintf(c.err, "kith: %s\n", c.said(no.words))
		}
		return exitNo
	case errors.As(err, &fatal):
		fmt.Fprintf(c.err, "kith: %s\n", c.said(err.Error()))
		return exitNo
	case errors.As(err, &bad):
		fmt.Fprintf(c.err, "kith: %s\n", c.said(bad.Words))
		return exitNo
	case errors.As(err, &held):
		fmt.Fprintf(c.err, "kith: %s\n", c.said(held.Words))
		return exitNo
	case errors.Is(err, figure.ErrUnknown):
		fmt.Fprintf(c.err, "kith: %s; `kith figure` lists them\n", c.said(err.Error()))
		return exitNo
	case errors.Is(err, db.ErrNotFound):
		fmt.Fprintf(c.err, "kith: %s\n", c.said(err.Error()))
		return exitNo
	}
	fmt.Fprintf(c.err, "kith: %s\n", c.said(err.Error()))
	return exitSystem
}

// A refused is an answer of no, in words; without words it was already printed.
type refused struct{ words string }

func (e *refused) Error() string { return e.words }

// A misuse is a command line that cannot be understood, with why.
type misuse struct{ words string }

func (e *misuse) Error() string { return e.words }

func misused(format string, args ...any) error { return &misuse{fmt.Sprintf(format, args...)} }

type migrateCommand struct {
	installationOptions
	Search bool `help:"Make again what the searches find, as the records are."`
}

// Help gives examples.
func (migrateCommand) Help() string {
	return examples("kith migrate --dir /srv/kith", "kith migrate --db postgres://kith@db.example/kith",
		"kith migrate --dir /srv/kith --search")
}

// Run brings the databases up to date.
func (o *migrateCommand) Run(ctx context.Context, c *cli) error {
	a, err := Open(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	if o.Search {
		for _, x := range []*search.Index{a.Search, a.PublicSearch} {
			if x == nil {
				continue
			}
			if err := x.Rebuild(ctx); err != nil {
				a.Close()
				return err
			}
		}
	}
	return a.Close()
}
