package annual

import (
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestWhatReadersWillNotSee: whoever publishes looks at what is hidden, and at the small numbers
// that are not; which of the hidden are small is for those who may see small counts.
func TestWhatReadersWillNotSee(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	r := sampleRoom(t, s)
	const at = "/work/report/2023-24"
	newSite(t, r, ann).get(at+"/publish", 200, "3 numbers about children are hidden from readers", at+"/hidden")
	page := newSite(t, r, ann).get(at+"/hidden", 200, "Children on a child protection plan by age, 31 March 2024",
		"Unborn", "Which of them are small is shown to those who may see small numbers", "Reviews published: statutory",
		"It counts what the partnership did.")
	if strings.Contains(page, "It is from 1 to 5.") {
		t.Error("it says which are small to somebody who may not see that")
	}
	guard := ann
	guard.Permissions = map[web.Permission]bool{access.ReportRead: true, access.ReportPublish: true,
		access.FiguresRead: true, access.FiguresRestricted: true}
	newSite(t, r, guard).get(at+"/hidden", 200, "It is from 1 to 5.", "A number from 1 to 5 could be worked out from it.")
}

// TestRefusedReport: numbers that cannot be made safe block publishing, in their chapter, with
// what would do.
func TestRefusedReport(t *testing.T) {
	t.Parallel()
	s := testkit.NewStores(t, db.SQLite)
	r := newRoom(t, s)
	one, _ := begun(t, r)
	save(t, r, one, fences("'''figure-table\nfigure: alike.open\nby: harm\n'''\n\nThere were {{figure \"alike.open\"}}."))
	_, problems, err := r.PublishReport(t.Context(), ann, "2023-24", unagreed, web.Unwatched)
	if err == nil || len(problems) != 1 || problems[0].Title != "Introduction" || problems[0].Line != 1 ||
		!strings.Contains(problems[0].Text, "has the same harm") || !strings.Contains(problems[0].Fix, "show the total") {
		t.Errorf("%v %v", problems, err)
	}
	// Neither number is small, and both together say that there are two others.
	save(t, r, one, "Of {{figure \"whole.open\"}} children\n{{figure \"nearly.open\"}} were seen.")
	_, problems, err = r.PublishReport(t.Context(), ann, "2023-24", unagreed, web.Unwatched)
	if err == nil || len(problems) != 2 || problems[1].Line != 2 ||
		problems[1].Text != "Children could be worked out from “Children in all, 31 March 2024” and “Nearly all of them, "+
			"31 March 2024”, whatever is hidden." || problems[1].Fix != "Take out “Nearly all of them, 31 March 2024”." {
		t.Errorf("%v %v", problems, err)
	}
	newSite(t, r, ann).get("/work/report/2023-24/hidden", 200, "Cannot be published", "Take out “Nearly all of them")
	save(t, r, one, "There were {{figure \"alike.open\"}}.")
	if _, problems, err = r.PublishReport(t.Context(), ann, "2023-24", unagreed, web.Unwatched); err != nil {
		t.Errorf("%v %v", problems, err)
	}
}
