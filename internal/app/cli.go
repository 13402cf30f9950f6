package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/intake"
)

// Version is the program's own, set when it is built for release.
var Version = "development"

// Exit statuses of every command.
const (
	exitDone   = 0
	exitNo     = 1 // the input is at fault, or the answer is no
	exitUsage  = 2
	exitSystem = 3
)

// A command is one word of the command line.
type command struct {
	name, args, about string
	run               func(ctx context.Context, c *cli, args []string) error
}

// cli is what a command works with.
type cli struct {
	in       io.Reader
	out, err io.Writer
	log      *slog.Logger
}

var commands = []command{
	{"demo", "[--dir D] [--addr A] [--prepare]", "make the demonstration year, once, and serve it", runDemo},
	{"serve", "[--dir D] [--db URL] [--face all|work|public]", "serve the workspace and the public sites", runServe},
	{"import", "KIND PATH… [--year Y] [--authority A] [--dry-run] [--strict]", "read files and load what they bring", runImport},
	{"check", "KIND PATH… [--format text|json|csv]", "list what is at fault in files, without loading", runCheck},
	{"summarise", "KIND PATH… --year Y --authority A --out FILE", "count a return without a database", runSummarise},
	{"withdraw", "IMPORT-ID", "take away an import and the records it brought", runWithdraw},
	{"figure", "[ID --period P | --at DATE] [--where K=V]… [--by DIM]", "compute a figure; without an id, list them", runFigure},
	{"report", "build YEAR --out DIR", "write the yearly report as files", runReport},
	{"protect", "TABLE.csv|- [--profile P] [--ledger FILE] [--hierarchy FILE] [--explain] [--dry-run] …", "hide what must be hidden in a table", runProtect},
	{"attack", "TABLE.csv|- [--profile P] [--know K2] [--ledger FILE] [--hierarchy FILE] …", "what a reader could work out of a table's hidden counts", runAttack},
	{"routes", "[--format text|json]", "list every address with its permission", runRoutes},
	{"user", "add --email E --name N --role R", "add somebody who can sign in", runUser},
	{"migrate", "", "bring the databases up to date", runMigrate},
	{"version", "", "print the version", runVersion},
}

// Main runs the command line and returns the exit status.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := &cli{in: stdin, out: stdout, err: stderr, log: slog.New(slog.NewTextHandler(stderr, nil))}
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		c.help(stdout)
		if len(args) == 0 {
			return exitUsage
		}
		return exitDone
	}
	for _, cmd := range commands {
		if cmd.name == args[0] {
			return c.status(cmd, cmd.run(ctx, c, args[1:]))
		}
	}
	fmt.Fprintf(stderr, "kith: there is no command %q\n\n", args[0])
	c.help(stderr)
	return exitUsage
}

func (c *cli) help(w io.Writer) {
	fmt.Fprintf(w, "Kith runs a safeguarding children partnership's year and publishes its report.\n\n")
	for _, cmd := range commands {
		fmt.Fprintf(w, "  kith %-10s %s\n", cmd.name, cmd.about)
	}
	fmt.Fprintf(w, "\nkith COMMAND --help tells more. Exit status: 0 done, 1 the input is at fault or\nthe answer is no, 2 usage, 3 the system is at fault.\n")
}

// status says what went wrong, if anything, and gives the exit status for it.
func (c *cli) status(cmd command, err error) int {
	var fatal *intake.Fatal
	var bad *figure.BadAsk
	var held *figure.NotHeld
	var no *refused
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(c.err, "\n%s: %s\n", strings.TrimSpace("kith "+cmd.name+" "+cmd.args), cmd.about)
		return exitDone
	case errors.Is(err, errUsage):
		fmt.Fprintf(c.err, "usage: %s\n", strings.TrimSpace("kith "+cmd.name+" "+cmd.args))
		return exitUsage
	case errors.As(err, &no):
		if no.words != "" {
			fmt.Fprintf(c.err, "kith: %s\n", no.words)
		}
		return exitNo
	case errors.As(err, &fatal):
		fmt.Fprintf(c.err, "kith: %v\n", err)
		return exitNo
	case errors.As(err, &bad):
		fmt.Fprintf(c.err, "kith: %s\n", bad.Words)
		return exitNo
	case errors.As(err, &held):
		fmt.Fprintf(c.err, "kith: %s\n", held.Words)
		return exitNo
	case errors.Is(err, figure.ErrUnknown):
		fmt.Fprintf(c.err, "kith: %v; `kith figure` lists them\n", err)
		return exitNo
	case errors.Is(err, db.ErrNotFound):
		fmt.Fprintf(c.err, "kith: %v\n", err)
		return exitNo
	}
	fmt.Fprintf(c.err, "kith: %v\n", err)
	return exitSystem
}

// A refused is an answer of no, in words; without words it was already printed.
type refused struct{ words string }

func (e *refused) Error() string { return e.words }

// usage prints why a command line cannot be understood.
func (c *cli) usage(format string, args ...any) error {
	fmt.Fprintf(c.err, "kith: "+format+"\n", args...)
	return errUsage
}

func runVersion(_ context.Context, c *cli, args []string) error {
	if rest, err := newOptions("version", c.err).parse(args); err != nil {
		return err
	} else if len(rest) > 0 {
		return errUsage
	}
	_, err := fmt.Fprintln(c.out, "kith", Version)
	return err
}

func runMigrate(ctx context.Context, c *cli, args []string) error {
	o := newOptions("migrate", c.err)
	if rest, err := o.parse(args); err != nil {
		return err
	} else if len(rest) > 0 {
		return errUsage
	}
	a, err := Open(ctx, o.Config, c.log)
	if err != nil {
		return err
	}
	return a.Close()
}
