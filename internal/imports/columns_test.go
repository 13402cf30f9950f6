package imports_test

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/imports"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/sheet"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// table is a kind of file with a column of words, which files may call otherwise.
func table() intake.Kind {
	k := words()
	k.ID, k.Title, k.NeedsYear = "table", "Table", false
	said := ui.Choices("yes", "Yes", "no", "No", intake.LeaveOut, "Leave these rows out")
	fields := []intake.Field{{Name: "word", Title: "Word", Needed: true, Whole: ui.Choices("same", "The same")},
		{Name: "said", Title: "Said", Words: said}}
	k.Fields = func(context.Context) ([]intake.Field, error) { return fields, nil }
	k.Match = func(_ context.Context, files []intake.File, m intake.Matching) (*intake.Draft, error) {
		file, err := files[0].Open()
		if err != nil {
			return nil, err
		}
		defer file.Close()
		t, err := sheet.ReadText(file, sheet.Usual)
		if err != nil {
			return nil, intake.Unreadable(files[0].Name, err)
		}
		row, err := t.Next()
		if err != nil || len(row.Cells) < 2 {
			return nil, err
		}
		d := &intake.Draft{File: files[0].Name, Rows: 1, Matching: m, Heads: []string{"Word"}}
		for _, c := range slices.Clone(row.Cells) {
			d.Columns = append(d.Columns, intake.DraftColumn{Header: c, Samples: []string{"of " + c}})
			if m.IsZero() && c == "word" {
				d.Matching.Columns = map[string]string{"word": c}
			}
		}
		if d.Matching.Columns["said"] != "" {
			d.Words = []intake.DraftWord{{Field: "said", Word: "Perhaps", Rows: 3, Value: m.Said().Of("said", "perhaps")}}
		}
		d.Ask = len(d.Matching.Missing(fields)) > 0
		return d, nil
	}
	read := k.Read
	k.Read = func(ctx context.Context, src intake.Source) (*intake.Batch, error) {
		b, err := read(ctx, src)
		if err == nil {
			b.Summary = append(b.Summary, "The word is in "+src.Matching.Columns["word"]+src.Matching.Whole["word"]+".")
		}
		return b, err
	}
	return k
}

var heldToken = regexp.MustCompile(`name="held" value="([^"]+)"`)

func token(t *testing.T, page string) string {
	t.Helper()
	m := heldToken.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no files wait for an answer: %s", page)
	}
	return m[1]
}

// Files of a kind without rows about children, and seen to be of it, wait for the answer in
// the store: another node goes on with them, once, for the person who sent them; they go when
// nobody answers within a day. Others never lie there.
func TestAnotherNodeIsAnswered(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		k := table()
		k.NoChildren = true
		first, second := room(t, s, k), room(t, s, k)
		waiting := func() int { return count(t, s, `SELECT count(*) FROM imports_waiting`) }
		const file = "Term,Told,Notes\na,b,c\n"
		asks := upload(t, first.pages, file, "kind", "table").Body.String()
		if waiting() != 1 {
			t.Fatalf("%d files wait in the store", waiting())
		}
		first.jobs.Stop()
		answer := []string{"kind", "table", "matched", "yes", "column-word", "Term", "sender", "Bookings", "held",
			token(t, asks)}
		w := upload(t, second.pages, "", answer...)
		if w.Code != http.StatusSeeOther || waiting() != 0 {
			t.Fatal(w.Code, waiting(), w.Body)
		}
		second.jobs.Wait()
		says(t, get(t, second.pages, w.Header().Get("Location")).Body.String(), "The word is in Term.")
		says(t, upload(t, second.pages, "", answer...).Body.String(), "The file is not here any more: choose it again")

		upload(t, second.pages, "Other,Told\na,b\n", "kind", "table")
		now := second.Now
		second.Now = func() time.Time { return now().Add(imports.Waits + time.Minute) }
		if err := second.Expire(t.Context()); err != nil || waiting() != 0 {
			t.Errorf("%v, and %d files wait after a day", err, waiting())
		}
		third := room(t, s, table()) // whose rows may be about children
		upload(t, third.pages, file+"d,e,f\n", "kind", "table", "matched", "yes")
		if waiting() != 0 {
			t.Error("files that may be about children lie in the store")
		}
	})
}

