package app

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/imports"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/training"
)

// grown are demonstration years with more training history, made once each.
var grown sync.Map // engine and bookings → func() (*growth, error)

// madeYears are those beside years, to be cleared away in the end.
var madeYears []*year

// A growth is an installation with a number of bookings, and where to add more.
type growth struct {
	app     *App
	session string
	people  []string
}

// demoBookings is about what the demonstration has by itself.
const demoBookings = 7_000

func openGrown(b *testing.B, engine db.Engine, bookings int) *growth {
	b.Helper()
	f, _ := grown.LoadOrStore(fmt.Sprint(engine, bookings), sync.OnceValues(func() (*growth, error) {
		y := &year{engine: engine}
		madeYears = append(madeYears, y)
		if err := y.make(context.Background()); err != nil {
			return nil, err
		}
		return grow(context.Background(), y.app, bookings-demoBookings)
	}))
	g, err := f.(func() (*growth, error))()
	if err != nil {
		b.Fatal(err)
	}
	return g
}

// grow loads history of so many bookings: 25 a session, over three years, by 8,000
// people of 200 organisations.
func grow(ctx context.Context, a *App, bookings int) (*growth, error) {
	if bookings > 0 {
		dir, err := os.MkdirTemp("", "kith-growth-")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir)
		path := filepath.Join(dir, "training-history.csv")
		if err := writeHistory(path, bookings); err != nil {
			return nil, err
		}
		if _, err := a.Imports.Load(ctx, "training-history", []string{path}, imports.Options{}); err != nil {
			return nil, err
		}
	}
	g := &growth{app: a}
	course, err := db.Get[string](ctx, a.Work, `SELECT id FROM training_courses WHERE kind = 'course' ORDER BY folded`)
	if err != nil {
		return nil, err
	}
	day := a.Now.Today().AddDays(20)
	g.session, err = a.Training.AddSession(ctx, growing, training.Session{CourseID: course, StartsOn: day, EndsOn: day,
		StartTime: "09:30", EndTime: "12:30", Mode: "online", Capacity: 100_000, State: training.Open})
	if err != nil {
		return nil, err
	}
	g.people, err = db.All[string](ctx, a.Work, `SELECT id FROM people WHERE active ORDER BY id`)
	return g, err
}

var growing = web.Person{Name: "Bench", Permissions: map[web.Permission]bool{access.TrainingRead: true,
	access.TrainingBook: true, access.TrainingManage: true}}

func writeHistory(path string, bookings int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := csv.NewWriter(f)
	w.Write([]string{"course", "programme", "kind", "session_start", "session_end", "mode", "venue", "person", "email",
		"job_title", "organisation", "sector", "status", "booked_on"})
	sectors := []string{"local-authority", "health", "education", "police", "early-years", "voluntary-community"}
	statuses := []string{"attended", "attended", "attended", "attended", "attended", "attended", "no-show", "cancelled",
		"late-cancelled", "walk-in"}
	first := time.Date(2021, 4, 1, 0, 0, 0, 0, time.UTC)
	for i := range bookings {
		session, person := i/25, i*7919%8000
		day := first.AddDate(0, 0, session%1090).Format("2006-01-02")
		org := person % 200
		w.Write([]string{fmt.Sprintf("Grown course %d", session/1090), "multi-agency", "course", day, day, "room", "Hall",
			fmt.Sprintf("Person %d", person), fmt.Sprintf("p%d@grown.example", person), "",
			fmt.Sprintf("Grown organisation %d", org),
			sectors[org%len(sectors)], statuses[i%len(statuses)], ""})
	}
	w.Flush()
	return w.Error()
}

// change books one more person.
func (g *growth) change(b *testing.B) {
	b.Helper()
	person := g.people[0]
	g.people = g.people[1:]
	if _, err := g.app.Training.Book(b.Context(), growing, g.session, person); err != nil {
		b.Fatal(err)
	}
}

// cpu is what this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkGrowth: the pages that show figures, with more and more bookings: again
// with nothing written in between, and the first after one more booking. What is
// told is the CPU of this process; PostgreSQL's own is not in it, so look at the
// time as well. KITH_BENCH_SIZES and KITH_TEST_PG say what to run.
func BenchmarkGrowth(b *testing.B) {
	engines := []db.Engine{db.SQLite}
	if os.Getenv("KITH_TEST_PG") != "" {
		engines = append(engines, db.Postgres)
	}
	for _, engine := range engines {
		for _, bookings := range []int{7_000, 17_000, 107_000} {
			for _, page := range []struct{ name, path string }{
				{"Performance", "/work/performance"}, {"Home", "/work"},
				{"Figure", "/work/performance/figures/training.attendances?period=2023-24"},
			} {
				for _, changed := range []bool{false, true} {
					b.Run(fmt.Sprintf("%s/%s/%s/changed=%t", engine, strconv.Itoa(bookings), page.name, changed), func(b *testing.B) {
						g := openGrown(b, engine, bookings)
						h, cookie := g.app.Handler(), signedIn(b, g.app, "business-manager")
						get := func() {
							r := httptest.NewRequest("GET", page.path, nil)
							r.Header.Set("Cookie", cookie)
							w := httptest.NewRecorder()
							h.ServeHTTP(w, r)
							if w.Code != http.StatusOK {
								b.Fatal(w.Code)
							}
						}
						get()
						b.ResetTimer()
						var used time.Duration
						for range b.N {
							if changed {
								b.StopTimer()
								g.change(b)
								b.StartTimer()
							}
							before := cpu()
							get()
							used += cpu() - before
						}
						b.ReportMetric(float64(used.Microseconds())/1000/float64(b.N), "cpu-ms/op")
					})
				}
			}
		}
	}
}
