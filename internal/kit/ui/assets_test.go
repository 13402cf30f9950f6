package ui

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func someAssets(t *testing.T) *AssetFiles {
	t.Helper()
	a, err := newAssetFiles(fstest.MapFS{
		".gitkeep":         {},
		"app.css":          {Data: []byte(strings.Repeat("a{color:red}", 200))},
		"fonts/text.woff2": {Data: []byte(strings.Repeat("w", 4000))},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAssetsAreServedUnderTheirHash(t *testing.T) {
	t.Parallel()
	a := someAssets(t)
	css := a.Path("app.css")
	if !regexp.MustCompile(`^/assets/app\.[0-9a-f]{12}\.css$`).MatchString(css) {
		t.Fatalf("path is %q", css)
	}
	tests := []struct {
		name, path, accept string
		status             int
		cache, kind        string
		encoding           string
	}{
		{"hashed", css, "", 200, "public, max-age=31536000, immutable", "text/css; charset=utf-8", ""},
		{"hashed, zipped", css, "br, gzip", 200, "public, max-age=31536000, immutable", "text/css; charset=utf-8", "gzip"},
		{"plain", "/assets/app.css", "", 200, "public, no-cache", "text/css; charset=utf-8", ""},
		{"font is not zipped", "/assets/fonts/text.woff2", "gzip", 200, "public, no-cache", "font/woff2", ""},
		{"old hash", "/assets/app.000000000000.css", "", 404, "", "text/plain; charset=utf-8", ""},
		{"outside", "/assets/../page.go", "", 404, "", "text/plain; charset=utf-8", ""},
		{"keepsake", "/assets/.gitkeep", "", 404, "", "text/plain; charset=utf-8", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.URL.Path = tt.path
			r.Header.Set("Accept-Encoding", tt.accept)
			w := httptest.NewRecorder()
			a.ServeHTTP(w, r)
			h := w.Result().Header
			if w.Code != tt.status || h.Get("Cache-Control") != tt.cache || h.Get("Content-Type") != tt.kind ||
				h.Get("Content-Encoding") != tt.encoding {
				t.Errorf("status %d, headers %v", w.Code, h)
			}
		})
	}
}

func TestAssetsAnswerTheirETag(t *testing.T) {
	t.Parallel()
	a := someAssets(t)
	for _, accept := range []string{"", "gzip"} {
		first := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/assets/app.css", nil)
		r.Header.Set("Accept-Encoding", accept)
		a.ServeHTTP(first, r)

		r.Header.Set("If-None-Match", first.Result().Header.Get("ETag"))
		second := httptest.NewRecorder()
		a.ServeHTTP(second, r)
		if second.Code != http.StatusNotModified || second.Body.Len() != 0 {
			t.Errorf("accepting %q: status %d with %d bytes", accept, second.Code, second.Body.Len())
		}
	}
}

func TestZippedAssetUnzipsToTheSame(t *testing.T) {
	t.Parallel()
	a := someAssets(t)
	r := httptest.NewRequest(http.MethodGet, a.Path("app.css"), nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	want, ok := a.Read("app.css")
	if !ok || string(got) != string(want) {
		t.Errorf("%d bytes came, want %d", len(got), len(want))
	}
}

func TestNoAssetsAtAll(t *testing.T) {
	t.Parallel()
	a, err := newAssetFiles(fstest.MapFS{".gitkeep": {}})
	if err != nil {
		t.Fatal(err)
	}
	if a.Path("app.css") != "" || len(a.Names()) != 0 {
		t.Errorf("path %q, names %v", a.Path("app.css"), a.Names())
	}
}

// TestBuiltStylesheet looks at what npm built: GOV.UK's reserved typeface and
// crown are not in it, and every font it names is served.
func TestBuiltStylesheet(t *testing.T) {
	t.Parallel()
	css, ok := Assets().Read("app.css")
	if !ok {
		t.Fatal("the stylesheet is not built: run make assets")
	}
	for _, reserved := range []string{"GDS Transport", "crown", "crest"} {
		if strings.Contains(string(css), reserved) {
			t.Errorf("app.css names %q, which is reserved to GOV.UK", reserved)
		}
	}
	for _, m := range regexp.MustCompile(`url\(["']?([^"')]+)["']?\)`).FindAllStringSubmatch(string(css), -1) {
		if _, ok := Assets().Read(m[1]); !ok && !strings.HasPrefix(m[1], "data:") {
			t.Errorf("app.css refers to %s, which is not served", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`from\s*"\./([^"]+)"`).FindAllStringSubmatch(read(t, "app.js"), -1) {
		if _, ok := Assets().Read(m[1]); !ok {
			t.Errorf("app.js imports %s, which is not served", m[1])
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, ok := Assets().Read(name)
	if !ok {
		t.Fatalf("%s is not built: run make assets", name)
	}
	return string(content)
}
