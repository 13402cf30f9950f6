package identity

import (
	"context"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/search"
	"kith/internal/kit/web"
)

// Searchable is what can be found of the room: people, by those who may see them. A
// record that was merged into another is not found any more. No address stands in it: whose
// may be seen depends on the reader (access.Addresses), and a line is the same for all of them.
func (r *Room) Searchable() []search.Source {
	return []search.Source{{Kind: subject, Group: search.People, Permissions: []web.Permission{access.PeopleRead},
		Read: findable, Describe: describe, Version: 1}}
}

func findable(ctx context.Context, q db.Reader, ids []string) ([]search.Document, error) {
	list, err := peopleAmong(ctx, q, ids)
	var out []search.Document
	for _, p := range list {
		if p.SameAs != "" {
			continue
		}
		out = append(out, search.Document{Record: p.ID, Permission: access.PeopleRead, Href: "/work/people/" + p.ID,
			Title: p.Name, Details: p.JobTitle})
	}
	return out, err
}

func describe(ctx context.Context, q db.Reader, ids []string) (map[string]search.Line, error) {
	list, err := peopleAmong(ctx, q, ids)
	out := map[string]search.Line{}
	for _, p := range list {
		l := search.Line{Details: joined(p.JobTitle, p.Organisation)}
		if !p.Active {
			l.Tone, l.Tag = "quiet", "Account closed"
		}
		out[p.ID] = l
	}
	return out, err
}

// joined writes what is known with a dot between.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}
