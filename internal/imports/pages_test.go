package imports

import (
	"net/url"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/sheet"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
	"kith/internal/kit/web"
)

// TestTemplates type checks each page and holds its HTML to the rules of pages.
func TestTemplates(t *testing.T) {
	t.Parallel()
	set, err := ui.NewSet(templates)
	if err != nil {
		t.Fatal(err)
	}
	im := Import{ID: "i1", Kind: "words", Year: "2023-24", Authority: "E08000015", State: "loaded",
		Summary: "3 words\nand no more", Rows: 3, Found: 1, Reader: "1", By: "Ann", CreatedAt: db.At(time.Unix(0, 0))}
	files := []intake.LoadedFile{{Name: "<words>.txt", SHA256: "ab", Size: 12, Rows: 3}}
	list := ui.ReadList("/work/imports", url.Values{}, "-created", "kind")
	list.Total, list.One, list.Many = 1, "import", "imports"
	choices := ui.Choices("words", "Words")
	base := ui.Base{Layout: ui.LayoutWork, Title: "Imports"}

	uitest.Page(t, set, "list", listPage{Base: base, List: list,
		Rows: []listRow{{Import: im, KindTitle: "Words", Files: "words.txt"}}, Kinds: choices, States: choices,
		Years: choices, MayLoad: true})
	uitest.Page(t, set, "list", listPage{Base: base, List: list})
	form := web.NewForm("kind", "words")
	form.Add("files", "Choose the files to import")
	uitest.Page(t, set, "new", newPage{Base: base, Form: form, Kinds: choices, Years: choices, MaxMB: 600,
		Sole: "Tidewell (E08000015)"})
	uitest.Page(t, set, "new", newPage{Base: base, Form: form, Kinds: choices, Years: choices, MaxMB: 600,
		Authorities: ui.Choices("E08000015", "<Tidewell>"), First: true})
	finding := intake.Finding{File: "words.txt", Line: 3, Field: "word", Rule: "odd", Message: "This is no word; type one"}
	uitest.Page(t, set, "show", showPage{Base: base, Import: im, KindTitle: "Words", Files: files, List: list,
		Findings: []intake.Finding{finding}, Rules: choices, Kept: 1, MayManage: true})
	running := im
	running.State, running.Progress = "running", "32,000 rows read"
	uitest.Page(t, set, "show", showPage{Base: base, Import: running, KindTitle: "Words", List: list, MayManage: true,
		Running: true})
	refused := im
	refused.State, refused.Problem, refused.ReplacedBy, refused.Found = "refused", "This is not a file of words.", "i2", 0
	uitest.Page(t, set, "show", showPage{Base: base, Import: refused, KindTitle: "Words", List: list})
	moves := []intake.Move{{Title: "Words held", Period: "2023-24", Against: "2022-23", Before: 3, After: 30},
		{Title: "Lines", Period: "2023-24", Against: "2023-24", Before: 30, After: 31, Earlier: "2022-23", EarlierCount: 2}}
	rows, against := movedRows(base, moves, false)
	if rows[0].Before != "fewer than 6" || against != "Before, 2023-24" || !rows[0].Large || rows[1].Large {
		t.Errorf("%+v", rows)
	}
	uitest.Page(t, set, "show", showPage{Base: base, Import: im, KindTitle: "Words", List: list, Moves: rows,
		Against: against})

	draft := &intake.Draft{File: "<bookings>.csv", Rows: 3, Heads: []string{"Course", "When"},
		First: [][]string{{"Neglect", "14 June 2023"}}, LeftOut: []string{"Nobody is named."}}
	field := intake.Field{Name: "course", Title: "Course", Hint: "Its title", Needed: true, Whole: choices,
		Words: choices}
	asks := web.NewForm("kind", "words", "held", "t1")
	asks.Add("column-course", "Choose the column that says the course")
	uitest.Page(t, set, "columns", columnsPage{Base: base, Form: asks, Draft: draft, KindTitle: "Words",
		Columns: []readColumn{{intake.DraftColumn{Header: "Title", Samples: []string{"Neglect", "<b>"}}, "Course"}, {}},
		Needed:  []matchField{{field, asks, choices}}, Carried: []string{"kind", "held"}, Known: &Source{Name: "Bookings"},
		Words: []matchWords{{"Status", []matchWord{{intake.DraftWord{Field: "status", Rows: 2}, "word-status-0",
			"says-status-0", "(empty)", choices}}}}})
	uitest.Page(t, set, "columns", columnsPage{Base: base, Form: web.NewForm(), Draft: &intake.Draft{File: "a.csv"}})
	uitest.Page(t, set, "sources", sourcesPage{Base: base})
	source := Source{ID: "s1", Name: "<Bookings>", By: "Ann", UsedAt: db.At(time.Unix(0, 0))}
	uitest.Page(t, set, "sources", sourcesPage{Base: base, Rows: []sourceRow{{source, "Words", 3}}})

	waits := im
	waits.State, waits.Problem = "previewed", "Nothing was loaded."
	p := previewPage{Base: base, Import: waits, KindTitle: "Words", Form: web.NewForm("seen", "x"), Files: files,
		Moves: rows, Figures: 2, Large: 1, Replaces: []Import{im}, ComesBack: true, MayManage: true,
		AgainHref: "/work/imports/new?kind=words",
		Readings: []sheet.Reading{{Column: "<day>", Written: "31/01/2024", Read: "day, month, year", Cells: 3,
			Doubt: "no day"}},
		Faults: []faultRow{{What: "Odd", Rows: 1, Lines: "3", Message: "This is no word; type one"}}, Kept: 1}
	p.Facts = p.facts("Tidewell (E08000015)")
	rep := &shownReport{Report: Report{Moves: moves}, was: []Import{im}}
	p.Bars = p.bars(rep, false)
	if got := p.Bars[1].Bars; len(got) != 3 || got[0].Count != "fewer than 6" || got[0].Width != 193 ||
		got[2].Note != "1 more" || p.Bars[0].Bars[1].Note != "" {
		t.Errorf("%+v", p.Bars)
	}
	uitest.Page(t, set, "preview", p)
	uitest.Page(t, set, "preview", previewPage{Base: base, Import: waits, KindTitle: "Words", Form: web.NewForm()})
	cell := heldCell{Year: "2023-24", Missing: true, SendHref: "/work/imports/new",
		Items: []heldItem{{Import: im, Tone: "good", Words: "Loaded", Replaced: 2, MayWithdraw: true}}}
	uitest.Page(t, set, "held", heldPage{Base: base, Years: []string{"2023-24"}, Loaded: 1, Waiting: 1, MayLoad: true,
		Rows: []heldRow{{Title: "Words", Authority: "<Tidewell>", Cells: []heldCell{cell}}}})
	uitest.Page(t, set, "held", heldPage{Base: base, Years: []string{"2023-24"},
		Rows: []heldRow{{Title: "Words", Cells: []heldCell{{Year: "2023-24", Goes: true}}}}})
	uitest.Page(t, set, "withdraw", withdrawPage{Base: base, Import: im, KindTitle: "Words", Files: files})
	uitest.Page(t, set, "withdraw", withdrawPage{Base: base, Import: im, KindTitle: "Words", Earlier: []Import{im}})
}
