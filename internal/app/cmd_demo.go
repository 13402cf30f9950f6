package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
)

// demoMark stands in the folder of a demonstration: "making" while its year is
// made, "ready" once it is whole; and, where its records are in PostgreSQL, the names of
// the databases in the next line.
const demoMark = "demonstration"

// The states of a demonstration.
const (
	demoMaking = "making"
	demoReady  = "ready"
)

// demoState reads the mark of a folder: how far its demonstration is, and in which
// databases; "" for one that is no demonstration's.
func demoState(dir string) (state, databases string, err error) {
	b, err := os.ReadFile(filepath.Join(dir, demoMark))
	if errors.Is(err, os.ErrNotExist) {
		return "", "", nil
	}
	state, databases, _ = strings.Cut(strings.TrimSpace(string(b)), "\n")
	return state, databases, err
}

// isDemo reports whether a folder is a demonstration's.
func isDemo(dir string) bool {
	state, _, err := demoState(dir)
	return err == nil && (state == demoReady || state == demoMaking)
}

type demoCommand struct {
	Dir     string `default:"demo" variable:"KITH_DIR" placeholder:"FOLDER" help:"Folder of the demonstration."`
	DB      string `name:"db" variable:"KITH_DB" placeholder:"URL" help:"${db}"`
	Addr    string `default:"127.0.0.1:8080" variable:"KITH_ADDR" placeholder:"HOST:PORT" help:"Where to listen."`
	Prepare bool   `help:"Make the year and do not serve it."`
}

// Help tells more and gives examples.
func (demoCommand) Help() string {
	return "The area, its people and its records are all made up. The year is made " +
		"the first time and kept in the folder, or in two empty databases of PostgreSQL, the second of which is called as " +
		"the first with _public after it.\n\n" +
		examples("kith demo", "kith demo --dir /tmp/kith-demo --addr 127.0.0.1:9000",
			"kith demo --db postgres://kith@db.example/kith_demo")
}

// Validate refuses an address that is not PostgreSQL's.
func (o *demoCommand) Validate() error { return (&installationOptions{DB: o.DB}).Validate() }

// Run makes the demonstration and serves it.
func (o *demoCommand) Run(ctx context.Context, c *cli) error {
	cfg := Config{Dir: o.Dir, DB: o.DB, Addr: o.Addr, Face: FaceAll, Demo: true}
	if !o.Prepare {
		release, err := cfg.holdMade(clock.System())
		if err != nil {
			return err
		}
		defer release()
	}
	a, err := c.demo(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	if o.Prepare {
		fmt.Fprintf(c.out, "The demonstration year is in %s. Serve it with: kith demo --dir %[1]s%s\n", o.Dir, withDB(o.DB))
		return nil
	}
	return a.Serve(ctx, func(at string) {
		fmt.Fprintf(c.out, "The demonstration is at http://%s and everything in it is made up. Stop it with Ctrl+C.\n", at)
		c.warnOfEverywhere(at)
	})
}

// demo opens the demonstration, and makes its year first when there is none. One
// that was left half made is made again.
func (c *cli) demo(ctx context.Context, cfg Config) (*App, error) {
	state, databases, err := demoState(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("open the demonstration: %w", err)
	}
	if state != "" && databases != cfg.databases() {
		return nil, &refused{fmt.Sprintf("%s is the folder of a demonstration that is kept elsewhere; name another with "+
			"--dir", cfg.Dir)}
	}
	switch state {
	case demoReady:
		return Open(ctx, cfg, c.log)
	case "":
		if err := cfg.mayBeDemo(ctx); err != nil {
			return nil, err
		}
	default:
		if err := clearDemo(ctx, cfg); err != nil {
			return nil, fmt.Errorf("clear a half-made demonstration: %w", err)
		}
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the demonstration's folder: %w", err)
	}
	mark := func(state string) error {
		said := strings.TrimSpace(state+"\n"+cfg.databases()) + "\n"
		return os.WriteFile(filepath.Join(cfg.Dir, demoMark), []byte(said), 0o600)
	}
	if err := mark(demoMaking); err != nil {
		return nil, fmt.Errorf("make the demonstration: %w", err)
	}
	start := time.Now()
	fmt.Fprintln(c.out, "Making a demonstration year: its area, people and records are all made up.")
	a, err := Open(ctx, cfg, c.log)
	if err != nil {
		return nil, err
	}
	if err := a.makeDemo(ctx, func(words string) { fmt.Fprintln(c.out, "  "+words) }); err != nil {
		a.Close()
		return nil, fmt.Errorf("make the demonstration year: %w", err)
	}
	if err := mark(demoReady); err != nil {
		a.Close()
		return nil, fmt.Errorf("make the demonstration: %w", err)
	}
	fmt.Fprintf(c.out, "Made in %s seconds.\n", lang.Decimal(time.Since(start).Seconds(), 1))
	return a, nil
}

// databases names the databases of PostgreSQL, without a password; "" for SQLite.
func (c Config) databases() string {
	u, err := url.Parse(c.DB)
	if c.DB == "" || err != nil {
		return c.DB
	}
	u.User = nil
	return u.String()
}

// mayBeDemo refuses to make a demonstration where something else is.
func (c Config) mayBeDemo(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(c.Dir, "work.db")); err == nil {
		return &refused{fmt.Sprintf("%s holds an installation that is no demonstration; name another folder with --dir",
			c.Dir)}
	}
	if c.DB == "" {
		return nil
	}
	return c.eachDatabase(ctx, func(d *db.DB) error {
		n, err := db.Get[int64](ctx, d, `SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'`)
		if err == nil && n > 0 {
			return &refused{fmt.Sprintf("the database %s is not empty; make the demonstration an empty one", d.Name())}
		}
		return err
	})
}

// eachDatabase does something with both databases of PostgreSQL.
func (c Config) eachDatabase(ctx context.Context, do func(*db.DB) error) error {
	for _, at := range []string{c.work(), c.public()} {
		d, err := db.Open(ctx, at)
		if err != nil {
			return err
		}
		if err := errors.Join(do(d), d.Close()); err != nil {
			return err
		}
	}
	return nil
}

// clearDemo removes what a demonstration is made of, and nothing else.
func clearDemo(ctx context.Context, c Config) error {
	if c.DB != "" { // they were empty when the demonstration was begun
		err := c.eachDatabase(ctx, func(d *db.DB) error {
			return errors.Join(d.Exec1(ctx, "DROP SCHEMA public CASCADE"), d.Exec1(ctx, "CREATE SCHEMA public"))
		})
		return errors.Join(err, os.RemoveAll(filepath.Join(c.Dir, "inbox")))
	}
	for _, name := range []string{"work.db", "public.db"} {
		for _, end := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(filepath.Join(c.Dir, name+end)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
	}
	return os.RemoveAll(filepath.Join(c.Dir, "inbox"))
}

// withDB is the option that names a database, as a command is shown with it.
func withDB(db string) string {
	if db == "" {
		return ""
	}
	return " --db " + (Config{DB: db}).databases()
}
