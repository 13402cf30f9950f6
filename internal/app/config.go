package app

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Config is where an installation's things are and how it is served.
type Config struct {
	Dir  string // everything of one installation: databases, files, keys
	DB   string // postgres:// address of the work store; empty for SQLite in Dir
	Addr string // where to listen
	Face string // all, work or public
	Mail string // the mail server, smtp://…; empty keeps messages in the outbox
	Demo bool   // the demonstration year
	// Lease is how long a process that is not heard of keeps its jobs; 0 is the
	// usual. Only the tests set it, by KITH_LEASE, so as not to wait.
	Lease time.Duration
}

// The faces a process may serve.
const (
	FaceAll    = "all"
	FaceWork   = "work"
	FacePublic = "public"
)

func (c Config) work() string   { return c.store("work") }
func (c Config) public() string { return c.store("public") }

// store gives the address of a store: a file in Dir, or the database that --db
// names with the store's name after its own: kith → kith, kith_public.
func (c Config) store(name string) string {
	if c.DB == "" {
		return filepath.Join(c.Dir, name+".db")
	}
	if name == "work" {
		return c.DB
	}
	path, query, asked := strings.Cut(c.DB, "?")
	if asked {
		query = "?" + query
	}
	return path + "_" + name + query
}

// options is a command's flags, which may stand before or after its arguments.
type options struct {
	*flag.FlagSet
	Config
}

func newOptions(name string, stderr io.Writer) *options {
	o := &options{FlagSet: flag.NewFlagSet("kith "+name, flag.ContinueOnError)}
	o.SetOutput(stderr)
	o.StringVar(&o.Dir, "dir", env("KITH_DIR", "kith-data"), "folder of the installation")
	o.Lease, _ = time.ParseDuration(os.Getenv("KITH_LEASE")) // 0 when it is not given
	o.StringVar(&o.DB, "db", os.Getenv("KITH_DB"), "postgres:// address, instead of SQLite in the folder")
	return o
}

func env(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}

// errUsage is returned for a command line that cannot be understood; the flag
// package, or the command, has said why.
var errUsage = errors.New("usage")

// parse reads options wherever they stand and returns the arguments. A "--" ends
// the options.
func (o *options) parse(args []string) ([]string, error) {
	var rest []string
	for {
		if err := o.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, errUsage
		}
		n := len(args) - o.NArg()
		ended := n > 0 && args[n-1] == "--"
		args = o.Args()
		if ended || len(args) == 0 {
			return append(rest, args...), nil
		}
		rest = append(rest, args[0])
		args = args[1:]
	}
}

// pairs is a flag given as KEY=VALUE, any number of times.
type pairs map[string]string

func (p pairs) String() string { return "" }

func (p pairs) Set(s string) error {
	k, v, ok := strings.Cut(s, "=")
	if !ok || k == "" {
		return fmt.Errorf("write it as KEY=VALUE, such as sector=health")
	}
	p[k] = v
	return nil
}

// oneOf is a flag that takes one of a few words.
type oneOf struct {
	value   *string
	allowed []string
}

func (f oneOf) String() string {
	if f.value == nil {
		return ""
	}
	return *f.value
}

func (f oneOf) Set(s string) error {
	if !slices.Contains(f.allowed, s) {
		return fmt.Errorf("choose one of %s", strings.Join(f.allowed, ", "))
	}
	*f.value = s
	return nil
}
