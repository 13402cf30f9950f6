package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/publish"
	"kith/internal/kit/web"
)

type routesCommand struct {
	Format string `enum:"text,json" default:"text" placeholder:"FORMAT" help:"One of text and json."`
	Face   string `enum:"all,work,public" default:"all" placeholder:"FACE" help:"Whose: all, work or public."`
	noInstallation
}

// Help gives examples.
func (routesCommand) Help() string {
	return examples("kith routes", "kith routes --face public --format json")
}

// Run lists every address. The rooms are put together on stores that are not open:
// what is only listed opens no database and makes none.
func (o *routesCommand) Run(ctx context.Context, c *cli) error {
	a := &App{Config: Config{Face: o.Face}, Log: c.log, Now: clock.System, Work: &db.DB{}, Public: &db.DB{}}
	a.Cache = publish.NewCache(a.Public, time.Now)
	if err := a.wire(ctx, func(context.Context) (bool, error) { return false, nil }); err != nil {
		return err
	}
	type route struct {
		Method     string         `json:"method"`
		Pattern    string         `json:"pattern"`
		Permission web.Permission `json:"permission"`
	}
	var out []route
	for _, rt := range a.mux().Routes() {
		method, pattern, ok := strings.Cut(rt.Pattern, " ")
		if !ok {
			method, pattern = "", rt.Pattern
		}
		out = append(out, route{method, pattern, rt.Permission})
	}
	if o.Format == "json" {
		e := json.NewEncoder(c.out)
		e.SetIndent("", "  ")
		return e.Encode(out)
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, rt := range out {
		fmt.Fprintf(w, "%s\t%s\t%s\n", rt.Method, rt.Pattern, rt.Permission)
	}
	return w.Flush()
}
