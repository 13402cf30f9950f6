package audits

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// readAudit reads the form of a multi-agency audit; what is wrong with the audit
// as a whole is for the action to say.
func (r *Room) readAudit(ctx context.Context, f *web.Form) (Audit, error) {
	a := Audit{
		Title:        f.Text("title", "", 200),
		Theme:        f.Text("theme", "", 120),
		Method:       f.Text("method", "", 500),
		Cases:        int64(f.Int("cases", "", 0, 10000)),
		DueOn:        f.Date("due", ""),
		Findings:     f.Text("findings", "", 500),
		LearningHref: readLink(f, "learning"),
	}
	for _, s := range steps {
		*s.date(&a) = f.Date(s.ID, "")
	}
	var err error
	a.Agencies, err = r.readOrganisations(ctx, f, "agencies")
	return a, err
}

// auditForm fills the form with an audit that is there.
func auditForm(a Audit, agencies []string) *web.Form {
	f := web.NewForm("title", a.Title, "theme", a.Theme, "method", a.Method, "findings", a.Findings,
		"learning", a.LearningHref, "agencies", strings.Join(agencies, "\n"))
	if a.Cases > 0 {
		f.Set("cases", strconv.FormatInt(a.Cases, 10))
	}
	f.SetDate("due", a.DueOn)
	for _, s := range steps {
		f.SetDate(s.ID, s.On(a))
	}
	return f
}

// readOrganisations reads a field of one organisation's name a line. A list of
// boxes would be hundreds of schools long.
func (r *Room) readOrganisations(ctx context.Context, f *web.Form, name string) ([]string, error) {
	all, err := register.OrganisationList(ctx, r.Work)
	if err != nil {
		return nil, err
	}
	byName := map[string]string{}
	for _, o := range all {
		byName[db.Fold(o.Name)] = o.ID
	}
	var out []string
	for line := range strings.Lines(f.Text(name, "", 20000)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		id, ok := byName[db.Fold(line)]
		if !ok {
			f.Add(name, fmt.Sprintf("No organisation is called “%s”: write it as the list of organisations has it", line))
		}
		out = append(out, id)
	}
	return out, nil
}

// readLink reads an address, of this site or another.
func readLink(f *web.Form, name string) string {
	s := f.Text(name, "", 500)
	u, err := url.Parse(s)
	local := err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(s, "/")
	there := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
	if s != "" && !local && !there {
		f.Add(name, "Enter an address that begins with https:// or, on this site, with /")
	}
	return s
}

// readRound reads the form of a round.
func readRound(f *web.Form) Round {
	return Round{
		Standard: Standard(f.Value("standard")),
		Year:     readYear(f.Text("year", "", 20)),
		Title:    f.Text("title", "", 200),
		OpenedOn: f.Date("opened", ""),
		DueOn:    f.Date("due", ""),
	}
}

// readYear writes a financial year as it is kept, however it was entered.
func readYear(s string) string {
	if y, err := period.ParseYear(s); err == nil {
		return y.String()
	}
	return s
}

// roundForm fills the form with a round that is there.
func roundForm(v Round) *web.Form {
	f := web.NewForm("standard", string(v.Standard), "year", v.Year, "title", v.Title)
	f.SetDate("opened", v.OpenedOn)
	f.SetDate("due", v.DueOn)
	return f
}

// refused puts what is wrong on the form, with the status to answer; 0 when err
// is of another kind.
func refused(f *web.Form, err error) int {
	var invalid *Invalid
	switch {
	case errors.As(err, &invalid):
		for _, p := range invalid.Problems {
			f.Add(p.Field, p.Text)
		}
		return 422
	case errors.Is(err, ErrTaken):
		f.Add("title", "There is already a round of this standard and year with this title: choose another, or change that one")
		return 409
	}
	return 0
}

func stageChoices() []ui.Choice {
	var out []ui.Choice
	for _, s := range stages {
		out = append(out, ui.Choice{Value: string(s), Text: s.Words()})
	}
	return out
}

func stateChoices() []ui.Choice {
	var out []ui.Choice
	for _, s := range states {
		out = append(out, ui.Choice{Value: string(s), Text: s.Words()})
	}
	return out
}

func standardChoices() []ui.Choice {
	return []ui.Choice{
		{Value: string(Section11), Text: Section11.Words(), Hint: "Organisations that work with children"},
		{Value: string(Section175), Text: Section175.Words(), Hint: "Schools and colleges"},
	}
}

func plainChoices(values []string) []ui.Choice {
	var out []ui.Choice
	for _, v := range values {
		out = append(out, ui.Choice{Value: v, Text: v})
	}
	return out
}

func stepChoices(next []Step) []ui.Choice {
	var out []ui.Choice
	for _, s := range next {
		out = append(out, ui.Choice{Value: s.ID, Text: s.Words})
	}
	return out
}
