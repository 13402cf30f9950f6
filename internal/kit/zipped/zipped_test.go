package zipped

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

var page = []byte(strings.Repeat("<p>Tides come in and go out.</p>\n", 200))

func made(t *testing.T, plain []byte, media string) *Body {
	t.Helper()
	b, err := New(plain, media)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// get asks for a body over HTTP: what a browser gets is what counts.
func get(t *testing.T, b *Body, method string, headers ...string) (*http.Response, []byte) {
	t.Helper()
	s := httptest.NewServer(b)
	defer s.Close()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w, body
}

// TestWhoIsSentWhat: those who take a body zipped get it so, under a tag of its
// own and with its length; it unzips to the same.
func TestWhoIsSentWhat(t *testing.T) {
	t.Parallel()
	b := made(t, page, "text/html; charset=utf-8")
	for accept, want := range map[string]string{
		"": "", "gzip": "gzip", "br, gzip;q=0.5": "gzip", "GZIP": "gzip",
		"gzip;q=0": "", "br": "", "identity": "", "zstd": "", "not-gzip-really": "",
	} {
		w, body := get(t, b, http.MethodGet, "Accept-Encoding", accept)
		tag := `"` + b.Hash() + `"`
		if want == "gzip" {
			tag = `"` + b.Hash() + `-gzip"`
			z, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatalf("%q: %v", accept, err)
			}
			if w.ContentLength != int64(len(body)) || len(body) >= len(page)/2 {
				t.Errorf("%q: %d bytes came, Content-Length %d", accept, len(body), w.ContentLength)
			}
			if body, err = io.ReadAll(z); err != nil {
				t.Fatalf("%q: %v", accept, err)
			}
		}
		if !bytes.Equal(body, page) || w.Header.Get("Content-Encoding") != want || w.Header.Get("Etag") != tag ||
			w.Header.Get("Vary") != "Accept-Encoding" || w.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%q: %d bytes, headers %v", accept, len(body), w.Header)
		}
	}
}

// TestHasItAlready: a browser that has either form is told so, with the tag of what
// it has; one that has something else gets the body.
func TestHasItAlready(t *testing.T) {
	t.Parallel()
	b := made(t, page, "text/html; charset=utf-8")
	for _, accept := range []string{"", "gzip"} {
		first, _ := get(t, b, http.MethodGet, "Accept-Encoding", accept)
		tag := first.Header.Get("Etag")
		for _, match := range []string{tag, "W/" + tag, `"other", ` + tag} {
			w, body := get(t, b, http.MethodGet, "Accept-Encoding", accept, "If-None-Match", match)
			if w.StatusCode != http.StatusNotModified || len(body) > 0 || w.Header.Get("Etag") != tag ||
				w.Header.Get("Content-Encoding") != "" || w.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%q, %s: status %d, %d bytes, headers %v", accept, match, w.StatusCode, len(body), w.Header)
			}
		}
		w, body := get(t, b, http.MethodGet, "If-None-Match", `"other"`)
		if w.StatusCode != http.StatusOK || !bytes.Equal(body, page) {
			t.Errorf("with another tag: status %d, %d bytes", w.StatusCode, len(body))
		}
	}
}

// TestHead: the headers of the plain body without it.
func TestHead(t *testing.T) {
	t.Parallel()
	w, body := get(t, made(t, page, "text/css; charset=utf-8"), http.MethodHead, "Accept-Encoding", "gzip")
	if len(body) > 0 || w.StatusCode != http.StatusOK || w.Header.Get("Content-Encoding") != "" ||
		w.ContentLength != int64(len(page)) {
		t.Errorf("status %d, %d bytes, headers %v", w.StatusCode, len(body), w.Header)
	}
}

// TestNotZipped: what gains nothing is sent as it is.
func TestNotZipped(t *testing.T) {
	t.Parallel()
	for _, b := range []*Body{made(t, page[:400], "text/plain"), made(t, page, "font/woff2"), made(t, nil, "text/plain")} {
		w, body := get(t, b, http.MethodGet, "Accept-Encoding", "gzip")
		if !bytes.Equal(body, b.Plain()) || w.Header.Get("Content-Encoding") != "" || b.Size() != int64(len(body)) {
			t.Errorf("%s: %d bytes, headers %v", b.media, len(body), w.Header)
		}
	}
}

func BenchmarkSend(b *testing.B) {
	body, err := New(page, "text/html; charset=utf-8")
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	for b.Loop() {
		body.ServeHTTP(httptest.NewRecorder(), r)
	}
}
