package sites_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/sites"
	"kith/internal/testkit"
)

// BenchmarkPublicPage asks a server for a public page as a browser does, and a
// bare net/http handler for the same bytes: the house is to be within twice the
// time of the second.
func BenchmarkPublicPage(b *testing.B) {
	r := newRoom(b, testkit.NewStores(b, db.SQLite), func(d *sites.Deps) { d.Now = clock.System })
	must(b, r.LoadSample(b.Context(), editor))
	must(b, r.PublishFrame(b.Context(), editor, web.Unwatched))
	d := newDesk(b, r)
	page := d.do(httptest.NewRequest("GET", "/hubs/neglect-gcp2", nil)).Body.Bytes()
	bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(page)))
		w.Write(page)
	})
	for _, c := range []struct {
		name string
		h    http.Handler
	}{{"bare", bare}, {"page", d.mux}} {
		b.Run(c.name, func(b *testing.B) {
			srv := httptest.NewServer(c.h)
			defer srv.Close()
			client := &http.Client{Transport: &http.Transport{DisableCompression: true}} // the same bytes of both
			req, err := http.NewRequest("GET", srv.URL+"/hubs/neglect-gcp2", nil)
			must(b, err)
			req.Header.Set("User-Agent", firefox)
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				resp, err := client.Do(req)
				must(b, err)
				_, err = io.Copy(io.Discard, resp.Body)
				must(b, err)
				must(b, resp.Body.Close())
			}
		})
	}
}

// BenchmarkPublicHandler is the same without a network between.
func BenchmarkPublicHandler(b *testing.B) {
	r := newRoom(b, testkit.NewStores(b, db.SQLite), func(d *sites.Deps) { d.Now = clock.System })
	must(b, r.LoadSample(b.Context(), editor))
	d := newDesk(b, r)
	req := httptest.NewRequest("GET", "/hubs/neglect-gcp2", nil)
	req.Header.Set("User-Agent", firefox)
	w := &nowhere{h: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		d.mux.ServeHTTP(w, req)
	}
}

// nowhere takes an answer and keeps nothing of it.
type nowhere struct{ h http.Header }

func (w *nowhere) Header() http.Header         { return w.h }
func (w *nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (w *nowhere) WriteHeader(int)             {}
