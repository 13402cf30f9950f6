package annual

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/release"
	"kith/internal/kit/remind"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
	"kith/internal/testkit"
)

// The pages do what the scripts of testdata say.
func TestScripts(t *testing.T) {
	t.Parallel()
	people := map[string]web.Person{"ann": ann, "gil": gil, "dot": dot, "eve": eve, "lea": lea, "pat": pat, "sam": sam}
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := newRoom(t, s)
		registered(t, r)
		testkit.Scripts(t, people, nil, r.Routes()...)
	})
}

// TestSince: what is not as it was is said by the names of the chapters.
func TestSince(t *testing.T) {
	t.Parallel()
	was := reading{{"", frameTitle, 0, "t", ""}, {"a", "Audits", 1, "a1", "f1"}, {"b", "Training", 1, "b1", ""}}
	for _, c := range []struct {
		name string
		now  reading
		want string
	}{
		{"nothing", slices.Clone(was), ""},
		{"a text saved again as it was", reading{was[0], {"a", "Audits", 3, "a1", "f1"}, was[2]}, ""},
		{"a text", reading{was[0], {"a", "Audits", 2, "a2", "f1"}, was[2]}, "Audits"},
		{"its figures", reading{was[0], {"a", "Audits", 1, "a1", "f2"}, was[2]}, "the figures of Audits"},
		{"a new name", reading{was[0], {"a", "Our audits", 2, "a2", "f1"}, was[2]}, "Our audits"},
		{"the title", reading{{"", frameTitle, 0, "u", ""}, was[1], was[2]}, frameTitle},
		{"one more", append(slices.Clone(was), textRead{"c", "Reviews", 1, "c1", ""}), "Reviews, which is new"},
		{"one less", was[:2], "Training, which was taken out"},
		{"the order", reading{was[0], was[2], was[1]}, "the order of the chapters"},
	} {
		if got := strings.Join(c.now.since(was), "; "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// askThem asks both partners about a year's report.
func askThem(t testing.TB, r *Room, year string) {
	t.Helper()
	if err := r.ProposeReport(t.Context(), ann, year, proposal{DueOn: period.MustDate("2024-09-26"), Words: "Please.",
		Signers: []Signer{{PersonID: dot.ID, OrganisationID: "council"},
			{PersonID: eve.ID, OrganisationID: "trust"}}}); err != nil {
		t.Fatal(err)
	}
}

// letters gives the letters since the last call, each as who, about and body.
func letters(t testing.TB, r *Room) func() []string {
	n := 0
	return func() []string {
		t.Helper()
		all, err := r.Mail.Newest(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, m := range all[:len(all)-n] {
			who, _, _ := strings.Cut(m.ToAddress, "@")
			out = append(out, who+": "+m.Subject+"\n"+m.Body)
		}
		n = len(all)
		slices.Sort(out)
		return out
	}
}

// TestWhoIsTold: those who are asked are written to with the page that opens for them; whoever
// asked is, of each answer; and never whoever did it.
func TestWhoIsTold(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		at := &hand{t: morning}
		r, ctx := nodeOf(t, s, at), t.Context()
		registered(t, r)
		if err := r.AddReport(ctx, ann, period.Year(2023), "Yearly report 2023-24", ""); err != nil {
			t.Fatal(err)
		}
		news := letters(t, r)
		want := func(step string, err error, what ...string) {
			t.Helper()
			got := news()
			if err != nil || len(got) != len(what) {
				t.Fatalf("%s: %v: %d letters, want %d\n%s", step, err, len(got), len(what), strings.Join(got, "\n"))
			}
			for i, w := range what {
				if !strings.HasPrefix(got[i], w) || !strings.Contains(got[i], "https://kith.example/work/report/2023-24") {
					t.Errorf("%s: got\n%s\nwant %s", step, got[i], w)
				}
			}
		}
		askThem(t, r, "2023-24")
		want("asked", nil, "dot: For you to agree: Yearly report 2023-24, by 26 September 2024\nDear Dot Director,\n\nAnn Author "+
			"asks you to agree Yearly report 2023-24 for Tidewell Council. Please answer by 26 September 2024.\n\nPlease.\n\n"+
			"You can read it whole there, and then agree, ask for a change or decline.\n\nOpen it here: "+
			"https://kith.example/work/report/2023-24/draft/\n", "eve: For you to agree")
		n, err := r.ChaseReport(ctx, ann, "2023-24")
		if want("reminded on the same day", err); n != 0 {
			t.Errorf("reminded %d", n)
		}
		want("agreed", r.AnswerReport(ctx, dot, "2023-24", register.Agreed, "", "", web.Unwatched),
			"ann: Tidewell Council agreed: Yearly report 2023-24\nDear Ann Author,\n\nDot Director agreed for Tidewell Council.")
		at.move(25 * time.Hour)
		n, err = r.ChaseReport(ctx, gil, "2023-24")
		if want("reminded", err, "eve: For you to agree"); n != 1 {
			t.Errorf("reminded %d", n)
		}
		want("declined", r.AnswerReport(ctx, eve, "2023-24", register.Declined, "Too long.", "", web.Unwatched),
			"ann: Tidewell Health Trust declined: Yearly report 2023-24\nDear Ann Author,\n\nEve Chief declined for Tidewell "+
				"Health Trust.\n\nToo long.\n")
		_, err = r.AddChapter(ctx, gil, "2023-24", PartReport, "Training", "Many came.")
		want("a chapter", err)
		want("asked again", r.AskAgainReport(ctx, gil, "2023-24", web.Unwatched), "dot: For you to agree", "eve: For you")
		want("called back", r.TakeBackReport(ctx, gil, "2023-24", web.Unwatched), "dot: Called back", "eve: Called back")
		for step, err := range map[string]error{
			"answered afterwards": r.AnswerReport(ctx, dot, "2023-24", register.Agreed, "", "", web.Unwatched),
			"called back twice":   r.TakeBackReport(ctx, gil, "2023-24", web.Unwatched),
			"asked again":         r.AskAgainReport(ctx, gil, "2023-24", web.Unwatched),
		} {
			if !errors.Is(err, ErrNotAsked) {
				t.Errorf("%s: %v", step, err)
			}
		}
	})
}

// TestFiguresChangeWhatWasAgreed: a figure that is another now makes the chapter another text,
// though nobody wrote in it.
func TestFiguresChangeWhatWasAgreed(t *testing.T) {
	t.Parallel()
	r := liteRoom(t)
	b, err := r.evaluate(t.Context(), "2023-24", true)
	if err != nil {
		t.Fatal(err)
	}
	was, figures := b.reading(), 0
	if plain, err := r.evaluate(t.Context(), "2023-24", false); err != nil || len(plain.reading().since(was)) > 0 {
		t.Errorf("the draft and its answer read otherwise: %v, %v", err, plain.reading().since(was))
	}
	for _, x := range was {
		if x.Figures != "" {
			figures++
		}
	}
	e := b.ledger.in()[0]
	e.values[0] = release.Value{} // hidden, where it was shown
	got := b.reading().since(was)
	if figures < 3 || len(got) == 0 || len(got) == figures ||
		slices.ContainsFunc(got, func(s string) bool { return !strings.HasPrefix(s, "the figures of ") }) {
		t.Errorf("%d chapters with figures; changed: %q", figures, got)
	}
}

// TestReminders: those who have not answered are reminded, and nobody after they did, or after
// it was called back.
func TestReminders(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		at := &hand{t: morning}
		r, ctx := nodeOf(t, s, at), t.Context()
		registered(t, r)
		if err := r.AddReport(ctx, ann, period.Year(2023), "Yearly report 2023-24", ""); err != nil {
			t.Fatal(err)
		}
		askThem(t, r, "2023-24")
		want := func(step string, who ...string) {
			t.Helper()
			var list []remind.Item
			err := s.Work.Snapshot(ctx, func(q db.Reader) (err error) { list, err = r.answersDue(ctx, q); return err })
			var got []string
			for _, x := range list {
				got = append(got, x.PersonID)
				if x.Path != "/work/report/2023-24/draft/" || x.Due != period.MustDate("2024-09-26") {
					t.Errorf("%s: %+v", step, x)
				}
			}
			if err != nil || !slices.Equal(got, who) {
				t.Errorf("%s: %v, %v; want %v", step, got, err, who)
			}
		}
		home := func(p web.Person, title string, others bool) {
			t.Helper()
			list, err := r.Todos(ctx, p)
			is := func(x web.Todo) bool { return x.Title == title && x.Others == others }
			if err != nil || !slices.ContainsFunc(list, is) {
				t.Errorf("Home of %s: %+v, %v; want %q", p.Name, list, err, title)
			}
		}
		home(eve, "Yearly report 2023-24 waits for you", false)
		home(gil, "The partners are asked to agree Yearly report 2023-24", true)
		want("on the day they were asked")
		at.move(48 * time.Hour)
		want("two days later", "dot", "eve")
		if err := r.AnswerReport(ctx, dot, "2023-24", register.Change, "Shorter.", "", web.Unwatched); err != nil {
			t.Fatal(err)
		}
		want("one answered", "eve")
		home(dot, "Yearly report 2023-24", true)
		if err := r.TakeBackReport(ctx, ann, "2023-24", web.Unwatched); err != nil {
			t.Fatal(err)
		}
		want("called back")
	})
}

