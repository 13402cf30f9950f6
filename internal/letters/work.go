package letters

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
)

// namedLost is how many people Home names.
const namedLost = 3

// Todos says what of e-mail needs a person: that none goes out, for those who keep the settings;
// and addresses that mail came back from, for those who keep people.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	var out []web.Todo
	if p.May(access.SettingsManage) {
		n, why, err := mail.Stuck(ctx, r.Work)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, web.Todo{Title: lang.Plural(n, "e-mail waits", "e-mails wait") + " to be sent", Words: why,
				Href: outboxPath + "?state=waiting", Act: "See them", Late: true})
		}
	}
	if p.May(access.PeopleManage) && p.May(access.OutboxRead) {
		people, err := lostPeople(ctx, r.Work)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, x := range people {
			names = append(names, x.Name)
		}
		if n := len(names); n > 0 {
			out = append(out, web.Todo{Title: "E-mail to " + lang.Plural(n, "person", "people") + " came back",
				Words: "Nothing more is sent to " + lang.Join(names[:min(n, namedLost)]) + " until the address is put right.",
				Href:  returnedPath, Act: "Put it right", Late: true})
		}
	}
	return out, nil
}
