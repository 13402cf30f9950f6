package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kith/internal/kit/web"
)

// TestWhereAFormCameFrom: a form is taken from a page of this site, as the browser says.
func TestWhereAFormCameFrom(t *testing.T) {
	t.Parallel()
	h := web.SameSite(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) }))
	for _, c := range []struct {
		method, fetch, origin string
		want                  int
		words                 string
	}{
		{"POST", "same-origin", "", 204, ""},
		{"POST", "none", "", 204, ""}, // typed into the address bar, or a bookmark
		{"POST", "", "http://example.com", 204, ""},
		{"POST", "cross-site", "", 403, "from another website"},
		{"POST", "same-site", "", 403, "from another website"},
		{"POST", "", "https://evil.example", 403, "from another website"},
		{"POST", "", "null", 403, "from another website"},
		{"POST", "", "", 403, "does not say which website"},
		{"DELETE", "", "", 403, "does not say which website"},
		{"GET", "", "", 204, ""},
		{"GET", "cross-site", "https://evil.example", 204, ""},
		{"HEAD", "", "", 204, ""},
	} {
		r := httptest.NewRequest(c.method, "/x", nil)
		if c.fetch != "" {
			r.Header.Set("Sec-Fetch-Site", c.fetch)
		}
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want || !strings.Contains(w.Body.String(), c.words) {
			t.Errorf("%+v: %d %s", c, w.Code, w.Body)
		}
	}
}

// TestHosts: a site that has an address answers under it and the names it was given, and
// to the machine itself under the machine's own.
func TestHosts(t *testing.T) {
	t.Parallel()
	const site, elsewhere, here = "https://Work.tidewell.example", "203.0.113.5:4000", "127.0.0.1:4000"
	for _, c := range []struct {
		site, host, from string
		want             int
	}{
		{site, "work.tidewell.example", elsewhere, 204},
		{site, "WORK.tidewell.example:443", elsewhere, 204},
		{site, "work.tidewell.example.", elsewhere, 204},
		{site, "www.tidewell.example:8080", elsewhere, 204}, // given when it was started
		{site, "evil.example", elsewhere, 421},
		{site, "work.tidewell.example.evil.example", elsewhere, 421},
		{site, "203.0.113.1", elsewhere, 421},
		{site, "", elsewhere, 421},
		{site, "127.0.0.1:8080", here, 204},
		{site, "localhost", here, 204},
		{site, "[::1]:8080", "[::1]:4000", 204},
		{site, "127.0.0.1:8080", elsewhere, 421},
		{site, "evil.example", here, 421},
		{"", "evil.example", elsewhere, 204}, // nobody has said where the site is
		{"http://10.0.0.7:8080", "10.0.0.7:8080", elsewhere, 204},
	} {
		h := web.Hosts(func(*http.Request) string { return c.site }, []string{"www.tidewell.example"},
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) }))
		r := httptest.NewRequest("GET", "/", nil)
		r.Host, r.RemoteAddr = c.host, c.from
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want || c.want == 421 && strings.Contains(w.Body.String(), "evil") {
			t.Errorf("%+v: %d %s", c, w.Code, w.Body)
		}
	}
}

