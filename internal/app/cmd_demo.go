package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"kith/internal/kit/lang"
)

// demoMark stands in the folder of a demonstration: "making" while its year is
// made, "ready" once it is whole.
const demoMark = "demonstration"

// isDemo reports whether a folder is a demonstration's.
func isDemo(dir string) bool {
	state, err := os.ReadFile(filepath.Join(dir, demoMark))
	return err == nil && (string(state) == "ready\n" || string(state) == "making\n")
}

type demoCommand struct {
	Dir     string `default:"demo" variable:"KITH_DIR" placeholder:"FOLDER" help:"Folder of the demonstration."`
	DB      string `name:"db" hidden:"" variable:"KITH_DB"` // refused: a demonstration keeps to its folder
	Addr    string `default:"127.0.0.1:8080" variable:"KITH_ADDR" placeholder:"HOST:PORT" help:"Where to listen."`
	Prepare bool   `help:"Make the year and do not serve it."`
}

// Help tells more and gives examples.
func (demoCommand) Help() string {
	return "The area, its people and its records are all made up. The year is made " +
		"the first time and kept in the folder.\n\n" +
		examples("kith demo", "kith demo --dir /tmp/kith-demo --addr 127.0.0.1:9000")
}

// Run makes the demonstration and serves it.
func (o *demoCommand) Run(ctx context.Context, c *cli) error {
	a, err := c.demo(ctx, Config{Dir: o.Dir, DB: o.DB, Addr: o.Addr, Face: FaceAll, Demo: true})
	if err != nil {
		return err
	}
	defer a.Close()
	if o.Prepare {
		fmt.Fprintf(c.out, "The demonstration year is in %s. Serve it with: kith demo --dir %s\n", o.Dir, o.Dir)
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
	mark := filepath.Join(cfg.Dir, demoMark)
	state, err := os.ReadFile(mark)
	switch {
	case err == nil && string(state) == "ready\n":
		return Open(ctx, cfg, c.log)
	case err == nil:
		if err := clearDemo(cfg.Dir); err != nil {
			return nil, fmt.Errorf("clear a half-made demonstration: %w", err)
		}
	case !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("open the demonstration: %w", err)
	default:
		if _, err := os.Stat(filepath.Join(cfg.Dir, "work.db")); err == nil || cfg.DB != "" {
			return nil, &refused{fmt.Sprintf("%s holds an installation that is no demonstration; name another folder with --dir",
				cfg.Dir)}
		}
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the demonstration's folder: %w", err)
	}
	if err := os.WriteFile(mark, []byte("making\n"), 0o600); err != nil {
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
	if err := os.WriteFile(mark, []byte("ready\n"), 0o600); err != nil {
		a.Close()
		return nil, fmt.Errorf("make the demonstration: %w", err)
	}
	fmt.Fprintf(c.out, "Made in %s seconds.\n", lang.Decimal(time.Since(start).Seconds(), 1))
	return a, nil
}

// clearDemo removes what a demonstration is made of, and nothing else.
func clearDemo(dir string) error {
	for _, name := range []string{"work.db", "public.db"} {
		for _, end := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(filepath.Join(dir, name+end)); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
	}
	return os.RemoveAll(filepath.Join(dir, "inbox"))
}