// A file with headers of its own is asked about before it is read; the answer is
// remembered for the next with the same headers, until somebody forgets it.
func TestColumnsAreAsked(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		n := room(t, s, table())
		const file = "Term,Told,Notes\na,b,c\n"
		w := upload(t, n.pages, file, "kind", "table")
		says(t, w.Body.String(), "Which column is what?", "of Term", "Still to be said")
		if w.Code != http.StatusOK || count(t, s, `SELECT count(*) FROM imports_ledger`) != 0 {
			t.Fatal(w.Code, "it was read unasked")
		}

		// Looking again says how it reads, and wants nothing more.
		answer := []string{"kind", "table", "matched", "yes", "column-word", "Term", "column-said", "Told"}
		w = upload(t, n.pages, "", append(answer, "held", token(t, w.Body.String()), "act", "look")...)
		says(t, w.Body.String(), "Perhaps")
		if strings.Contains(w.Body.String(), "There is a problem") {
			t.Error("looking is no mistake")
		}

		// A word that stands for nothing yet, two fields in one column, and no name are said.
		w = upload(t, n.pages, "", append(answer, "held", token(t, w.Body.String()))...)
		says(t, w.Body.String(), "Choose what “Perhaps” stands for", "Say what you call where this file comes from")
		w = upload(t, n.pages, "", "kind", "table", "matched", "yes", "column-word", "Term", "column-said", "Term",
			"held", token(t, w.Body.String()))
		says(t, w.Body.String(), "The column Term is chosen for Word already: choose another")
		w = upload(t, n.pages, "", "kind", "table", "matched", "yes", "held", token(t, w.Body.String()))
		says(t, w.Body.String(), "Choose the column that says the word, or one for the whole file")

		answer = append(answer, "sender", "Bookings", "word-said-0", intake.LeaveOut, "says-said-0", "Perhaps")
		used := token(t, w.Body.String())
		w = upload(t, n.pages, "", append(answer, "held", used)...)
		if w.Code != http.StatusSeeOther {
			t.Fatal(w.Code, w.Body)
		}
		n.jobs.Wait()
		says(t, get(t, n.pages, w.Header().Get("Location")).Body.String(), "The word is in Term.")

		// The files wait for one answer, and the same headers in another order are known.
		w = upload(t, n.pages, "", append(answer, "held", used)...)
		says(t, w.Body.String(), "The file is not here any more: choose it again")
		w = upload(t, n.pages, "Told,Notes,Term\nb,c,a\n", "kind", "table")
		says(t, w.Body.String(), "It is filled in as you read files of Bookings before", `value="Bookings"`)

		sources := get(t, n.pages, "/work/imports/sources").Body.String()
		says(t, sources, "Bookings", "Table")
		at := regexp.MustCompile(`/work/imports/sources/[^/]+/delete`).FindString(sources)
		asks := get(t, n.pages, at).Body.String()
		says(t, asks, "Forget how files of Bookings are read?")
		if w = post(t, n.pages, at, "seen", shows.FindStringSubmatch(asks)[1]); w.Code != http.StatusSeeOther {
			t.Fatal(w.Code, w.Body)
		}
		says(t, get(t, n.pages, "/work/imports/sources").Body.String(), "Nothing is remembered")
		w = upload(t, n.pages, file, "kind", "table")
		if strings.Contains(w.Body.String(), "Bookings") {
			t.Error("what was forgotten is offered")
		}
	})
}

// What needs no answer is read at once: headers that are known, and files that are none.
func TestColumnsAreNotAsked(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	n := room(t, s, table())
	for name, text := range map[string]string{"known": "word,other\na,b\n", "no table": "a\nb\n", "refused": "!\n"} {
		if w := upload(t, n.pages, text, "kind", "table"); w.Code != http.StatusSeeOther {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	n.jobs.Wait()
	// A value for the whole file is an answer too, and a column before it.
	w := upload(t, n.pages, "Term,Told\na,b\n", "kind", "table")
	w = upload(t, n.pages, "", "kind", "table", "matched", "yes", "whole-word", "same", "sender", "X", "held",
		token(t, w.Body.String()))
	if w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, w.Body)
	}
	n.jobs.Wait()
	says(t, get(t, n.pages, w.Header().Get("Location")).Body.String(), "The word is in same.")
}

// What is said again of the same headers takes the place of what was said before, and who
// forgets what somebody changed meanwhile is told.
func TestRememberAgain(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		n := nodeAt(t, s, clock.System, table())
		d := &intake.Draft{Columns: []intake.DraftColumn{{Header: "Term"}, {Header: "Told"}}}
		ann := web.Person{ID: "ann", Name: "Ann"}
		remember := func(name string) {
			m := intake.Matching{Columns: map[string]string{"word": "Term"}}
			if err := n.Remember(t.Context(), ann, "table", name, d, m); err != nil {
				t.Fatal(err)
			}
		}
		remember("First")
		at := regexp.MustCompile(`/work/imports/sources/[^/]+/delete`).FindString(
			get(t, n.pages, "/work/imports/sources").Body.String())
		page := get(t, n.pages, at).Body.String()
		remember("Second")
		if c := count(t, s, `SELECT count(*) FROM imports_sources`); c != 1 {
			t.Errorf("%d are remembered", c)
		}
		if w := post(t, n.pages, at, "seen", shows.FindStringSubmatch(page)[1]); w.Code != http.StatusConflict {
			t.Errorf("it was forgotten unseen: %d", w.Code)
		}
	})
}
