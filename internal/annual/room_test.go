package annual

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/mail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
	"kith/internal/testkit"
)

// The people of the tests: Ann and Gil write the report and Ann publishes it, Dot and Eve sign it for
// the two partners, Lea leads an agency, and Sam only reads.
var (
	ann = web.Person{ID: "p1", Name: "Ann Author", Email: "ann@tidewell.example",
		Permissions: may(access.ReportRead, access.ReportEdit, access.ReportPublish, access.PeopleRead)}
	gil = web.Person{ID: "gil", Name: "Gil Writer", Email: "gil@tidewell.example",
		Permissions: may(access.ReportRead, access.ReportEdit)}
	dot = web.Person{ID: "dot", Name: "Dot Director", Email: "dot@council.example", OrganisationID: "council",
		Permissions: may(access.ReportRead, access.ReportSign)}
	eve = web.Person{ID: "eve", Name: "Eve Chief", Email: "eve@trust.example", OrganisationID: "trust",
		Permissions: may(access.ReportRead, access.ReportSign)}
	lea = web.Person{ID: "lea", Name: "Lea Lead", Email: "lea@trust.example", OrganisationID: "trust",
		Permissions: may(access.ReportRead)}
	pat = web.Person{ID: "pat", Name: "Pat Practitioner", Email: "pat@school.example"} // cannot open it
	sam = web.Person{ID: "sam", Name: "Sam Scrutineer", Email: "sam@scrutiny.example",
		Permissions: may(access.ReportRead)}
)

func may(list ...web.Permission) map[web.Permission]bool {
	out := map[web.Permission]bool{}
	for _, p := range list {
		out[p] = true
	}
	return out
}

// signedUp are the people with an account.
type signedUp []web.Person

func (s signedUp) WhoMay(_ context.Context, _ db.Reader, permission web.Permission) ([]web.Person, error) {
	return slices.DeleteFunc(slices.Clone([]web.Person(s)), func(p web.Person) bool { return !p.May(permission) }), nil
}

// unagreed is why the reports of the tests are published without the partners' agreement.
const unagreed = "The partners agreed it on paper."

// publishForm is the form that publishes one.
var publishForm = []string{"why", unagreed}

// registered makes the people and the two partners known to the stores.
func registered(t testing.TB, r *Room) {
	t.Helper()
	at := db.At(r.Now())
	err := r.Work.Tx(t.Context(), func(q db.Q) error {
		if err := db.Insert(t.Context(), q, `INSERT INTO organisations (id, name, folded, sector, created_at)`, [][]any{
			{"council", "Tidewell Council", "tidewell council", "local-authority", at},
			{"trust", "Tidewell Health Trust", "tidewell health trust", "health", at},
		}, ""); err != nil {
			return err
		}
		var rows [][]any
		for _, p := range []web.Person{ann, gil, dot, eve, lea, pat, sam} {
			var of any
			if p.OrganisationID != "" {
				of = p.OrganisationID
			}
			rows = append(rows, []any{p.ID, p.Name, db.Fold(p.Name), p.Email, of, true, at})
		}
		return db.Insert(t.Context(), q, `
			INSERT INTO people (id, name, folded, email, organisation_id, active, created_at)`, rows, "")
	})
	if err != nil {
		t.Fatal(err)
	}
}

var morning = time.Date(2024, 9, 12, 9, 0, 0, 0, time.UTC)

// newRoom makes a room with the sample figures.
func newRoom(t testing.TB, s testkit.Stores) *Room {
	t.Helper()
	return nodeOf(t, s, &hand{t: morning})
}

// hand is a clock that the test moves.
type hand struct {
	mu sync.Mutex
	t  time.Time
	n  atomic.Int64 // ids given out
}

func (h *hand) now() time.Time        { h.mu.Lock(); defer h.mu.Unlock(); return h.t }
func (h *hand) move(by time.Duration) { h.mu.Lock(); h.t = h.t.Add(by); h.mu.Unlock() }

// nodeOf is one of several nodes, whose clock a test moves.
func nodeOf(t testing.TB, s testkit.Stores, at *hand) *Room {
	t.Helper()
	outbox, cache := testkit.Publishing(t, s, at.now, at.move)
	if err := s.Work.Tx(t.Context(), func(q db.Q) error {
		return keepSalt(t.Context(), q, testSalt)
	}); err != nil {
		t.Fatal(err)
	}
	r, err := New(Deps{Work: s.Work, Public: s.Public, Now: at.now, Outbox: outbox, Cache: cache,
		NewID:   func() string { return fmt.Sprintf("id%04d", at.n.Add(1)) },
		Figures: sampleFigures(figure.Stores{Work: s.Work, Public: s.Public}), PublicBase: publicBase,
		PublicURL: func() string { return "https://tidewell.example" },
		Mail:      &mail.Outbox{DB: s.Work, Now: at.now, NewID: func() string { return fmt.Sprintf("m%04d", at.n.Add(1)) }},
		Site:      mail.Fixed(mail.Site{Address: "https://kith.example"}),
		People:    signedUp{ann, gil, dot, eve, lea, pat, sam},
		Partners: func(context.Context, db.Reader) ([]register.Organisation, error) {
			return []register.Organisation{{ID: "council", Name: "Tidewell Council"},
				{ID: "trust", Name: "Tidewell Health Trust"}}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func publicBase() ui.Base {
	return ui.Base{SiteName: "Tidewell Safeguarding Children Partnership", Layout: ui.LayoutPublic, Demo: true,
		Nav: []ui.NavItem{{Text: "Home", Href: "/", Current: true}, {Text: "Training", Href: "/training"},
			{Text: "Yearly report", Href: "/report"}},
		Worried: &ui.Worried{Href: "/worried", Emergency: "999", Name: "Tidewell front door", DayPhone: "01632 960 100",
			Note: "day and night"},
		Footer: []ui.NavItem{{Text: "Privacy", Href: "/privacy"}}}
}

// sampleRoom is a room with the demonstration's report in it.
func sampleRoom(t testing.TB, s testkit.Stores) *Room {
	t.Helper()
	r := newRoom(t, s)
	text, err := Sample()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Enter(t.Context(), ann, text); err != nil {
		t.Fatal(err)
	}
	return r
}

func liteRoom(t testing.TB) *Room { return sampleRoom(t, testkit.NewStores(t, db.SQLite)) }
