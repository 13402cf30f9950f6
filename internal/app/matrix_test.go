package app

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/web"
)

// The permission matrix: every address × every role × {one's own thing, one of one's
// own organisation, another organisation's, one that is missing, a child's under
// another parent}, held to docs/permissions.md. The addresses are those of the
// program, so a new one is walked without a line here; what its parts stand for is
// in the table things.

// A class is whose thing an address is about.
type class string

const (
	anybodys        class = "any"
	own             class = "own"
	ownOrganisation class = "own organisation"
	another         class = "another organisation"
)

// nobody is the public, as a role.
const nobody = ""

// A matrix is what was answered: by address and role.
type matrix struct {
	routes []web.Route
	cells  map[string]map[string]map[class]string // pattern → role → class → answered
	export map[string]bool                        // patterns that export
}

// An ask is one request to make of the program.
type ask struct {
	rt     web.Route
	role   string
	class  class
	values []string // of the parts of the address
}

// path fills in the address's parts.
func (x ask) path() string {
	_, pattern, _ := strings.Cut(strings.TrimSuffix(x.rt.Pattern, "{$}"), " ")
	i := -1
	return parts.ReplaceAllStringFunc(pattern, func(string) string { i++; return x.values[i] })
}

func (x ask) method() string { m, _, _ := strings.Cut(x.rt.Pattern, " "); return m }

func (x ask) String() string {
	return fmt.Sprintf("%s as %s, %s (%s)",
		x.rt.Pattern, cmp.Or(x.role, "the public"), cmp.Or(string(x.class), "missing"), x.path())
}

// An answer is what came back, without the words that differ from request to
// request.
type answer struct {
	status   int
	kind     string
	location string
	body     []byte
	toSignIn bool // the public is asked to sign in
}

func (a answer) refused() bool { return a.status == http.StatusNotFound || a.toSignIn }

func (a answer) word() string {
	switch {
	case a.toSignIn:
		return "sign-in"
	case a.status == http.StatusNotFound:
		return "no"
	}
	return "yes"
}

// do makes a request with a form that is empty but for the mark of its showing.
func (w *world) do(t *testing.T, x ask, query string) answer {
	t.Helper()
	r := httptest.NewRequest(x.method(), x.path()+query, strings.NewReader("once="+ids.New()))
	if x.method() == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if s := w.session[x.role]; s != "" {
		r.AddCookie(&http.Cookie{Name: "kith_session", Value: s})
	}
	rec := httptest.NewRecorder()
	w.pages.ServeHTTP(rec, r)
	res := rec.Result()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode >= 500 {
		t.Errorf("%s: %d\n%s", x, res.StatusCode, body)
	}
	a := answer{status: res.StatusCode, kind: res.Header.Get("Content-Type"), location: res.Header.Get("Location")}
	a.body = bytes.ReplaceAll(body, []byte(res.Header.Get("X-Request-Id")), []byte("#"))
	a.body = bytes.ReplaceAll(a.body, []byte(x.path()), []byte("…"))
	for _, v := range x.values {
		if len(v) > 6 { // not the number of a version, which is everywhere
			a.body = bytes.ReplaceAll(a.body, []byte(v), []byte("…"))
		}
	}
	a.toSignIn = x.role == nobody && a.status == http.StatusSeeOther && strings.HasPrefix(a.location, "/sign-in")
	if !a.refused() {
		w.meets(t, x, body)
		if !w.mayAsk(x) {
			t.Errorf("%s: %d, without %s", x, a.status, x.rt.Permission)
		}
		if !slices.Contains(answers[x.method()], a.status) && !(showsOnce[x.rt.Pattern] && a.status == http.StatusOK) {
			t.Errorf("%s: %d\n%s", x, a.status, body)
		}
	}
	return a
}

