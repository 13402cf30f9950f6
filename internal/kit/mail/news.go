package mail

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
)

// mostTold is to how many people one piece of news goes.
const mostTold = 10

// News is what people are told by e-mail when something of a record is theirs to do or to know.
type News struct {
	Subject string
	Words   string // what happened, in a sentence; its first letter may be small
	Quoted  string // what somebody wrote, as they wrote it; "" for nothing
	About   string // facts, a line each; "" for none
	Path    string // the page it leads to
	Where   string // where that page is, for a workspace without an address: "open Priorities and actions"
}

// Tell queues news to people, but not to whoever did what it tells of, in the caller's
// transaction. Whoever calls it names nobody for whom the page does not open.
func (o *Outbox) Tell(ctx context.Context, q db.Q, site Site, by web.Person, to []web.Person, n News) error {
	to = slices.DeleteFunc(slices.Clone(to), func(p web.Person) bool { return p.Email == "" || p.ID == by.ID })
	for _, p := range to[:min(len(to), mostTold)] {
		var b strings.Builder
		fmt.Fprintf(&b, "Dear %s,\n\n%s\n", p.Name, lang.Sentence(n.Words))
		for _, x := range []string{n.Quoted, strings.TrimSpace(n.About)} {
			if x != "" {
				fmt.Fprintf(&b, "\n%s\n", x)
			}
		}
		if link := site.Link(n.Path); link != "" {
			fmt.Fprintf(&b, "\nOpen it here: %s\n", link)
		} else {
			fmt.Fprintf(&b, "\nTo see it, sign in to the workspace and %s.\n", n.Where)
		}
		if err := o.Queue(ctx, q, Message{ToAddress: p.Email, ToName: p.Name, Subject: n.Subject,
			Body: b.String()}); err != nil {
			return fmt.Errorf("write to %s: %w", p.ID, err)
		}
	}
	return nil
}
