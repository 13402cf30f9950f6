package app

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kith/internal/kit/intake"
	"kith/internal/kit/period"
)

// A Config is where an installation's things are and how it is served.
type Config struct {
	Dir  string // everything of one installation: databases, files, keys
	DB   string // postgres:// address of the work store; empty for SQLite in Dir
	Addr string // where to listen
	Face string // all, work or public
	Mail string // the mail server, smtp://…; empty keeps messages in the outbox
	Demo bool   // the demonstration year
	DNS  string // the name server that is asked about mail, host:port; empty for the machine's
	// Proxies are the addresses and ranges of proxies that say for whom they ask.
	Proxies []string
	// Hosts are names the site answers under besides that of its address in Settings.
	Hosts []string
	// Files is the bucket of an S3 service where the contents of files are kept, as
	// files.ParseBucket reads it; empty for a folder in Dir.
	Files string
	// Clamd is where the virus checker listens, as files.NewClamd reads it; empty for none.
	Clamd string
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

// installationOptions are those of a command that works with an installation.
type installationOptions struct {
	Dir string `default:"kith-data" variable:"KITH_DIR" placeholder:"FOLDER" help:"Folder of the installation."`
	DB  string `name:"db" variable:"KITH_DB" placeholder:"URL" help:"${db}"`
}

// Validate refuses an address that is not PostgreSQL's: it would be taken for the name
// of a file.
func (o *installationOptions) Validate() error {
	db := cmp.Or(o.DB, os.Getenv("KITH_DB"))
	if db != "" && !strings.HasPrefix(db, "postgres://") && !strings.HasPrefix(db, "postgresql://") {
		return errors.New("--db (or KITH_DB) is not an address that begins with postgres://; without it, SQLite is used")
	}
	return nil
}

func (o *installationOptions) config() Config {
	lease, _ := time.ParseDuration(os.Getenv("KITH_LEASE")) // 0 when it is not given
	return Config{Dir: o.Dir, DB: o.DB, Lease: lease}
}

// noInstallation is for a command that opens no installation: it takes the options
// that name one, so that a script may give them to all commands, and uses neither.
type noInstallation struct {
	Dir string `hidden:""`
	DB  string `name:"db" hidden:""`
}

// A yearOption is a financial year.
type yearOption struct{ period.Year }

// UnmarshalText reads a year such as 2023-24.
func (y *yearOption) UnmarshalText(b []byte) (err error) {
	y.Year, err = period.ParseYear(string(b))
	return err
}

// A spanOption is a period.
type spanOption struct{ period.Span }

// UnmarshalText reads a period such as 2023-24Q1.
func (s *spanOption) UnmarshalText(b []byte) (err error) {
	s.Span, err = period.Parse(string(b))
	return err
}

// A partOption is a run of whole months of a year.
type partOption struct{ period.Span }

// UnmarshalText reads months such as 2024-25Q1.
func (s *partOption) UnmarshalText(b []byte) (err error) {
	s.Span, err = intake.ParsePart(string(b))
	return err
}

// A dateOption is a date.
type dateOption struct{ period.Date }

// UnmarshalText reads a date, however it is written.
func (d *dateOption) UnmarshalText(b []byte) (err error) {
	d.Date, err = period.ParseAnyDate(string(b))
	return err
}

// A pairOption is KEY=VALUE.
type pairOption struct{ key, value string }

// UnmarshalText reads a pair.
func (p *pairOption) UnmarshalText(b []byte) error {
	var ok bool
	if p.key, p.value, ok = strings.Cut(string(b), "="); !ok || p.key == "" {
		return errors.New("write it as KEY=VALUE, such as sector=health")
	}
	return nil
}

// A nameOption is COLUMN=CODE=NAME: a code of a table and what it is called.
type nameOption struct{ column, code, name string }

// UnmarshalText reads the three; a code may be empty, or have an equals sign in it.
func (o *nameOption) UnmarshalText(b []byte) error {
	column, rest, ok := strings.Cut(string(b), "=")
	at := strings.LastIndex(rest, "=")
	if !ok || at < 0 || column == "" || rest[at+1:] == "" {
		return errors.New("write it as DIMENSION=CODE=NAME, such as age=05-Sep=5-9")
	}
	*o = nameOption{strings.TrimSpace(column), strings.TrimSpace(rest[:at]), strings.TrimSpace(rest[at+1:])}
	return nil
}

// A codesOption is the codes of one count of a table, each with its dimension.
type codesOption struct{ codes map[string]string }

// UnmarshalText reads codes such as age=Total,sex=Total.
func (o *codesOption) UnmarshalText(b []byte) error {
	o.codes = map[string]string{}
	for part := range strings.SplitSeq(string(b), ",") {
		var p pairOption
		if p.UnmarshalText([]byte(part)) != nil {
			return fmt.Errorf("%q: name each code, as age=Total,sex=Total", b)
		}
		o.codes[p.key] = p.value
	}
	return nil
}
