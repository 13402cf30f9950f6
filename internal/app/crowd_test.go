package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"kith/internal/access"
	"kith/internal/identity"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/web"
	"kith/internal/training"
)

// TestACrowdBehindOneProxy: 64 people, who all come from one address, sign in at once with
// their passwords, each from a browser that is not known, and book; with 40 places, 40 have
// one. Somebody who guesses passwords from the same address all the while shuts nobody out.
func TestACrowdBehindOneProxy(t *testing.T) {
	t.Parallel()
	const crowd, places, password = 64, 40, "harbour lantern oats"
	a := open(t, Config{Dir: t.TempDir(), Proxies: []string{"10.0.0.1"}})
	ctx, boss := t.Context(), web.Person{Name: "Ada", Permissions: everything()}
	for role := range access.Of("business-manager", "administrator") {
		boss.Permissions[role] = true
	}
	first := must[string](t)(a.Identity.AddUser(ctx, "Person 0", "p0@tidewell.example", "practitioner", password))
	for i := 1; i < crowd; i++ {
		id := must[string](t)(a.Identity.AddPerson(ctx, boss, identity.Person{Name: fmt.Sprint("Person ", i),
			Email: fmt.Sprintf("p%d@tidewell.example", i)}))
		if _, err := a.Identity.SaveRoles(ctx, boss, id, []string{"practitioner"}, "", web.Unwatched); err != nil {
			t.Fatal(err)
		}
		// The same password, without the work of a hash for each.
		if err := a.Work.Tx(ctx, func(q db.Q) error {
			_, err := db.Exec(ctx, q, `INSERT INTO identity_passwords (person_id, hash, changed_at)
				SELECT $1, hash, changed_at FROM identity_passwords WHERE person_id = $2`, id, first)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	programme := training.Programme{ID: "multi-agency", Title: "Multi-agency"}
	if err := a.Training.AddProgramme(ctx, boss, programme); err != nil {
		t.Fatal(err)
	}
	course := must[string](t)(a.Training.AddCourse(ctx, boss, training.Course{ProgrammeID: programme.ID,
		Title: "Neglect", Kind: "course"}))
	day := a.Now.Today().AddDays(30)
	session := must[string](t)(a.Training.AddSession(ctx, boss, training.Session{CourseID: course,
		StartsOn: day, EndsOn: day, StartTime: "09:30", EndTime: "12:30", Mode: "online", Capacity: places,
		State: training.Open}))

	pages := a.Handler()
	post := func(path, cookie string, pairs ...string) *httptest.ResponseRecorder {
		form := url.Values{"once": {ids.New()}}
		for i := 0; i+1 < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("X-Forwarded-For", "203.0.113.9")
		r.RemoteAddr = "10.0.0.1:4000"
		if cookie != "" {
			r.AddCookie(&http.Cookie{Name: "kith_session", Value: cookie})
		}
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		return w
	}
	var mu sync.Mutex
	booked, full := 0, 0
	var all sync.WaitGroup
	for i := range crowd {
		all.Go(func() {
			var cookie string
			for tries := 0; cookie == "" && tries < 60; tries++ {
				w := post("/sign-in", "", "email", fmt.Sprintf("p%d@tidewell.example", i), "password", password)
				if w.Code != http.StatusSeeOther && w.Code != http.StatusServiceUnavailable { // "Many people are signing in"
					t.Errorf("person %d is answered %d at the door: %s", i, w.Code, w.Body)
					return
				}
				for _, c := range w.Result().Cookies() {
					if c.Name == "kith_session" {
						cookie = c.Value
					}
				}
			}
			if cookie == "" {
				t.Errorf("person %d does not get in", i)
				return
			}
			w := post("/work/training/sessions/"+session+"/book", cookie)
			mu.Lock()
			defer mu.Unlock()
			switch w.Code {
			case http.StatusSeeOther:
				booked++
			case http.StatusConflict:
				full++
			default:
				t.Errorf("person %d is answered %d when booking: %s", i, w.Code, w.Body)
			}
		})
	}
	for range 4 {
		all.Go(func() { post("/sign-in", "", "email", "nobody@tidewell.example", "password", "a guess") })
	}
	all.Wait()
	taken := must[int64](t)(db.Get[int64](ctx, a.Work, `SELECT count(*) FROM training_bookings WHERE session_id = $1`, session))
	if booked != places || full != crowd-places || taken != places {
		t.Errorf("%d booked, %d found it full, %d places are taken", booked, full, taken)
	}
}