// answers are what a page or an empty form may be answered with, besides that there
// is no such thing. A 403 would say that there is. A link to set a password that nobody
// has is gone, and a form without what our own pages put into it is not understood.
var answers = map[string][]int{
	http.MethodGet: {http.StatusOK, http.StatusMovedPermanently, http.StatusSeeOther,
		http.StatusConflict, http.StatusGone},
	http.MethodPost: {http.StatusSeeOther, http.StatusConflict, http.StatusUnprocessableEntity,
		http.StatusGone, http.StatusBadRequest},
}

// showsOnce are forms that answer with a page, since what is on it is not kept.
var showsOnce = map[string]bool{"POST /work/account/recovery-codes/renew": true,
	"POST /work/training/mine/calendar/make": true}

// meets fails when an answer has words that only those with a permission may meet.
func (w *world) meets(t *testing.T, x ask, body []byte) {
	t.Helper()
	for p, words := range w.secret {
		if w.person[x.role].May(p) {
			continue
		}
		for _, s := range words {
			if bytes.Contains(body, []byte(s)) {
				t.Errorf("%s shows %q, which is for those with %s", x, s, p)
				break
			}
		}
	}
}

// walk asks for everything that can be asked without changing anything, as one
// role: what it may read, what it is refused, and what is missing.
func (w *world) walk(t *testing.T, m *matrix, role string) {
	for _, rt := range m.routes {
		there, missing := w.asks(t, rt, role)
		var sameAs answer // what a missing thing answers
		for i, x := range missing {
			a := w.do(t, x, "")
			if !a.refused() && openAnyway[rt.Pattern] == "" {
				t.Errorf("%s: %d, and there is no such thing", x, a.status)
			}
			if i == 0 {
				sameAs = a
			} else if !a.same(sameAs) {
				t.Errorf("%s is answered otherwise than %s", x, missing[0])
			}
		}
		for _, x := range there {
			if x.method() != http.MethodGet && w.mayAsk(x) {
				continue // it changes what there is: see change
			}
			a := w.do(t, x, "")
			m.note(x, a)
			if a.refused() && len(missing) > 0 && !a.same(sameAs) {
				t.Errorf("%s is answered otherwise than %s:\n%d %s %s\n%d %s %s",
					x, missing[0], a.status, a.location, a.body, sameAs.status, sameAs.location, sameAs.body)
			}
			if x.method() == http.MethodGet {
				w.walkExport(t, m, x, a)
			}
		}
	}
}

// walkExport asks for the same page as a file. Who may not have the page may not
// have the file.
func (w *world) walkExport(t *testing.T, m *matrix, x ask, page answer) {
	if !strings.HasPrefix(x.path(), workPrefix) || page.kind != "text/html; charset=utf-8" && !page.refused() {
		return
	}
	a := w.do(t, x, "?format=csv")
	if page.refused() != a.refused() || page.refused() && !page.toSignIn && !a.same(page) {
		t.Errorf("%s as a file: %d, and as a page %d", x, a.status, page.status)
	}
	if strings.HasPrefix(a.kind, "text/csv") {
		m.exports(x.rt.Pattern)
	}
}

// mayAsk reports whether a person gets as far as the handler.
func (w *world) mayAsk(x ask) bool { return w.person[x.role].May(x.rt.Permission) }

func (a answer) same(b answer) bool {
	if a.toSignIn && b.toSignIn {
		return true // the address to come back to is all that differs
	}
	return a.status == b.status && a.kind == b.kind && a.location == b.location && bytes.Equal(a.body, b.body)
}

// openAnyway are the addresses that answer although there is no such thing, with
// the reason.
var openAnyway = map[string]string{
	"GET /report/{year}": "it adds a slash, and what is then asked for is missing",
}

