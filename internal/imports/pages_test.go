package imports

import (
	"net/url"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
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
	asked := showPage{Base: base, Import: refused, KindTitle: "Words", List: list,
		AgainHref: "/work/imports/new?kind=words"}
	asked.showMoves([]intake.Move{{Title: "Words held", Period: "2023-24", Against: "2022-23", Before: 3, After: 30},
		{Title: "Lines", Period: "2023-24", Against: "2022-23", Before: 30, After: 31}}, false)
	if asked.Moves[0].Before != "fewer than 6" || asked.Against != "In 2022-23" || !asked.Moves[0].Large ||
		asked.Moves[1].Large {
		t.Errorf("%+v", asked.Moves)
	}
	uitest.Page(t, set, "show", asked)
	uitest.Page(t, set, "withdraw", withdrawPage{Base: base, Import: im, KindTitle: "Words", Files: files})
	uitest.Page(t, set, "withdraw", withdrawPage{Base: base, Import: im, KindTitle: "Words", Earlier: []Import{im}})
}
