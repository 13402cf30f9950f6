package identity

import (
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestSecondsAreTold: those who may agree get one e-mail, however much is asked for at once,
// and agree to several requests by the rules of each.
func TestSecondsAreTold(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ira := w.user("Ira", "administrator") // holds no review, and may ask
		ada, pat, quin := w.user("Ada", "business-manager"), w.user("Pat", "practitioner"), w.user("Quin", "practitioner")
		ask := func(to web.Person, role string) {
			t.Helper()
			_, err := w.SaveRoles(w.ctx(), ira, to.ID, []string{"practitioner", role}, "Leads from May", web.Unwatched)
			w.is(err, nil)
		}
		told := func() []string {
			t.Helper()
			all, err := db.All[string](w.ctx(), s.Work, `SELECT to_address FROM mail_outbox ORDER BY created_at, id`)
			w.is(err, nil)
			return all
		}
		ask(pat, "review-lead")
		if got := told(); strings.Join(got, ",") != ada.Email {
			t.Fatalf("told %v", got)
		}
		body := w.emails()[0]
		for _, want := range []string{"Ira asks that Pat becomes Review lead", "Why: Leads from May",
			"https://work.tidewell.example/work/requests\n"} {
			if !strings.Contains(body, want) {
				t.Errorf("the e-mail does not say %q:\n%s", want, body)
			}
		}
		ask(pat, "review-lead") // the same again
		ask(quin, "review-lead")
		if got := told(); len(got) != 1 {
			t.Errorf("told %v", got)
		}
		w.now = w.now.Add(askedEvery)
		ask(quin, "editor")
		if got := told(); len(got) != 2 || got[1] != ada.Email {
			t.Errorf("told %v", got)
		}

		waiting, err := waitingRequests(w.ctx(), s.Work, db.At(w.now))
		w.is(err, nil)
		var ids []string
		for _, rq := range waiting {
			ids = append(ids, rq.ID)
		}
		if len(ids) != 3 {
			t.Fatalf("%d requests wait", len(ids))
		}
		w.is(w.WithdrawRequest(w.ctx(), ira, ids[1]), nil)
		agreed, failed, err := w.AgreeRequests(w.ctx(), pat, ids) // may agree to none
		if err != nil || agreed != 0 || len(failed) != 3 {
			t.Errorf("%d, %v, %v", agreed, failed, err)
		}
		b := w.browser()
		b.Want("POST", "/sign-in", testkit.Pairs("email", ada.Email, "password", password), 303, "/work")
		b.Want("GET", requestsRoot, nil, 200, "Agree to the ticked ones")
		b.Want("POST", requestsRoot+"/agree", nil, 303, requestsRoot)
		b.Want("GET", requestsRoot, nil, 200, "Agree to the ticked ones")
		b.Want("POST", requestsRoot+"/agree", testkit.Pairs("requests", ids[0], "requests", ids[1], "requests", ids[2],
			"requests", "nothing"), 303, requestsRoot)
		b.Want("GET", requestsRoot, nil, 200, "Nothing waits")
		for id, want := range map[string]string{pat.ID: "practitioner,review-lead", quin.ID: "editor,practitioner"} {
			held, err := rolesOf(w.ctx(), s.Work, id)
			if err != nil || strings.Join(held.ids(), ",") != want {
				t.Errorf("%v, %v, want %s", held, err, want)
			}
		}
	})
}