// state tells how often each table was changed, and how many rows those have whose
// changes are not counted.
func (w *world) state(t *testing.T) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	for name, d := range map[string]*db.DB{"work": w.app.Work, "public": w.app.Public} {
		if err := d.Snapshot(t.Context(), func(r db.Reader) error {
			n, err := db.Changes(t.Context(), r)
			for table, x := range n {
				out[name+" "+table] = x
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range []string{"jobs", "mail_outbox", "audit_trail", "settings", "publish_outbox",
		"identity_sessions", "identity_links", "identity_passwords"} {
		out[table] = must[int64](t)(db.Get[int64](t.Context(), w.app.Work, `SELECT count(*) FROM `+table))
	}
	// What is noted of who looks and is refused changes nothing that there is.
	out["audit_trail"] = must[int64](t)(db.Get[int64](t.Context(), w.app.Work, `
		SELECT count(*) FROM audit_trail WHERE act NOT IN ('read', 'downloaded', 'was refused')`))
	return out
}

// walkAll walks as every role, and holds that nothing has changed.
func walkAll(t *testing.T, w *world, m *matrix) {
	before := w.state(t)
	t.Run("read and refused", func(t *testing.T) {
		for _, role := range m.roles() {
			t.Run(cmp.Or(role, "public"), func(t *testing.T) {
				t.Parallel()
				w.walk(t, m, role)
			})
		}
	})
	if after := w.state(t); !maps.Equal(before, after) {
		t.Errorf("something that was refused has changed what there is:\n%v\n%v", before, after)
	}
}

// TestPermissionMatrix is the whole matrix on SQLite.
func TestPermissionMatrix(t *testing.T) {
	made := installed(t, demonstration(t))
	config := Config{Dir: made, Face: FaceAll, Demo: true}
	a := open(t, config)
	w := worldOf(t, a)
	w.furnish(t)
	m := newMatrix(a)
	walkAll(t, w, m)
	t.Run("change", func(t *testing.T) { changeAll(t, w, m) })
	m.compare(t)
}

// TestPermissionMatrixOnPostgres walks everything that changes nothing on the other
// engine. `make matrix-nightly` runs it.
func TestPermissionMatrixOnPostgres(t *testing.T) {
	if !*everyEngine {
		return
	}
	a := demonstrationOn(t, db.Postgres)
	w := worldOf(t, a)
	w.furnish(t)
	walkAll(t, w, newMatrix(a))
}

// changeAll sends every form, empty, as everybody who gets as far as its handler.
// What one of them changes is put back before the next.
func changeAll(t *testing.T, w *world, m *matrix) {
	good := installed(t, w.app)
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "files"), os.DirFS(filepath.Join(good, "files"))); err != nil {
		t.Fatal(err)
	}
	copyKey(t, good, dir)
	var now *world
	restore := func() {
		if now != nil {
			now.app.Close()
		}
		for _, name := range []string{"work.db", "public.db"} {
			copyFile(t, filepath.Join(good, name), filepath.Join(dir, name))
		}
		a := must[*App](t)(Open(t.Context(), Config{Dir: dir, Face: FaceAll, Demo: true}, w.app.Log))
		now = &world{app: a, pages: a.Handler(), session: w.session, person: w.person, secret: w.secret, rows: w.rows}
	}
	restore()
	defer func() { now.app.Close() }()
	before := now.state(t)
	for _, rt := range m.routes {
		for _, role := range m.roles() {
			there, missing := w.asks(t, rt, role)
			for _, x := range there {
				if x.method() == http.MethodGet || !now.mayAsk(x) {
					continue
				}
				a := now.do(t, x, "")
				m.note(x, a)
				changed := !maps.Equal(before, now.state(t))
				if a.refused() && changed {
					t.Errorf("%s was refused and changed what there is", x)
				}
				if a.refused() && len(missing) > 0 && !a.same(now.do(t, missing[0], "")) {
					t.Errorf("%s is answered otherwise than %s: %d", x, missing[0], a.status)
				}
				if changed {
					restore()
				}
			}
		}
	}
}

func newMatrix(a *App) *matrix {
	m := &matrix{cells: map[string]map[string]map[class]string{}, export: map[string]bool{}, routes: a.mux().Routes()}
	return m
}

// roles lists the public and every role.
func (m *matrix) roles() []string {
	out := []string{nobody}
	for _, r := range access.Roles() {
		out = append(out, r.ID)
	}
	return out
}
