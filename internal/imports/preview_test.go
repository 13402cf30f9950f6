package imports_test

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/imports"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/sheet"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// sent uploads a file of words to a node and gives the page of what was read.
func sent(t *testing.T, n *node, text string) (at, page string) {
	t.Helper()
	w := upload(t, n.pages, text, "kind", "words", "year", "2023-24")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("sent: %d %s", w.Code, w.Body)
	}
	n.jobs.Wait()
	at = w.Header().Get("Location")
	return at, get(t, n.pages, at).Body.String()
}

func held(t *testing.T, s testkit.Stores) int {
	t.Helper()
	return count(t, s, `SELECT count(*) FROM settings WHERE changed_by <> ''`)
}

func stateOf(t *testing.T, s testkit.Stores, at string) string {
	t.Helper()
	state, err := db.Get[string](t.Context(), s.Work, `SELECT state FROM imports_ledger WHERE id = $1`,
		strings.TrimPrefix(at, "/work/imports/"))
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func says(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, want := range texts {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q: %s", want, page)
		}
	}
}

// TestLargeChangeIsAskedAbout: nothing is loaded before somebody says so; a file that would
// move a figure by more than a third is loaded only by who ticks that this is right; and
// another file is sent with what was chosen.
func TestLargeChangeIsAskedAbout(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := room(t, s)
		many, few := strings.Repeat("word ", 30), strings.Repeat("word ", 19)
		if _, err := r.Load(t.Context(), "words", []string{file(t, many)}, imports.Options{Year: 2023, By: ann}); err != nil {
			t.Fatal(err)
		}
		at, page := sent(t, r, few)
		says(t, page, "Nothing has changed yet", "Words held", `>30</strong>`, `>19</strong>`, "11 fewer", "More than a third",
			`name="accept"`, "It takes the place of", "by Ann")
		if n := held(t, s); n != 30 {
			t.Errorf("%d words are loaded, not the 30 of before", n)
		}
		m := regexp.MustCompile(`href="(/work/imports/new[^"]*)"`).FindStringSubmatch(page)
		if m == nil {
			t.Fatal("another file cannot be sent")
		}
		says(t, get(t, r.pages, html.UnescapeString(m[1])).Body.String(), `value="words" checked`,
			`value="2023-24" selected`)
		if w := r.press(t, at); w.Code != 422 || !strings.Contains(w.Body.String(), "Tick that this is right") {
			t.Errorf("loaded without the tick: %d %s", w.Code, w.Body)
		}
		if got := stateOf(t, s, at); got != "previewed" || held(t, s) != 30 {
			t.Errorf("it is %s, with %d words", got, held(t, s))
		}
		r.press(t, at, "accept", "yes")
		if n := held(t, s); n != 19 {
			t.Errorf("%d words are loaded, not 19", n)
		}
		says(t, get(t, r.pages, at).Body.String(), "What it counts", "Loaded")
		if n := count(t, s, `SELECT count(*) FROM imports_previews`); n != 0 {
			t.Errorf("%d previews are left", n)
		}
	})
}

// TestDoubtsAreAskedAbout: what may not be what it seems is loaded only by who says that it
// is right.
func TestDoubtsAreAskedAbout(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := room(t, s)
		o := imports.Options{Year: 2023, By: ann}
		if _, err := r.Load(t.Context(), "words", []string{file(t, "one doubtful")}, o); !errors.Is(err, imports.ErrDoubts) {
			t.Errorf("not asked about: %v", err)
		}
		at, page := sent(t, r, "one doubtful two")
		says(t, page, "A word is doubtful.", `name="sure"`)
		if w := r.press(t, at); w.Code != 422 || !strings.Contains(w.Body.String(), "Say that the file is right") {
			t.Errorf("loaded without the tick: %d %s", w.Code, w.Body)
		}
		if got := stateOf(t, s, at); got != "previewed" || held(t, s) != 0 {
			t.Errorf("it is %s, with %d words", got, held(t, s))
		}
		r.press(t, at, "sure", "yes")
		if got := stateOf(t, s, at); got != "loaded" || held(t, s) != 3 {
			t.Errorf("it is %s, with %d words", got, held(t, s))
		}
	})
}

// TestHiddenRows: a workbook of which rows are hidden is refused, and the page says how a
// person says that they are meant; that they said so stays with the import.
func TestHiddenRows(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		k := words()
		read := k.Read
		k.ID, k.Title = "filtered", "Filtered words"
		k.Read = func(ctx context.Context, src intake.Source) (*intake.Batch, error) {
			if !src.Files[0].HiddenRows {
				return nil, &intake.Fatal{File: src.Files[0].Name, Words: "9 rows are hidden", Cause: sheet.ErrHidden}
			}
			return read(ctx, src)
		}
		r := room(t, s, k)
		send := func(fields ...string) (string, string) {
			t.Helper()
			w := upload(t, r.pages, "one two", append([]string{"kind", "filtered", "year", "2023-24"}, fields...)...)
			if w.Code != http.StatusSeeOther {
				t.Fatal(w.Code, w.Body)
			}
			r.jobs.Wait()
			at := w.Header().Get("Location")
			return at, get(t, r.pages, at).Body.String()
		}
		_, page := send()
		says(t, page, "9 rows are hidden", "send it again with the tick “Count the hidden rows too”")
		says(t, get(t, r.pages, "/work/imports/new").Body.String(), "Count the hidden rows too", `name="hidden"`)
		at, page := send("hidden", "yes")
		says(t, page, "Not loaded yet", "Rows that a workbook hides are counted too: Ann said that they are meant")
		r.press(t, at)
		says(t, get(t, r.pages, at).Body.String(), "Ann said that they are meant")
		if n := held(t, s); n != 2 {
			t.Errorf("%d words are loaded", n)
		}
	})
}