// TestCookies: over TLS a cookie has a name that no neighbour of the site can set, and
// over plain HTTP the plain one; each is read only where it was set.
func TestCookies(t *testing.T) {
	t.Parallel()
	secure := true
	m := web.NewMux(slog.New(slog.DiscardHandler))
	m.Secure = func(*http.Request) bool { return secure }
	m.Handle(
		web.Route{Pattern: "GET /set", Permission: web.Anyone, Handle: func(w http.ResponseWriter, r *http.Request) error {
			web.SetCookie(w, r, http.Cookie{Name: "kith_a", Value: "1"})
			web.SetCookie(w, r, http.Cookie{Name: "kith_b", Value: "2", Path: "/sign-in"})
			return nil
		}},
		web.Route{Pattern: "GET /get", Permission: web.Anyone, Handle: func(w http.ResponseWriter, r *http.Request) error {
			_, err := w.Write([]byte(web.Cookie(r, "kith_a", "/") + web.Cookie(r, "kith_b", "/sign-in")))
			return err
		}})
	ask := func(path string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		return w
	}
	const hsts = "Strict-Transport-Security"
	set := ask("/set")
	over := set.Result().Cookies()
	if set.Header().Get(hsts) != "max-age=31536000" {
		t.Error("a browser that has a secret may come without TLS")
	}
	if len(over) != 2 || over[0].Name != "__Host-kith_a" || over[0].Path != "/" || over[0].Domain != "" ||
		over[1].Name != "__Secure-kith_b" || over[1].Path != "/sign-in" {
		t.Errorf("over TLS: %v", over)
	}
	secure = false
	set = ask("/set")
	plain := set.Result().Cookies()
	if set.Header().Get(hsts) != "" {
		t.Error("a site without TLS asks for it")
	}
	if len(plain) != 2 || plain[0].Name != "kith_a" || plain[0].Secure || plain[1].Name != "kith_b" {
		t.Errorf("over HTTP: %v", plain)
	}
	for _, c := range append(over, plain...) {
		if !c.HttpOnly || c.Secure != strings.HasPrefix(c.Name, "__") {
			t.Errorf("%+v", c)
		}
	}
	if got := ask("/get", plain...).Body.String(); got != "12" {
		t.Errorf("over HTTP %q is read", got)
	}
	secure = true
	if got := ask("/get", over...).Body.String(); got != "12" {
		t.Errorf("over TLS %q is read", got)
	}
	// A neighbour may set a cookie of the plain name for all hosts below the domain.
	if got := ask("/get", plain...).Body.String(); got != "" {
		t.Errorf("over TLS %q is read of plain cookies", got)
	}
}

// TestDirect: who asks at the machine itself, and not through a proxy, has no TLS.
func TestDirect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		host, from, header string
		want               bool
	}{
		{"127.0.0.1:8080", "127.0.0.1:4000", "", true},
		{"localhost:8080", "[::1]:4000", "", true},
		{"127.0.0.1:8080", "127.0.0.1:4000", "X-Forwarded-For", false},
		{"127.0.0.1:8080", "127.0.0.1:4000", "Forwarded", false},
		{"127.0.0.1:8080", "203.0.113.5:4000", "", false},
		{"work.tidewell.example", "127.0.0.1:4000", "", false},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host, r.RemoteAddr = c.host, c.from
		if c.header != "" {
			r.Header.Set(c.header, "x")
		}
		if web.Direct(r) != c.want {
			t.Errorf("%+v", c)
		}
	}
}

// TestGivenTwice: a field that may be given once and is given twice is refused, in the
// form and in the address, unless the route says that there may be many.
func TestGivenTwice(t *testing.T) {
	t.Parallel()
	m := web.NewMux(slog.New(slog.DiscardHandler))
	read := func(w http.ResponseWriter, r *http.Request) error {
		f, err := web.ReadForm(w, r)
		if err != nil {
			return err
		}
		_, err = w.Write([]byte(strings.Join(f.Values("roles"), " ")))
		return err
	}
	look := func(w http.ResponseWriter, r *http.Request) error { return nil }
	m.Handle(web.Route{Pattern: "POST /x", Permission: web.Anyone, Handle: read, Many: []string{"roles"}},
		web.Route{Pattern: "GET /x", Permission: web.Anyone, Handle: look})
	for _, c := range []struct {
		method, query, body string
		want                int
	}{
		{"POST", "", "name=Ann", 200},
		{"POST", "", "name=Ann&name=Ben", 400},
		{"POST", "", "name=Ann&name=Ann", 400},
		{"POST", "", "name=Ann&roles=a&roles=b", 200},
		{"POST", "?name=Ben", "name=Ann", 200}, // the form is what counts
		{"POST", "?id=1&id=2", "name=Ann", 400},
		{"GET", "?page=1", "", 200},
		{"GET", "?page=1&page=2", "", 400},
		{"GET", "?page=1&page=", "", 400},
	} {
		r := httptest.NewRequest(c.method, "/x"+c.query, strings.NewReader(c.body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		m.ServeHTTP(w, r)
		if w.Code != c.want || c.want == 400 && !strings.Contains(w.Body.String(), "given twice") {
			t.Errorf("%+v: %d %s", c, w.Code, w.Body)
		}
	}
}
