package imports

import (
	"context"
	"fmt"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// Todos says on Home which files were read and wait for somebody to load them or leave them,
// to whoever may.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	if !p.May(access.ImportsManage) {
		return nil, nil
	}
	all, err := waitingImports(ctx, r.Work)
	if err != nil {
		return nil, fmt.Errorf("look for files that wait: %w", err)
	}
	var list []Import
	for _, im := range all {
		if r.maySend(p, im.Kind) {
			list = append(list, im)
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	first := list[0]
	until := first.EndedAt.Add(Waits)
	who := first.By
	if first.ByID == p.ID {
		who = "You"
	}
	sent := fmt.Sprintf("%s sent it on %s.", who, lang.DateTime(first.EndedAt.Time))
	t := web.Todo{Href: "/work/imports/" + first.ID, Act: "Look, and load it or leave it",
		Due: period.DateOf(lang.London(until)), Title: "Not loaded yet: " + r.words(first)}
	left := "Nothing is counted from it until somebody loads it. If nobody does, it is let go on " + lang.DateTime(until) +
		"."
	if len(list) > 1 {
		t.Title = fmt.Sprintf("Not loaded yet: %d files that were read", len(list))
		t.Href, t.Act = "/work/imports?state=previewed", "Look at them"
		sent = "The oldest is " + r.words(first) + ". " + sent
	}
	t.Words = sent + " " + left
	return []web.Todo{t}, nil
}

// words say what an import is of.
func (r *Room) words(im Import) string {
	k, _ := r.Kind(im.Kind)
	return strings.TrimSuffix(k.Title+", "+im.Period(), ", ")
}
