package annual

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

var ann = web.Person{ID: "p1", Name: "Ann Author", Permissions: map[web.Permission]bool{access.ReportRead: true,
	access.ReportEdit: true, access.ReportPublish: true}}

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
