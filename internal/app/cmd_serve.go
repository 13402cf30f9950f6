package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/files"
	"kith/internal/kit/listen"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type serveCommand struct {
	Addr  string `default:"127.0.0.1:8080" variable:"KITH_ADDR" placeholder:"HOST:PORT" help:"Where to listen."`
	Mail  string `variable:"KITH_MAIL" placeholder:"URL" help:"${mail}"`
	Face  string `enum:"all,work,public" default:"all" placeholder:"FACE" help:"${face}"`
	Files string `variable:"KITH_FILES" placeholder:"URL" help:"${files}"`
	Clamd string `variable:"KITH_CLAMD" placeholder:"ADDRESS" help:"${clamd}"`
	DNS   string `name:"dns" variable:"KITH_DNS" placeholder:"HOST:PORT" help:"${dns}"`
	// Proxy is a list, so that KITH_PROXY may name several.
	Proxy []string `variable:"KITH_PROXY" placeholder:"RANGE" help:"${proxy}"`
	Host  []string `variable:"KITH_HOST" placeholder:"NAME" help:"${host}"`
	installationOptions
}

// Help gives examples.
func (serveCommand) Help() string {
	return examples("kith serve --dir /srv/kith",
		"kith serve --dir /srv/kith --clamd /run/clamav/clamd.ctl",
		"kith serve --face public --db postgres://kith@db.example/kith --addr 127.0.0.1:8081")
}

// Run serves until it is stopped.
func (o *serveCommand) Run(ctx context.Context, c *cli) error {
	if err := mayListen(o.Addr); err != nil {
		return err
	}
	if _, err := web.Client(o.Proxy...); err != nil {
		return misused("--proxy: %v", err)
	}
	if err := o.checkFiles(); err != nil {
		return err
	}
	cfg := o.config()
	cfg.Files, cfg.Clamd, cfg.DNS = o.Files, o.Clamd, o.DNS
	cfg.Addr, cfg.Mail, cfg.Face, cfg.Proxies, cfg.Hosts = o.Addr, o.Mail, o.Face, o.Proxy, o.Host
	release, err := cfg.holdMade(clock.System())
	if err != nil {
		return err
	}
	defer release()
	a, err := Open(ctx, cfg, c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := c.warnOfNoWall(ctx, a); err != nil {
		return err
	}
	return a.Serve(ctx, func(at string) {
		fmt.Fprintf(c.out, "Kith serves http://%s (stop it with Ctrl+C)\n", at)
		c.warnOfEverywhere(at)
	})
}

// mayListen refuses what is no address to listen at, before anything is made.
func mayListen(addr string) error {
	if _, err := net.ResolveTCPAddr("tcp", addr); err != nil {
		return misused("--addr %s is no address to listen at; write a host and a port, such as 127.0.0.1:8080", addr)
	}
	return nil
}

// checkFiles refuses, before anything is made, addresses that are none.
func (o *serveCommand) checkFiles() error {
	if o.Files != "" {
		if _, err := files.ParseBucket(o.Files); err != nil {
			return misused("--files (or KITH_FILES): %s", err)
		}
	}
	if o.Clamd != "" {
		if _, err := files.NewClamd(o.Clamd); err != nil {
			return misused("--clamd (or KITH_CLAMD): %s", err)
		}
	}
	return nil
}

// warnOfEverywhere says so when a process listens on every network of the machine:
// its pages are not encrypted.
func (c *cli) warnOfEverywhere(at string) {
	host, _, err := net.SplitHostPort(at)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		fmt.Fprintln(c.err, "kith: every network of this machine can reach it, without encryption: put a proxy with TLS "+
			"before it, or give --addr 127.0.0.1 and the port")
	}
}

// warnOfNoWall says so when the database would give confidential records to whoever asks it,
// because of the role that it is opened as.
func (c *cli) warnOfNoWall(ctx context.Context, a *App) error {
	if a.Work == nil {
		return nil
	}
	why, err := a.Work.Unwalled(ctx)
	if err == nil && why != "" {
		fmt.Fprintf(c.err, "kith: the database role of %s %s, so the database does not guard confidential records itself: "+
			"give Kith a role of its own that is neither superuser nor has BYPASSRLS\n", a.Work.Name(), why)
	}
	return err
}

// Serve listens until ctx ends, then lets what is under way finish. ready is told
// the address once the first request can be answered.
func (a *App) Serve(ctx context.Context, ready func(addr string)) error {
	if !ui.AssetsBuilt() {
		a.Log.Warn("pages are unstyled: run `make assets` and build again")
	}
	isProxy, err := web.Proxies(a.Proxies...)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", a.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	bounds := listen.UsualBounds
	bounds.Trusted = func(from net.Addr) bool {
		host, _, err := net.SplitHostPort(from.String())
		return err == nil && isProxy(host)
	}
	door := listen.Strict(l, bounds)
	s := &http.Server{
		Handler:           listen.Usual.Bodies(a.Handler()),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       listen.Usual.Grace, // and longer for a body that comes at a pace
		WriteTimeout:      10 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ConnState:         door.ConnState,
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var background sync.WaitGroup
	if a.Face != FacePublic {
		background.Go(func() { a.Jobs.Run(work) })
		background.Go(func() { a.Outbox.Run(work) })
		background.Go(func() { a.Chain.Run(work, func(err error) { a.Log.Error("seal who did what", "error", err) }) })
		background.Go(func() { a.Mail.Run(work, func(err error) { a.Log.Error("ask what came of mail", "error", err) }) })
		background.Go(func() { a.Remind.Run(work, func(err error) { a.Log.Error("begin reminders", "error", err) }) })
		background.Go(func() { a.Files.Run(work, func(err error) { a.Log.Error("see to files", "error", err) }) })
		background.Go(func() {
			a.Imports.Run(work, func(err error) { a.Log.Error("let go of imports", "error", err) })
		})
		background.Go(func() {
			a.Training.Run(work, func(err error) { a.Log.Error("pass on places nobody answered for", "error", err) })
		})
	}
	if a.Face != FaceWork {
		background.Go(func() { a.Cache.Run(work, a.warm) })
	}
	background.Go(func() { a.Sites.Run(work, func(err error) { a.Log.Error("count visits", "error", err) }) })

	failed := make(chan error, 1)
	go func() { failed <- s.Serve(door) }()
	ready(l.Addr().String())
	select {
	case err = <-failed:
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		err = s.Shutdown(grace)
	}
	stop()
	background.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// warm reads what the public pages are made of.
func (a *App) warm(ctx context.Context) {
	if err := errors.Join(a.Sites.Warm(ctx), a.Annual.Warm(ctx)); err != nil && ctx.Err() == nil {
		a.Log.Error("make the public pages before they are asked for", "error", err)
	}
}
