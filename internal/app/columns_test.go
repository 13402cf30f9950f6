package app

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

var waits = regexp.MustCompile(`name="held" value="([^"]+)"`)

// A list of contacts with the headers of another council's system is asked about in the
// browser: nothing that tells who a child is stands on the page or is kept, what was chosen of
// year and part is not lost, and the next file of the sender is offered with it filled in.
func TestColumnsOfAListAreAsked(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile(filepath.Join("..", "returns", "testdata", "match", "contacts.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			a := install(t, engine).opened
			v := testkit.NewBrowser(t, a.Handler())
			w := v.Do(http.MethodPost, "/sign-in", testkit.Pairs("email", analyst, "password", password, "seen", ""))
			if w.Code != http.StatusSeeOther {
				t.Fatal(w.Code, w.Body)
			}
			send := func(content string, more ...string) (int, string) {
				form := testkit.Pairs(append([]string{"kind", "contacts", "year", "2023-24", "part", "rolling-11", "authority",
					"E08000015", "cover", "yes"}, more...)...)
				if m := regexp.MustCompile(`name="once" value="([^"]+)"`).FindStringSubmatch(
					v.Do(http.MethodGet, "/work/imports/new", nil).Body.String()); m != nil {
					form.Set("once", m[1])
				}
				var files []testkit.SentFile
				if content != "" {
					files = []testkit.SentFile{{Field: "files", Name: "enquiries.csv", Content: content}}
				}
				w := v.Upload("/work/imports/new", form, files...)
				if w.Code == http.StatusSeeOther {
					a.Jobs.Wait()
					w = v.Do(http.MethodGet, w.Header().Get("Location"), nil)
				}
				return w.Code, w.Body.String()
			}
			says := func(page string, texts ...string) {
				t.Helper()
				for _, want := range texts {
					if !strings.Contains(page, want) {
						t.Fatalf("does not say %q: %s", want, page)
					}
				}
			}
			answer := []string{"matched", "yes", "column-contact_date", "Logged", "column-outcome", "Disposal",
				"column-source", "Raised By", "column-record_id", "Enquiry No", "column-date_of_birth", "Subject D.O.B."}

			_, page := send(string(list))
			says(page, "Which column is what?", "date of contact and outcome", "Constabulary",
				`name="part" value="rolling-11"`, "The file does not say",
				"no row of the file is kept")
			_, page = send("", append(answer, "act", "look", "held", waits.FindStringSubmatch(page)[1])...)
			says(page, "To Statutory Team", "What “To Statutory Team” stands for", "1 April 2023", "10 to 15")
			for _, private := range []string{"Wren", "Rowan", "DEMO", "Flat 1", "2010"} {
				if strings.Contains(page, private) {
					t.Errorf("%q is on the page", private)
				}
			}
			answer = append(answer, "sender", "Enquiries")
			for i, x := range [][3]string{{"outcome", "To Statutory Team", "referral"}, {"outcome", "Locality Hub",
				"early-help"}, {"outcome", "Filed", "no-further-action"}, {"source", "Constabulary", "police"}} {
				n := string(rune('0' + i%3))
				answer = append(answer, "says-"+x[0]+"-"+n, x[1], "word-"+x[0]+"-"+n, x[2])
			}
			if n, err := db.Get[int](t.Context(), a.Work, `SELECT count(*) FROM imports_waiting`); err != nil || n != 0 {
				t.Errorf("rows about children wait in the store: %d, %v", n, err)
			}
			_, page = send("", append(answer, "held", waits.FindStringSubmatch(page)[1])...)
			says(page, "12 contacts from 1 April 2023", "4 became referrals")

			kept, err := db.Get[string](t.Context(), a.Work, `SELECT matching FROM imports_sources`)
			if err != nil || !strings.Contains(kept, "Locality Hub") {
				t.Errorf("what is remembered: %s, %v", kept, err)
			}
			if _, page = send(string(list) + "\n"); !strings.Contains(page, "as you read files of Enquiries before") {
				t.Errorf("the sender is not known: %s", page)
			}
		})
	}
}
