package imports_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/imports"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/web"
	"kith/internal/register"
	"kith/internal/testkit"
)

// lists is a kind of file that never says whose it is, as words does not; its files may be
// given with words.
func lists() intake.Kind {
	k := words()
	k.ID, k.Title, k.NeedsAuthority, k.With = "lists", "Lists", true, []string{"words"}
	return k
}

// poems is a kind that says whose it is itself: the first word is the code.
func poems() intake.Kind {
	k := words()
	read := k.Read
	k.ID, k.Title, k.With = "poems", "Poems", nil
	k.Read = func(ctx context.Context, src intake.Source) (*intake.Batch, error) {
		b, err := read(ctx, src)
		if err == nil {
			var code string
			in, _ := src.Files[0].Open()
			defer in.Close()
			fmt.Fscan(in, &code)
			b.Authority = code
		}
		return b, err
	}
	return k
}

// diaries is a kind whose rows have dates, so that one file may hold several years.
func diaries() intake.Kind {
	k := words()
	k.ID, k.Title, k.NeedsYear = "diaries", "Diaries", false
	return k
}

// A partnership is what the room is told of whom the partnership covers.
type partnership []register.Covered

// in makes a node of the partnership.
func (p *partnership) in(t *testing.T, s testkit.Stores) *node {
	t.Helper()
	n := room(t, s, lists(), poems(), diaries())
	n.Covered = func(context.Context, db.Reader) ([]register.Covered, error) { return *p, nil }
	n.Cover = func(_ context.Context, _ db.Q, _ web.Person, code string) error {
		a, _ := register.AuthorityByCode(code)
		*p = append(*p, register.Covered{Code: code, Name: a.Name})
		return nil
	}
	return n
}

var (
	tidewell = register.Covered{Code: "E08000015", Name: "Tidewell"}
	second   = register.Covered{Code: "E08000014", Name: "Sefton"}
	district = register.Covered{Code: "E07000040", Name: "East Devon"}
)

// load loads a text as a kind and gives the words of a refusal, or whose it was loaded as.
func (n *node) load(t *testing.T, kind, text, authority string, o imports.Options) string {
	t.Helper()
	o.Authority, o.By = authority, ann
	if o.Year == 0 {
		o.Year = 2023
	}
	rep, err := n.Load(t.Context(), kind, []string{file(t, text)}, o)
	var fatal *intake.Fatal
	switch {
	case errors.As(err, &fatal):
		return fatal.Error()
	case err != nil:
		t.Fatal(err)
	case rep.Same != "":
		return rep.SameWords
	}
	return rep.Batch.Authority + " " + rep.First
}