// TestHomeSaysWhatWaits: files that were read and that nobody loaded stand on Home, for who
// may load them, until they are loaded or left.
func TestHomeSaysWhatWaits(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := room(t, s)
		may := web.Person{ID: "other", Permissions: map[web.Permission]bool{access.ImportsManage: true}}
		todos := func(p web.Person) string {
			t.Helper()
			list, err := r.Todos(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				return "nothing"
			}
			return list[0].Title + ": " + list[0].Words + " " + list[0].Href
		}
		if got := todos(may); got != "nothing" {
			t.Error(got)
		}
		at, _ := sent(t, r, "one two")
		if got := todos(may); !strings.HasPrefix(got, "Not loaded yet: Words, 2023-24: ") || !strings.HasSuffix(got, " "+at) {
			t.Error(got)
		}
		if got := todos(web.Person{ID: "reader"}); got != "nothing" {
			t.Error(got)
		}
		sent(t, r, "one two three")
		if got := todos(may); !strings.HasPrefix(got, "Not loaded yet: 2 files that were read: ") ||
			!strings.HasSuffix(got, "/work/imports?state=previewed") {
			t.Error(got)
		}
		r.press(t, at)
		if got := todos(may); !strings.HasPrefix(got, "Not loaded yet: Words") {
			t.Error(got)
		}
	})
}

// TestAnotherNodeLoads: the node that is asked to load need not be the one that read.
func TestAnotherNodeLoads(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		first := room(t, s)
		at, _ := sent(t, first, "one two ?")
		first.jobs.Stop()
		second := room(t, s)
		if w := second.press(t, at); w.Code != 303 || stateOf(t, s, at) != "loaded" || held(t, s) != 3 {
			t.Errorf("%d, %s, %d words", w.Code, stateOf(t, s, at), held(t, s))
		}
		says(t, get(t, second.pages, at).Body.String(), "This is no word; type one")
	})
}

// TestTwoAnalysts: of two who look at files for the same year at once, the second is shown
// what is loaded by then, and asked again; nothing is half loaded.
func TestTwoAnalysts(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		one, two := room(t, s), room(t, s)
		at1, page1 := sent(t, one, strings.Repeat("word ", 30))
		at2, page2 := sent(t, two, strings.Repeat("word ", 31))
		for _, page := range []string{page1, page2} {
			if !strings.Contains(page, "takes the place of nothing") {
				t.Fatal(page)
			}
		}
		press := func(n *node, at, page string) {
			seen := shows.FindStringSubmatch(page)[1]
			if w := post(t, n.pages, at+"/load", "seen", seen); w.Code != 303 {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			n.jobs.Wait()
		}
		var both sync.WaitGroup
		both.Go(func() { press(one, at1, page1) })
		both.Go(func() { press(two, at2, page2) })
		both.Wait()
		won, lost, wonHas, lostHas := at1, at2, 30, 31
		if stateOf(t, s, at1) != "loaded" {
			won, lost, wonHas, lostHas = at2, at1, 31, 30
		}
		if stateOf(t, s, won) != "loaded" || stateOf(t, s, lost) != "previewed" || held(t, s) != wonHas {
			t.Fatalf("%s, %s, %d words", stateOf(t, s, won), stateOf(t, s, lost), held(t, s))
		}
		again := get(t, one.pages, lost).Body.String()
		says(t, again, "Somebody changed what is loaded after you opened this page", `href="`+won+`"`,
			fmt.Sprintf(`>%d</strong>`, wonHas))
		two.press(t, lost)
		if stateOf(t, s, won) != "replaced" || stateOf(t, s, lost) != "loaded" || held(t, s) != lostHas {
			t.Errorf("%s, %s, %d words", stateOf(t, s, won), stateOf(t, s, lost), held(t, s))
		}
		if w := post(t, one.pages, lost+"/load", "seen", ""); w.Code != 409 {
			t.Errorf("loaded twice: %d", w.Code)
		}
	})
}

// TestLeft: what nobody wants is let go at once, and what nobody loads within a day then.
func TestLeft(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := room(t, s)
		at, _ := sent(t, r, "one two")
		if w := post(t, r.pages, at+"/cancel"); w.Code != 303 {
			t.Fatal(w.Code, w.Body)
		}
		says(t, get(t, r.pages, at).Body.String(), "Left: nothing was loaded", "Cancelled")
		forgotten, _ := sent(t, r, "one two three")
		if err := r.Expire(t.Context()); err != nil || stateOf(t, s, forgotten) != "previewed" {
			t.Fatalf("%v: it is %s at once", err, stateOf(t, s, forgotten))
		}
		tomorrow := nodeAt(t, s, clock.Clock(func() time.Time { return time.Now().Add(imports.Waits + time.Minute) }))
		if err := tomorrow.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		says(t, get(t, r.pages, forgotten).Body.String(), "Nobody loaded it within a day")
		if n := count(t, s, `SELECT count(*) FROM imports_previews`); n != 0 || held(t, s) != 0 {
			t.Errorf("%d previews and %d words are left", n, held(t, s))
		}
		if err := r.Confirm(t.Context(), strings.TrimPrefix(forgotten, "/work/imports/"),
			imports.Options{By: ann}); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("loaded after a day: %v", err)
		}
	})
}
