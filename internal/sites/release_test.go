package sites_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/publish"
	"kith/internal/kit/web"
	"kith/internal/sites"
	"kith/internal/testkit"
)

// hand is a clock that the test moves.
type hand struct {
	mu sync.Mutex
	t  time.Time
}

func (h *hand) now() time.Time        { h.mu.Lock(); defer h.mu.Unlock(); return h.t }
func (h *hand) move(by time.Duration) { h.mu.Lock(); h.t = h.t.Add(by); h.mu.Unlock() }

// closed gives a store as it is when it does not answer.
func closed(t testing.TB, d *db.DB) *db.DB {
	t.Helper()
	gone, err := db.Open(t.Context(), d.Name())
	must(t, err)
	must(t, gone.Close())
	return gone
}

// twoDesks are the same room where both stores answer, and where the public one
// does not.
func twoDesks(t testing.TB, s testkit.Stores) (up, down *desk, at *hand) {
	at = &hand{t: noon}
	up = newDesk(t, nodeOf(t, s, at))
	down = newDesk(t, nodeOf(t, testkit.Stores{Work: s.Work, Public: closed(t, s.Public)}, at))
	down.mux.Log = slog.New(slog.DiscardHandler)
	return up, down, at
}

// nodeOf is one of several nodes whose clock a test moves.
func nodeOf(t testing.TB, s testkit.Stores, at *hand) *sites.Room {
	return newRoom(t, s, func(d *sites.Deps) {
		d.Now = at.now
		d.Outbox, d.Cache = testkit.Publishing(t, s, at.now, at.move)
	})
}

func heals(t testing.TB, d *desk, at *hand) {
	t.Helper()
	at.move(time.Minute)
	waiting, err := d.room.Outbox.Sweep(t.Context())
	must(t, err)
	if waiting != 0 {
		t.Errorf("%d still wait", waiting)
	}
}

// A page that cannot be published says so where it is written, and is published
// when the public store answers again.
func TestPublishingWaits(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		up, down, at := twoDesks(t, s)
		published(t, up.room, "tides", "Tides", "In and out.")
		must(t, up.room.SavePage(t.Context(), editor,
			sites.PageDraft{Slug: "tides", Words: sites.Words{Title: "Tides", Summary: "s", Markdown: "Twice a day."}},
			web.Unwatched))

		down.post("/work/sites/pages/tides/publish", 303, "version", "2")
		down.get("/work/sites/pages/tides", 200, "Could not be published", "There is a problem",
			"Version 2 could not be published: still showing version 1", "Tried 1 time")
		down.get("/work/sites", 200, "Could not be published")
		down.get("/work/sites?format=csv", 200, "Tides,/hubs/tides,Topic page,Could not be published")
		todos, err := down.room.Todos(t.Context(), editor)
		must(t, err)
		if len(todos) == 0 || todos[0].Title != "The page /tides could not be published" {
			t.Errorf("%+v", todos)
		}
		up.get("/hubs/tides", 200, "In and out.")

		// Newer words do not change what was decided.
		must(t, up.room.SavePage(t.Context(), editor,
			sites.PageDraft{Slug: "tides", Words: sites.Words{Title: "Tides", Summary: "s", Markdown: "Not yet."}},
			web.Unwatched))
		heals(t, up, at)
		up.get("/hubs/tides", 200, "Twice a day.")
		up.get("/work/sites/pages/tides", 200, "Published version 2", "Newer words not on the site")

		// The same of whom to call.
		down.post("/work/sites/frame/publish", 303, "seen", seenAt(down, "/work/sites/frame"))
		down.get("/work/sites/frame", 200, "is not on the site yet", "Cannot be read")
		heals(t, up, at)
		up.get("/work/sites/frame", 200, "The site shows what the partnership says now")
		up.get("/help", 200, "01632 960 100")
	})
}

// A page that cannot be taken down is said in red to be still public, everywhere,
// until it is gone.
func TestTakingDownDoesNotWait(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		up, down, at := twoDesks(t, s)
		published(t, up.room, "tides", "Tides", "In and out.")
		up.get("/hubs/tides", 200, "In and out.")

		if to := down.post("/work/sites/pages/tides/unpublish", 303); strings.Contains(to, "off the site") {
			t.Error("it is said to be off the site")
		}
		down.get("/work/sites/pages/tides", 200, "There is a problem", "This page is still public",
			"version 1 could not be taken down", "stop the public site now",
			"Try again to take it off the site", "Tried 1 time")
		down.get("/work/sites/pages/tides/unpublish", 200, "This page is still public")
		down.get("/work/sites", 200, "Still public")
		todos, err := down.room.Todos(t.Context(), editor)
		must(t, err)
		if len(todos) == 0 || todos[0].Title != "The page /tides is still public and should not be" || !todos[0].Late {
			t.Errorf("%+v", todos)
		}
		down.says("published meanwhile", down.post("/work/sites/pages/tides/publish", 409, "version", "1"),
			"still being taken off the site")
		up.get("/hubs/tides", 200, "In and out.")
		down.post("/work/sites/pages/tides/unpublish", 303)
		down.get("/work/sites/pages/tides", 200, "This page is still public", "Tried 2 times")

		heals(t, up, at)
		up.get("/hubs/tides", 404)
		up.get("/work/sites/pages/tides", 200, "Not published", "Draft")
		up.post("/work/sites/pages/tides/publish", 303, "version", "1")
		up.get("/hubs/tides", 200, "In and out.")
	})
}

// When work fails before it could decide, the person is told that the page is
// still public; when it fails after the public store has done it, the page is gone
// and work says so.
func TestTakingDownWithoutWork(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		up, _, at := twoDesks(t, s)
		published(t, up.room, "tides", "Tides", "In and out.")
		failing := newDesk(t, nodeOf(t, testkit.Stores{Work: closed(t, s.Work), Public: s.Public}, at))
		failing.mux.Log = slog.New(slog.DiscardHandler)
		failing.says("told", failing.post("/work/sites/pages/tides/unpublish", 503), "The page is still public",
			"Go back and try again")
		up.get("/hubs/tides", 200, "In and out.")

		// Work takes no writes once the decision is in it.
		work := nodeOf(t, s, at)
		fail := true
		work.Outbox.Handle("sites.page", untold{work, &fail})
		must(t, work.UnpublishPage(t.Context(), editor, "tides"))
		up.get("/hubs/tides", 404)
		up.get("/work/sites/pages/tides", 200, "Not published")
		fail = false
		heals(t, up, at)
		up.get("/work/sites/pages/tides", 200, "Draft")
	})
}

// untold takes pages down, and cannot tell work.
type untold struct {
	room *sites.Room
	fail *bool
}

func (u untold) Release(context.Context, db.Q, publish.Item) error {
	return errors.New("not asked for")
}

func (u untold) Withdraw(ctx context.Context, q db.Q, i publish.Item) error {
	_, err := db.Exec(ctx, q, `DELETE FROM sites_published WHERE slug = $1`, i.Key)
	return err
}

func (u untold) Settled(context.Context, db.Q, publish.Item) error {
	if *u.fail {
		return errors.New("the disk is full")
	}
	return nil
}
