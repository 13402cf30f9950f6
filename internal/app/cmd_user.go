package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"kith/internal/kit/web"
)

func runUser(ctx context.Context, c *cli, args []string) error {
	o := newOptions("user", c.err)
	var email, name, role string
	o.StringVar(&email, "email", "", "the person's e-mail address")
	o.StringVar(&name, "name", "", "the person's name")
	o.StringVar(&role, "role", "administrator", "what the person is here, such as business-manager")
	rest, err := o.parse(args)
	if err != nil {
		return err
	}
	if len(rest) != 1 || rest[0] != "add" || email == "" || name == "" {
		return c.usage("say who: kith user add --email ann@example.org --name \"Ann Other\" --role business-manager")
	}
	fmt.Fprint(c.err, "Password: ")
	line, err := bufio.NewReader(c.in).ReadString('\n')
	if err != nil && line == "" {
		return c.usage("type the password, or send it on standard input")
	}
	a, err := Open(ctx, o.Config, c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	if _, err := a.Identity.AddUser(ctx, name, email, role, strings.TrimRight(line, "\r\n")); err != nil {
		return &refused{err.Error()}
	}
	fmt.Fprintf(c.out, "%s can sign in.\n", email)
	return nil
}

func runRoutes(ctx context.Context, c *cli, args []string) error {
	o := newOptions("routes", c.err)
	format := "text"
	o.Var(oneOf{&format, []string{"text", "json"}}, "format", "text or json")
	o.Face = FaceAll
	o.Var(oneOf{&o.Face, []string{FaceAll, FaceWork, FacePublic}}, "face", "whose: all, work or public")
	if rest, err := o.parse(args); err != nil {
		return err
	} else if len(rest) > 0 {
		return errUsage
	}
	a, err := Open(ctx, o.Config, c.log)
	if err != nil {
		return err
	}
	defer a.Close()
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
	if format == "json" {
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