// TestTwoAuthorities: in a partnership of two authorities one person may sign for both; they
// answer once, for both, and publishing names the partner that was not agreed for.
func TestTwoAuthorities(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := newRoom(t, s), t.Context()
		registered(t, r)
		at := db.At(r.Now())
		if err := r.Work.Tx(ctx, func(q db.Q) error {
			return db.Insert(ctx, q, `INSERT INTO organisations (id, name, folded, sector, created_at)`, [][]any{
				{"north", "Northwell Council", "northwell council", "local-authority", at}}, "")
		}); err != nil {
			t.Fatal(err)
		}
		both := dot
		both.For = map[web.Permission][]string{access.ReportSign: {"council", "north"}}
		r.People = signedUp{ann, gil, both, eve}
		r.Partners = func(context.Context, db.Reader) ([]register.Organisation, error) {
			return []register.Organisation{{ID: "north", Name: "Northwell Council"}, {ID: "council", Name: "Tidewell Council"},
				{ID: "trust", Name: "Tidewell Health Trust"}}, nil
		}
		if err := r.AddReport(ctx, ann, period.Year(2023), "Yearly report 2023-24", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := r.AddChapter(ctx, ann, "2023-24", PartReport, "Training", "Many came."); err != nil {
			t.Fatal(err)
		}
		p := proposal{DueOn: period.MustDate("2024-09-26"), Signers: []Signer{{PersonID: dot.ID, OrganisationID: "council"},
			{PersonID: eve.ID, OrganisationID: "trust"}}}
		var invalid *ui.Invalid
		if err := r.ProposeReport(ctx, ann, "2023-24", p); !errors.As(err, &invalid) ||
			invalid.Problems[0].Text != "Choose who agrees the report for Northwell Council" {
			t.Errorf("one authority left out: %v", err)
		}
		p.Signers = append(p.Signers, Signer{PersonID: eve.ID, OrganisationID: "north"})
		if err := r.ProposeReport(ctx, ann, "2023-24", p); !errors.As(err, &invalid) ||
			!strings.HasPrefix(invalid.Problems[0].Text, "Eve Chief does not sign for Northwell Council") {
			t.Errorf("somebody else's authority: %v", err)
		}
		p.Signers[2].PersonID = dot.ID
		news := letters(t, r)
		if err := r.ProposeReport(ctx, ann, "2023-24", p); err != nil {
			t.Fatal(err)
		}
		if got := news(); len(got) != 2 || !strings.Contains(got[0], "for Northwell Council and Tidewell Council.") {
			t.Errorf("told %q", got)
		}
		if err := r.ProposeReport(ctx, gil, "2023-24", p); !errors.Is(err, ErrAsked) {
			t.Errorf("asked twice: %v", err)
		}
		if err := r.AnswerReport(ctx, both, "2023-24", register.Agreed, "", "", web.Unwatched); err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.PublishReport(ctx, ann, "2023-24", "", web.Unwatched); !errors.As(err, &invalid) ||
			invalid.Problems[0].Field != "why" {
			t.Errorf("published without a reason: %v", err)
		}
		if _, _, err := r.PublishReport(ctx, ann, "2023-24", "The law’s day is tomorrow.", web.Unwatched); err != nil {
			t.Fatal(err)
		}
		list, err := publications(ctx, r.Work, "2023-24")
		if err != nil || len(list) != 1 || list[0].Agreed != "Dot Director for Northwell Council on 12 September 2024 at "+
			"10am; Dot Director for Tidewell Council on 12 September 2024 at 10am" ||
			list[0].NotAgreed != "Tidewell Health Trust (Eve Chief) has not answered" ||
			list[0].Why != "The law’s day is tomorrow." {
			t.Errorf("%+v, %v", list, err)
		}
		files, err := contents(ctx, s.Public, "2023-24", 1)
		if err != nil || len(files) == 0 {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.Contains(f.Body, "law’s day") || strings.Contains(f.Body, "Eve Chief") {
				t.Errorf("%s says in public who has not agreed", f.Path)
			}
		}
		if err := r.AnswerReport(ctx, eve, "2023-24", register.Agreed, "", "", web.Unwatched); !errors.Is(err, ErrNotAsked) {
			t.Errorf("answered after it was published: %v", err)
		}
	})
}