func TestAuthorityOfAnImport(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		p := partnership{}
		n := p.in(t, s)
		is := func(kind, text, authority string, o imports.Options, want string) {
			t.Helper()
			if got := n.load(t, kind, text, authority, o); !strings.HasPrefix(got, want) || want == "" {
				t.Errorf("%s %q of %q: %s", kind, text, authority, got)
			}
		}
		none, covers := imports.Options{}, imports.Options{Cover: true}
		is("lists", "a b", "", none, "say which authority the files are of: Lists files do not say so themselves")
		is("lists", "a b", "E08990001", covers, "E08990001 is not the code of an English authority")
		is("lists", "a b", "E08000015", none, "the partnership has no authority yet, and these files are of Wirral (E08000015)")
		is("poems", "E08000015 b", "", none, "the partnership has no authority yet, and these files are of Wirral (E08000015)")
		is("poems", "E08000015 b", "", imports.Options{Cover: true, DryRun: true}, "E08000015 ")
		if len(p) != 0 || count(t, s, `SELECT count(*) FROM imports_ledger`) != 0 {
			t.Fatalf("what was refused or tried left something: %v", p)
		}
		is("lists", "a b", "E08000015", covers, "E08000015 Wirral (E08000015)")
		if len(p) != 1 {
			t.Fatalf("the first import did not bring its authority: %v", p)
		}

		// One authority is never asked for, and nothing else is taken.
		p[0] = tidewell
		is("lists", "c", "", none, "E08000015")
		is("lists", "d", "E08000012", covers,
			"E08000012 is Liverpool, which the partnership does not cover. The partnership covers "+
				"Tidewell (E08000015); if the files are of an authority that it covers as well, add that first in the "+
				"workspace, under People and organisations, Authorities and areas")
		is("poems", "E08000012 d", "", covers,
			"E08000012 is Liverpool, which the partnership does not cover. The partnership covers "+
				"Tidewell (E08000015); if the files are of an authority that it covers as well, add that first in the "+
				"workspace, under People and organisations, Authorities and areas")
		is("words", "no authority", "", none, " ")
		if len(p) != 1 {
			t.Errorf("a later import brought an authority: %v", p)
		}

		// A district is no authority of returns; of two authorities one has to be chosen.
		p = partnership{tidewell, district}
		is("lists", "e", "", none, "E08000015")
		is("lists", "e", "E07000040", none, "East Devon (E07000040) is a district")
		p = partnership{tidewell, second}
		is("lists", "f", "", none, "say which authority")
		is("lists", "f", "E08000014", none, "E08000014")

		// One that ended has returns of the years before.
		p = partnership{{Code: "E10000006", Name: "Cumbria"}}
		is("lists", "g", "", none, "Cumbria (E10000006) ended on 31 March 2023")
		is("lists", "g", "", imports.Options{Year: 2022}, "E10000006")
		is("poems", "E10000006 g", "", none, "Cumbria (E10000006) ended on 31 March 2023")

		// A demonstration may have an invented one.
		n.Demo, p = true, partnership{{Code: "E08990001", Name: "Tidewell"}}
		is("lists", "h", "", none, "E08990001")
		is("lists", "h", "E08990002", none, "E08990002 is an invented code, which the partnership does not cover")
	})
}

// The same bytes are not counted twice, whatever they are called the second time.
func TestLoadedAlready(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		p := partnership{tidewell, second}
		n := p.in(t, s)
		const was = "words.txt: this file is loaded already, byte for byte or saved anew: Ann imported it on "
		is := func(kind, text, authority string, o imports.Options, wants ...string) {
			t.Helper()
			got := n.load(t, kind, text, authority, o)
			for _, want := range wants {
				if !strings.Contains(got, want) {
					t.Errorf("%s %q of %q: %s", kind, text, authority, got)
				}
			}
		}
		of23, of22, dry := imports.Options{}, imports.Options{Year: 2022}, imports.Options{DryRun: true}
		is("words", "a b c", "E08000015", of23, "E08000015")
		is("words", "a b c", "E08000014", of23, was, " as Words of 2023-24 for Tidewell (E08000015). If that was a mistake")
		is("words", "a b c", "E08000014", dry, was)
		is("words", "a b c", "E08000015", of22, was, "2023-24")
		is("poems", "E08000015 a", "", of23, "E08000015")
		is("words", "E08000015 a", "E08000015", of23, was, " as Poems ")
		is("words", "a b c", "E08000015", of23, "Ann imported it on ", " as Words of 2023-24")
		is("lists", "a b c", "E08000015", of23, "E08000015") // may be given with words
		is("lists", "a b c", "E08000014", of23, was)

		is("diaries", "two years", "E08000015", of23, "E08000015")
		is("diaries", "two years", "E08000015", of22, "E08000015")
		is("diaries", "two years", "E08000014", of22, was)

		// A short table may stay the same from one year to the next; two places never have
		// the same rows. A table without rows is the same everywhere.
		for _, c := range []struct {
			same, other, authority, want string
			year                         imports.Options
		}{
			{"a b c", "other words, and more of them", "E08000015", "", of22},
			{"a b c", "other words, and more of them", "E08000014", "loaded already", of23},
			{"", "quite other words", "E08000014", "", of23},
			{"", "still other words", "E08000015", "", imports.Options{Year: 2021}},
		} {
			c.year.Authority, c.year.By = c.authority, ann
			if c.year.Year == 0 {
				c.year.Year = 2023
			}
			_, err := n.Load(t.Context(), "words", []string{file(t, c.same), file(t, c.other)}, c.year)
			if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%q with %q of %s: %v", c.same, c.other, c.authority, err)
			}
		}

		// What is withdrawn may come again, under another code.
		id, err := db.Get[string](t.Context(), s.Work, `SELECT id FROM imports_ledger WHERE kind = 'poems'`)
		if err == nil {
			_, err = n.Withdraw(t.Context(), id, ann)
		}
		if err != nil {
			t.Fatal(err)
		}
		is("lists", "E08000015 a", "E08000014", of23, "E08000014")

		one := file(t, "twice")
		if _, err := n.Load(t.Context(), "words", []string{one, one}, imports.Options{Year: 2023}); err == nil ||
			!strings.Contains(err.Error(), "words.txt and words.txt (2) are the same file, byte for byte; give it once") {
			t.Errorf("the same file twice: %v", err)
		}
		if _, err := n.Read(t.Context(), "words", []string{filepath.Dir(one), one}, imports.Options{Year: 2023}); err == nil {
			t.Error("a check takes the same file twice")
		}
	})
}

