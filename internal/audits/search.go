package audits

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/search"
	"kith/internal/kit/web"
)

// Searchable is what can be found of the room by those who may read every audit. What
// an organisation answered is not among it.
func (r *Room) Searchable() []search.Source {
	readers := []web.Permission{access.AuditsRead}
	return []search.Source{
		{Kind: auditSubject, Group: search.Audits, Permissions: readers, Read: findableAudits, Describe: describeAudits},
		{Kind: roundSubject, Group: search.Audits, Permissions: readers, Read: findableRounds, Describe: r.describeRounds},
	}
}

func findableAudits(ctx context.Context, q db.Reader, ids []string) ([]search.Document, error) {
	list, err := auditsAmong(ctx, q, ids)
	var out []search.Document
	for _, a := range list {
		out = append(out, search.Document{Record: a.ID, Permission: access.AuditsRead,
			Href: "/work/audits/multi-agency/" + a.ID, Title: a.Title, Details: "Multi-agency audit · " + a.Theme,
			Body: a.Findings + "\n" + a.Method, Day: a.DueOn})
	}
	return out, err
}

func describeAudits(ctx context.Context, q db.Reader, ids []string) (map[string]search.Line, error) {
	list, err := auditsAmong(ctx, q, ids)
	out := map[string]search.Line{}
	for _, a := range list {
		out[a.ID] = search.Line{Details: "Multi-agency audit · " + a.Theme, Tone: a.Stage.Tone(), Tag: a.Stage.Words()}
	}
	return out, err
}

func findableRounds(ctx context.Context, q db.Reader, ids []string) ([]search.Document, error) {
	list, err := roundsAmong(ctx, q, ids)
	var out []search.Document
	for _, v := range list {
		out = append(out, search.Document{Record: v.ID, Permission: access.AuditsRead, Href: "/work/audits/rounds/" + v.ID,
			Title: v.Title, Details: v.Standard.Words() + " self-assessment · " + v.Year, Day: v.DueOn})
	}
	return out, err
}

func (r *Room) describeRounds(ctx context.Context, q db.Reader, ids []string) (map[string]search.Line, error) {
	list, err := roundsAmong(ctx, q, ids)
	out := map[string]search.Line{}
	for _, v := range list {
		tag := v.Status(r.Now.Today())
		out[v.ID] = search.Line{Tone: tag.Tone, Tag: tag.Words, Details: v.Standard.Words() + " self-assessment · " + v.Year +
			" · " + lang.Number(int(v.Submitted)) + " of " + lang.Plural(int(v.Asked), "return", "returns") + " in"}
	}
	return out, err
}
