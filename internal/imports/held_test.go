package imports_test

import (
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/imports"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestWhatWeHold: the page says of each kind and year what is loaded, kept beside, waiting or
// missing, and leads to the next act on it.
func TestWhatWeHold(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		timeless := monthly() // of no year, so that none of it is missing
		timeless.ID, timeless.Timeless = "timeless", true
		r := room(t, s, monthly(), timeless)
		page := func() string { return get(t, r.pages, "/work/imports/held").Body.String() }
		last := period.YearOf(r.Now.Today()) - 1
		if strings.Contains(page(), "kind=timeless") {
			t.Error("files of no year are missing of a year")
		}
		says(t, page(), "Nothing is held yet", "Missing", "kind=monthly&amp;year="+last.String(), "Send it")

		load := func(text string, o imports.Options) string {
			t.Helper()
			o.Year, o.By = last, ann
			rep, err := r.Load(t.Context(), "monthly", []string{file(t, text)}, o)
			if err != nil {
				t.Fatal(err)
			}
			return rep.ImportID
		}
		load("first", imports.Options{})
		whole := load("second", imports.Options{})
		quarter := period.Span{From: last.Span().From, To: last.Span().From.AddMonths(2).EndOfMonth()}
		part := load("third", imports.Options{Part: quarter, Provisional: true})
		w := upload(t, r.pages, "fourth", "kind", "words", "year", last.String())
		r.jobs.Wait()
		got := page()
		says(t, got, `href="/work/imports/`+whole+`"`, `href="/work/imports/`+whole+`/withdraw"`, "by Ann; 1 earlier one replaced",
			`href="/work/imports/`+part+`"`, "April to June", "provisional", `href="`+w.Header().Get("Location")+`"`, "Not loaded yet")
		if strings.Contains(got, "kind=monthly&amp;year="+last.String()) {
			t.Error("what is loaded is to be sent")
		}
		r.as(web.Person{ID: "q", Permissions: map[web.Permission]bool{access.ImportsRead: true}})
		if got := page(); strings.Contains(got, "Send it") || strings.Contains(got, "Withdraw") {
			t.Error("who may only look is offered what they may not do")
		}
	})
}