// The files that a file of measures was counted from count as loaded.
func TestCountedFrom(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		p := partnership{tidewell, second}
		n := p.in(t, s)
		k := words()
		k.ID, k.Title = "counts", "Counts"
		var counted string
		k.CountedFrom = func(_ context.Context, _ db.Reader, sum string) ([]string, error) {
			if sum == "abc" {
				return []string{counted}, nil
			}
			return nil, nil
		}
		read := k.Read
		k.Read = func(ctx context.Context, src intake.Source) (*intake.Batch, error) {
			b, err := read(ctx, src)
			if err == nil {
				b.From = []intake.LoadedFile{{Name: "episodes.csv", SHA256: "abc", Rows: 9}}
			}
			return b, err
		}
		n.Offer(k)
		rep, err := n.Load(t.Context(), "words", []string{file(t, "one")},
			imports.Options{Year: 2023, Authority: "E08000015", By: ann})
		if err != nil {
			t.Fatal(err)
		}
		counted = rep.ImportID
		if got := n.load(t, "counts", "two", "E08000014", imports.Options{}); !strings.HasPrefix(got,
			"episodes.csv: this file is loaded already") {
			t.Error(got)
		}
	})
}

// TestAuthorityForm: one authority is not asked for, several are a choice by name, and the
// first has to be confirmed.
func TestAuthorityForm(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		p := partnership{}
		n := p.in(t, s)
		says := func(w *httptest.ResponseRecorder, status int, texts ...string) {
			t.Helper()
			for _, text := range texts {
				text, no := strings.CutPrefix(text, "!")
				if w.Code != status || strings.Contains(w.Body.String(), text) == no {
					t.Errorf("%d, and about %q:\n%s", w.Code, text, w.Body)
				}
			}
			if strings.Contains(w.Body.String(), "--authority") || strings.Contains(w.Body.String(), "--year") {
				t.Error("the page says words of the command line")
			}
		}
		result := func(w *httptest.ResponseRecorder, texts ...string) {
			t.Helper()
			if w.Code != 303 {
				t.Fatal(w.Code, w.Body)
			}
			n.jobs.Wait()
			at := w.Header().Get("Location")
			if stateOf(t, s, at) == "previewed" {
				n.press(t, at)
			}
			says(get(t, n.pages, at), 200, texts...)
		}
		form := func() *httptest.ResponseRecorder { return get(t, n.pages, "/work/imports/new") }
		y := []string{"year", "2023-24"}
		send := func(text string, fields ...string) *httptest.ResponseRecorder {
			return upload(t, n.pages, text, append(fields, y...)...)
		}

		says(form(), 200, `data-picker="/work/pick?kind=authority"`, `name="cover"`, "Leave it empty where the files say so")
		says(send("a", "kind", "lists", "authority", "east"), 422, "Several authorities fit “east”", "East Sussex",
			"!East Devon")
		says(send("a", "kind", "lists", "authority", "wirral"), 422, "Tick to confirm that Wirral (E08000015)",
			`value="E08000015 Wirral"`)
		says(send("a", "kind", "lists"), 422, "Choose the local authority")
		says(send("a", "kind", "lists", "authority", "E08000015"), 422,
			"Tick to confirm that Wirral (E08000015) is the authority that the partnership covers")
		result(send("E08000015 b", "kind", "poems"), "Not loaded", "these files are of Wirral (E08000015)")
		result(send("a", "kind", "lists", "authority", "E08000015", "cover", "yes"), "Loaded", "authority E08000015")
		if len(p) != 1 {
			t.Fatalf("covered: %v", p)
		}

		p[0] = tidewell
		says(form(), 200, `!name="authority"`, `!name="cover"`, "taken to be of <strong>Tidewell (E08000015)</strong>")
		result(send("c", "kind", "lists"), "Loaded", "authority E08000015")
		result(send("E08000012 d", "kind", "poems"), "Not loaded", "E08000012 is Liverpool",
			"The partnership covers Tidewell (E08000015); if the files are of an "+
				"authority that it covers as well, add that first in the workspace, under People and organisations, Authorities "+
				"and areas")
		says(send("d", "kind", "lists", "authority", "E08000012", "cover", "yes"), 422,
			"The partnership covers Tidewell (E08000015); if the files are of an "+
				"authority that it covers as well, add that first in the workspace, under People and organisations, Authorities "+
				"and areas")

		p = partnership{tidewell, {Code: "E10000006", Name: "Cumbria"},
			{Code: "E07000028", Name: "Carlisle", Inside: true}}
		says(form(), 200, `value="E08000015">Tidewell<`, "Cumbria, until 31 March 2023", "!Carlisle",
			`!name="cover"`, "!Devon")
		says(send("e", "kind", "lists", "authority", "E10000006"), 422, "ended on 31 March 2023", "Cumberland (E06000063)")
		says(send("e", "kind", "lists"), 422, "Choose the local authority")
		result(send("e", "kind", "lists", "authority", "E08000015"), "Loaded")

		p = partnership{tidewell, second}
		result(send("e", "kind", "lists", "authority", "E08000014"), "Not loaded", "this file is loaded already",
			"Ann imported it on", "Tidewell (E08000015)")
		result(send("e", "kind", "lists", "authority", "E08000015"), "Not loaded",
			"These very files are already loaded, so nothing was done: Ann imported")
	})
}