// TestMissing: who has not agreed the text as it is now is said in words, for each partner.
func TestMissing(t *testing.T) {
	t.Parallel()
	council := []register.Organisation{{ID: "council", Name: "Tidewell Council"}}
	signer := func(change func(*Signer)) Agreement {
		s := Signer{Name: "Dot", OrganisationID: "council", Turn: 1, Compared: true,
			Last: Reply{Answer: register.Agreed, Turn: 1, At: db.At(morning)}}
		change(&s)
		return Agreement{Partners: council, Signers: []Signer{s}}
	}
	for _, c := range []struct {
		name string
		in   Agreement
		want string
	}{
		{"an empty installation", Agreement{}, "No statutory safeguarding partner is known here, so nobody was asked"},
		{"nobody was asked", Agreement{Partners: council}, "Tidewell Council was not asked"},
		{"agreed", signer(func(*Signer) {}), ""},
		{"no answer", signer(func(s *Signer) { s.Last = Reply{} }), "Tidewell Council (Dot) has not answered"},
		{"asked again", signer(func(s *Signer) { s.Turn = 2 }), "Tidewell Council (Dot) has not answered"},
		{"another text", signer(func(s *Signer) { s.Changed = []string{"Training", "Audits"} }),
			"Tidewell Council (Dot) agreed on 12 September 2024 at 10am to an earlier text; changed since: Training and Audits"},
		{"figures that cannot be computed", signer(func(s *Signer) { s.Compared = false }),
			"Tidewell Council (Dot) agreed on 12 September 2024 at 10am; whether the text changed since is not known"},
		{"a change", signer(func(s *Signer) { s.Last.Answer = register.Change }),
			"Tidewell Council (Dot) asked for a change on 12 September 2024 at 10am"},
		{"declined", signer(func(s *Signer) { s.Last.Answer = register.Declined }),
			"Tidewell Council (Dot) declined on 12 September 2024 at 10am"},
	} {
		if got := strings.Join(c.in.Missing(), "; "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if agreed := len(c.in.Agreed()) == 1; agreed != (c.want == "") {
			t.Errorf("%s: counts as agreed: %t", c.name, agreed)
		}
	}
}
