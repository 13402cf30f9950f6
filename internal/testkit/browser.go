package testkit

import (
	"bytes"
	"html"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kith/internal/kit/ids"
	"kith/internal/kit/ui/uitest"
)

// A Browser asks a handler for pages as a browser does: it keeps cookies, posts a form
// as it was opened at its address, follows nothing by itself, and holds the HTML of
// every page to what a page must be. Rooms' tests give it words of their own.
type Browser struct {
	T       testing.TB
	Handler http.Handler
	Cookies map[string]string
	// AnyHTML leaves the HTML alone, for what has looked at it elsewhere.
	AnyHTML bool
}

// NewBrowser gives a browser without a cookie.
func NewBrowser(t testing.TB, h http.Handler) *Browser {
	return &Browser{T: t, Handler: h, Cookies: map[string]string{}}
}

// Pairs makes a form: name, value, name, value ….
func Pairs(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// Do asks for a page, or posts a form. What its page was seen to say goes with a form
// that does not say it, and so does the mark of a new showing; "seen" with no value is a
// form that was never opened.
func (b *Browser) Do(method, path string, form url.Values) *httptest.ResponseRecorder {
	b.T.Helper()
	if method == http.MethodPost && !form.Has("seen") {
		if mark := b.Seen(path); mark != "" {
			form = maps.Clone(form)
			if form == nil {
				form = url.Values{}
			}
			form.Set("seen", mark)
		}
	}
	if method == http.MethodPost && !form.Has("once") {
		if form = maps.Clone(form); form == nil {
			form = url.Values{}
		}
		form.Set("once", ids.New())
	}
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	w := b.Send(r)
	redirect := w.Code >= 300 && w.Code < 400
	if !b.AnyHTML && !redirect && strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		uitest.HTML(b.T, method+" "+path, w.Body.String())
	}
	return w
}

// A SentFile is a file that a form sends.
type SentFile struct{ Field, Name, Content string }

// Upload posts a form with files, as Do posts one without.
func (b *Browser) Upload(path string, form url.Values, files ...SentFile) *httptest.ResponseRecorder {
	b.T.Helper()
	if form = maps.Clone(form); form == nil {
		form = url.Values{}
	}
	if mark := b.Seen(path); mark != "" && !form.Has("seen") {
		form.Set("seen", mark)
	}
	if !form.Has("once") {
		form.Set("once", ids.New())
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			w.WriteField(name, v)
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile(f.Field, f.Name)
		if err != nil {
			b.T.Fatal(err)
		}
		io.WriteString(part, f.Content)
	}
	w.Close()
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	answer := b.Send(r)
	page := strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") && answer.Code != http.StatusSeeOther
	if page && !b.AnyHTML {
		uitest.HTML(b.T, "POST "+path, answer.Body.String())
	}
	return answer
}

// Send sends any request with the browser's cookies, and keeps those of the answer.
func (b *Browser) Send(r *http.Request) *httptest.ResponseRecorder {
	for name, value := range b.Cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.Handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.Cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.Cookies, c.Name)
		}
	}
	return w
}

var seenMark = regexp.MustCompile(`name="seen" value="([^"]*)"`)

// Seen gives the mark of what the page of a form says now; "" when it has no form.
func (b *Browser) Seen(path string) string {
	return SeenIn(b.Send(httptest.NewRequest(http.MethodGet, path, nil)).Body.String())
}

// SeenIn gives the mark of what a page says; "" when it has no form.
func SeenIn(page string) string {
	if m := seenMark.FindStringSubmatch(page); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}

// Want asks and checks the answer: its status, and some text of it or, for a redirect,
// where it leads: exactly, or what that begins with when text ends in a slash. It gives
// the page, or where it leads.
func (b *Browser) Want(method, path string, form url.Values, status int, text string) string {
	b.T.Helper()
	w := b.Do(method, path, form)
	got := w.Body.String()
	right := strings.Contains(got, text)
	if status == http.StatusSeeOther {
		got = w.Header().Get("Location")
		right = text == "" || got == text || strings.HasSuffix(text, "/") && strings.HasPrefix(got, text)
	}
	if w.Code != status || !right {
		b.T.Errorf("%s %s: %d without %q: %s", method, path, w.Code, text, Main(got))
	}
	return got
}

// Main is the part of a page that a failed test shows.
func Main(page string) string {
	if _, main, ok := strings.Cut(page, "<main"); ok {
		page = main
	}
	return page[:min(len(page), 2000)]
}
