package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/identity"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/testkit"
	"kith/internal/training"
)

// The figures of design's table of speed. `make bench` runs them; none is a test.

// benchDemo is the demonstration year, made once for all benchmarks.
var benchDemo = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "kith-bench-")
	if err != nil {
		return "", err
	}
	c := &cli{out: io.Discard, err: io.Discard, log: quiet()}
	a, err := c.demo(context.Background(), Config{Dir: dir, Face: FaceAll, Demo: true})
	if err != nil {
		return "", err
	}
	return dir, a.Close()
})

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func openBench(b *testing.B) *App {
	b.Helper()
	dir, err := benchDemo()
	if err != nil {
		b.Fatal(err)
	}
	a, err := Open(b.Context(), Config{Dir: dir, Face: FaceAll, Demo: true}, quiet())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { a.Close() })
	return a
}

// BenchmarkStart: from nothing on the disk to the first page answered.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		a, err := Open(b.Context(), Config{Dir: filepath.Join(b.TempDir(), "new"), Face: FaceAll}, quiet())
		if err != nil {
			b.Fatal(err)
		}
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if !saysShut(w) { // as the site of a new installation is
			b.Fatal(w.Code)
		}
		a.Close()
	}
}

// BenchmarkDemo: the demonstration year made and loaded.
func BenchmarkDemo(b *testing.B) {
	for b.Loop() {
		c := &cli{out: io.Discard, err: io.Discard, log: quiet()}
		a, err := c.demo(b.Context(), Config{Dir: filepath.Join(b.TempDir(), "demo"), Face: FaceAll, Demo: true})
		if err != nil {
			b.Fatal(err)
		}
		a.Close()
	}
}

// BenchmarkFigures: every figure of the catalogue for the year.
func BenchmarkFigures(b *testing.B) {
	a := openBench(b)
	for b.Loop() {
		err := a.Figures.Snapshot(b.Context(), func(s *figure.Snapshot) error {
			all, err := s.All(b.Context())
			if err != nil {
				return err
			}
			for _, d := range all {
				_, err := s.Compute(b.Context(), d.ID, figure.Ask{Period: period.Year(2023).Span()})
				var bad *figure.BadAsk
				var held *figure.NotHeld
				if err != nil && !errors.As(err, &bad) && !errors.As(err, &held) {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReport: the whole yearly report, figures and charts computed.
func BenchmarkReport(b *testing.B) {
	a := openBench(b)
	for b.Loop() {
		if _, err := a.Annual.Build(b.Context(), "2023-24"); err != nil {
			b.Fatal(err)
		}
	}
}

// serve gives the address of a handler on the loopback interface.
func serve(b *testing.B, h http.Handler) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s := &http.Server{Handler: h}
	go s.Serve(l)
	b.Cleanup(func() { s.Close() })
	return "http://" + l.Addr().String()
}

// client asks over connections that stay open.
func client() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}
}

func fetch(b *testing.B, c *http.Client, url, cookie string) []byte {
	r, err := http.NewRequestWithContext(b.Context(), "GET", url, nil)
	if err != nil {
		b.Fatal(err)
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	res, err := c.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		b.Fatal(res.StatusCode, err)
	}
	return body
}

// BenchmarkPublicPage: the public home over HTTP, and a bare handler that serves
// the same bytes.
func BenchmarkPublicPage(b *testing.B) {
	a := openBench(b)
	at, c := serve(b, a.Handler()), client()
	page := fetch(b, c, at+"/", "")
	bare := serve(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page)
	}))
	for name, url := range map[string]string{"kith": at + "/", "bare": bare + "/", "report": at + "/report/2023-24/"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				fetch(b, c, url, "")
			}
		})
	}
}

// signedIn gives the cookie of one of the demonstration's people.
func signedIn(b *testing.B, a *App, role string) string {
	b.Helper()
	secret, err := a.Identity.SignInAs(b.Context(), role, identity.Visit{})
	if err != nil {
		b.Fatal(err)
	}
	return "kith_session=" + secret
}

// BenchmarkWorkspaceList: 200 rows of a list, signed in, over HTTP.
func BenchmarkWorkspaceList(b *testing.B) {
	a := openBench(b)
	at, c, cookie := serve(b, a.Handler()), client(), signedIn(b, a, "business-manager")
	for b.Loop() {
		fetch(b, c, at+"/work/training?when=all&size=200", cookie)
	}
}

// BenchmarkBookings: 64 clients book the last places of one session, a
// confirmation queued for each; the count must be exact.
func BenchmarkBookings(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchBookings(b, Config{Dir: b.TempDir(), Face: FaceAll}) })
	b.Run("postgres", func(b *testing.B) {
		benchBookings(b, Config{Dir: b.TempDir(), Face: FaceAll, DB: testkit.EmptyDatabases(b, "", "_public")})
	})
}

func benchBookings(b *testing.B, c Config) {
	a, err := Open(b.Context(), c, quiet())
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	const clients, places = 64, 2000
	people := make([]string, clients*places/clients+clients)
	if err := a.Work.Tx(b.Context(), func(q db.Q) error {
		for i := range people {
			if people[i], _, err = (&peopleOf{a}).Ensure(b.Context(), q, fmt.Sprintf("Person %d", i),
				fmt.Sprintf("p%d@bench.example", i), "", ""); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	by := web.Person{Name: "Bench", Permissions: map[web.Permission]bool{access.TrainingRead: true,
		access.TrainingBook: true, access.TrainingManage: true}}
	if err := a.Training.AddProgramme(b.Context(), by, training.Programme{ID: "bench", Title: "Bench"}); err != nil {
		b.Fatal(err)
	}
	course, err := a.Training.AddCourse(b.Context(), by, training.Course{ProgrammeID: "bench", Title: "Bench",
		Kind: "course"})
	if err != nil {
		b.Fatal(err)
	}
	today := a.Now.Today()
	for b.Loop() {
		session, err := a.Training.AddSession(b.Context(), by, training.Session{CourseID: course, StartsOn: today.AddDays(30),
			EndsOn: today.AddDays(30), StartTime: "09:30", EndTime: "12:30", Mode: "online", Capacity: places,
			State: training.Open})
		if err != nil {
			b.Fatal(err)
		}
		var next, got atomic.Int64
		took := make([][]time.Duration, clients)
		var wg sync.WaitGroup
		start := time.Now()
		for c := range clients {
			wg.Go(func() {
				for {
					i := int(next.Add(1)) - 1
					if i >= len(people) {
						return
					}
					t := time.Now()
					if _, err := a.Training.Book(b.Context(), by, session, people[i]); err == nil {
						got.Add(1)
						took[c] = append(took[c], time.Since(t))
					}
				}
			})
		}
		wg.Wait()
		if got.Load() != places {
			b.Fatalf("%d bookings of %d places", got.Load(), places)
		}
		all := slices.Concat(took...)
		slices.Sort(all)
		b.ReportMetric(float64(places)/time.Since(start).Seconds(), "bookings/s")
		b.ReportMetric(float64(all[len(all)*99/100].Milliseconds()), "p99-ms")
	}
}