// Of two loads of the same kind, year and authority at once the second says that the first was
// loaded while it read, unless it changes nothing or somebody said that it may.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		var n *node
		meanwhile := "" // loaded while the next file is read
		k := words()
		k.ID = "slow"
		read := k.Read
		k.Read = func(ctx context.Context, src intake.Source) (*intake.Batch, error) {
			if text := meanwhile; text != "" {
				meanwhile = ""
				if _, err := n.Load(ctx, "slow", []string{file(t, text)}, imports.Options{Year: 2023}); err != nil {
					t.Error(err)
				}
			}
			return read(ctx, src)
		}
		n = room(t, s, k)
		load := func(text, other string, accept bool) (*imports.Report, error) {
			meanwhile = other
			return n.Load(t.Context(), "slow", []string{file(t, text)}, imports.Options{Year: 2023, AcceptChange: accept})
		}
		rep, err := load("word", "word word", false)
		if !errors.Is(err, imports.ErrOvertaken) || len(rep.Replaced) != 1 || held(t, s) != 2 {
			t.Fatalf("overtaken: %v, %d held", err, held(t, s))
		}
		if rep, err := load("word", "", false); err != nil || len(rep.Replaced) != 1 || held(t, s) != 1 {
			t.Errorf("one after the other: %v, %d held", err, held(t, s))
		}
		if rep, err := load("word ", "word  ", false); err != nil || len(rep.Replaced) != 1 {
			t.Errorf("the same words: %v", err)
		}
		if rep, err := load("word other", "word word", true); err != nil || len(rep.Replaced) != 1 || held(t, s) != 2 {
			t.Errorf("accepted: %v, %d held", err, held(t, s))
		}
	})
}
