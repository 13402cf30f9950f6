package imports_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kith/internal/access"
	"kith/internal/imports"
	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/intake"
	"kith/internal/kit/jobs"
	"kith/internal/kit/web"
	"kith/internal/register"
	"kith/internal/testkit"
)

// words is a kind of file of words, one a line, which it stores as settings. A
// line "?" is a finding, "!" makes the file unusable, "~" makes the reader panic
// and "…" makes it wait until it is cancelled.
func words() intake.Kind {
	return intake.Kind{ID: "words", Title: "Words", Accepts: "A file of words.", Reader: "words 1", NeedsYear: true,
		Replaces: true,
		Look: func(files []intake.File) error {
			for _, f := range files {
				in, err := f.Open()
				if err != nil {
					return err
				}
				raw, err := io.ReadAll(in)
				if err != nil {
					return err
				}
				if strings.HasPrefix(string(raw), "!") {
					return intake.Refuse(f.Name, "This is not a file of words.")
				}
			}
			return nil
		},
		Read: func(ctx context.Context, src intake.Source) (*intake.Batch, error) {
			b := &intake.Batch{Year: src.Year, Authority: src.Authority, FileRows: map[string]int64{}}
			var all []string
			for _, f := range src.Files {
				in, err := f.Open()
				if err != nil {
					return nil, err
				}
				raw, err := io.ReadAll(in)
				if err != nil {
					return nil, err
				}
				for i, line := range strings.Fields(string(raw)) {
					switch line {
					case "doubtful":
						b.Doubts = append(b.Doubts, "A word is doubtful.")
					case "?":
						b.Add(intake.Finding{File: f.Name, Line: int64(i + 1), Rule: "odd", Message: "This is no word; type one"})
					case "!":
						return nil, intake.Refuse(f.Name, "This is not a file of words.")
					case "~":
						panic("a bug")
					case "…":
						<-ctx.Done()
						return nil, ctx.Err()
					}
					all = append(all, line)
				}
				b.FileRows[f.Name] = int64(len(all))
			}
			b.Rows = int64(len(all))
			b.Summary = []string{fmt.Sprintf("%d words", len(all))}
			wire(b, all)
			return b, nil
		},
		Resume: func(_ context.Context, content []byte, b *intake.Batch) error {
			wire(b, strings.Fields(string(content)))
			return nil
		},
		Withdraw: func(ctx context.Context, q db.Q, id string) error {
			_, err := db.Exec(ctx, q, `DELETE FROM settings WHERE changed_by = $1`, id)
			return err
		}}
}

// wire gives a batch of words what it does with them.
func wire(b *intake.Batch, all []string) {
	b.Hold = func() ([]byte, error) { return []byte(strings.Join(all, " ")), nil }
	b.Moves = func(ctx context.Context, q db.Reader) ([]intake.Move, error) {
		was, err := db.Get[int64](ctx, q, `SELECT count(*) FROM settings WHERE value = 'word'`)
		if err != nil || was == 0 {
			return nil, err
		}
		return []intake.Move{{Title: "Words held", Period: b.Year.String(), Against: b.Year.String(), Before: was,
			After: int64(len(all))}}, nil
	}
	b.Store = func(ctx context.Context, q db.Q, id string) error {
		for i, w := range all {
			if _, err := db.Exec(ctx, q, `
				INSERT INTO settings (name, value, changed_at, changed_by) VALUES ($1, $2, $3, $4)`, fmt.Sprintf("%s %d", id, i),
				w, db.At(clock.System()), id); err != nil {
				return err
			}
		}
		return nil
	}
}

// A node is one process: the room with its queue and its pages.
type node struct {
	*imports.Room
	jobs  *jobs.Queue
	pages *web.Mux
}

// room makes a node whose person may import.
func room(t *testing.T, s testkit.Stores, kinds ...intake.Kind) *node {
	t.Helper()
	return nodeAt(t, s, clock.System, kinds...)
}

func nodeAt(t *testing.T, s testkit.Stores, now clock.Clock, kinds ...intake.Kind) *node {
	t.Helper()
	n := &node{jobs: jobs.New(s.Work, now, ids.New, quiet())}
	n.jobs.Lease = 90 * time.Millisecond
	r, err := imports.New(imports.Deps{Work: s.Work, Now: now, NewID: ids.New, Log: quiet(), Jobs: n.jobs,
		Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	n.Room = r
	r.Offer(words())
	r.Offer(kinds...)
	t.Cleanup(n.jobs.Stop)
	n.pages = testkit.Mux(t, r.Routes()...)
	n.as(web.Person{ID: "p", Name: "Ann", Permissions: map[web.Permission]bool{access.ImportsRead: true,
		access.ImportsManage: true}})
	return n
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// as says who the next requests are by.
func (n *node) as(p web.Person) {
	n.pages.Person = func(*http.Request) (web.Person, error) { return p, nil }
}

// left fails when a file of an upload has a name on the disk.
func (n *node) left(t *testing.T) {
	t.Helper()
	if left, err := os.ReadDir(n.Dir); err != nil || len(left) != 0 {
		t.Errorf("files are left: %v %v", left, err)
	}
}

func file(t *testing.T, text string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), "words.txt")
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func count(t *testing.T, s testkit.Stores, query string) int {
	t.Helper()
	n, err := db.Get[int](t.Context(), s.Work, query)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestLoad(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := room(t, s), t.Context()
		o := imports.Options{Year: 2023, Authority: "E08000015", By: ann}
		first, err := r.Load(ctx, "words", []string{file(t, "one two ?")}, o)
		if err != nil || first.Batch.Found != 1 || first.Files[0].Rows != 3 {
			t.Fatalf("%+v %v", first, err)
		}
		if again, err := r.Load(ctx, "words", []string{file(t, "one two ?")}, o); err != nil || again.Same != first.ImportID {
			t.Fatalf("the same file twice: %+v %v", again, err)
		}
		other := o
		other.Authority = "E08000012"
		if _, err := r.Load(ctx, "words", []string{file(t, "elsewhere")}, other); err != nil {
			t.Fatal(err)
		}
		second, err := r.Load(ctx, "words", []string{file(t, "one two three four")}, o)
		if err != nil || len(second.Replaced) != 1 || second.Replaced[0] != first.ImportID {
			t.Fatalf("a later file takes the earlier one's place: %+v %v", second, err)
		}
		if n := count(t, s, `SELECT count(*) FROM settings WHERE changed_by <> ''`); n != 5 {
			t.Fatalf("%d words are stored, of 4 and 1", n)
		}
		if in, err := register.Inputs(ctx, s.Work, []string{second.ImportID}); err != nil || len(in) != 1 ||
			len(in[0].SHA256) != 64 {
			t.Fatalf("%v %v", in, err)
		}
		if _, err := r.Withdraw(ctx, second.ImportID, ann); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Withdraw(ctx, second.ImportID, ann); !errors.Is(err, imports.ErrNotLoaded) {
			t.Fatalf("withdrawn twice: %v", err)
		}
		if n := count(t, s, `SELECT count(*) FROM settings WHERE changed_by <> ''`); n != 1 {
			t.Fatalf("%d words are left", n)
		}
		if y, err := register.LatestYear(ctx, s.Work); err != nil || y != "2023-24" {
			t.Fatal(y, err)
		}
	})
}

// TestRefusedLeavesNothing: whatever is wrong with a file, the database stays as
// it was.
func TestRefusedLeavesNothing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, ctx := room(t, s), t.Context()
		y := imports.Options{Year: 2023}
		var fatal *intake.Fatal
		for name, c := range map[string]struct {
			kind string
			path string
			o    imports.Options
		}{
			"unknown kind": {"letters", file(t, "one"), y}, "no year": {"words", file(t, "one"), imports.Options{}},
			"no file": {"words", "/nonexistent", y}, "empty folder": {"words", t.TempDir(), y},
			"unusable": {"words", file(t, "one !"), y},
		} {
			if _, err := r.Load(ctx, c.kind, []string{c.path}, c.o); !errors.As(err, &fatal) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := r.Load(ctx, "words", []string{file(t, "one ?")},
			imports.Options{Year: 2023, Strict: true}); !errors.Is(err, imports.ErrStrict) {
			t.Errorf("strict: %v", err)
		}
		if rep, err := r.Load(ctx, "words", []string{file(t, "one")},
			imports.Options{Year: 2023, DryRun: true}); err != nil || rep.ImportID != "" {
			t.Errorf("dry run: %v", err)
		}
		if n := count(t, s, `
			SELECT (SELECT count(*) FROM settings) + (SELECT count(*) FROM imports_ledger)
				+ (SELECT count(*) FROM audit_trail)`); n != 0 {
			t.Errorf("%d rows were left", n)
		}
	})
}

// upload posts a file to the import form as a browser does.
func upload(t *testing.T, h http.Handler, text string, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(fields); i += 2 {
		m.WriteField(fields[i], fields[i+1])
	}
	if text != "" {
		w, _ := m.CreateFormFile("files", `C:\Users\ann\words.txt`)
		io.WriteString(w, text)
	}
	m.Close()
	r := httptest.NewRequest("POST", "/work/imports/new", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func get(t *testing.T, h http.Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w
}

func TestPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r := room(t, s)
		m := r.pages

		has := func(w *httptest.ResponseRecorder, status int, texts ...string) {
			t.Helper()
			for _, want := range texts {
				if w.Code != status || !strings.Contains(w.Body.String(), want) {
					t.Fatalf("got %d without %q:\n%s", w.Code, want, w.Body)
				}
			}
		}
		has(get(t, m, "/work/imports"), 200, "Nothing has been imported yet")
		has(get(t, m, "/work/imports/new"), 200, "A file of words.")
		has(upload(t, m, "", "kind", "words"), 422, "Choose the files to import", "Choose the year")
		has(upload(t, m, "one", "kind", "words", "year", "2023-24", "authority", "Wirrall"), 422,
			"No authority here fits “Wirrall”")

		// What is wrong with the file is said with what was not entered.
		has(upload(t, m, "! one", "kind", "words"), 422, "Choose the year", "words.txt: This is not a file of words.")
		if _, err := r.Load(t.Context(), "words", []string{file(t, "! one")}, imports.Options{}); err == nil ||
			!strings.Contains(err.Error(), "This is not a file of words. Besides, say which year") {
			t.Error(err)
		}
		if _, err := r.Load(t.Context(), "words", []string{file(t, "one")}, imports.Options{}); err == nil ||
			!strings.HasPrefix(err.Error(), "say which year") {
			t.Error(err)
		}

		w := upload(t, m, "one two ?", "kind", "words", "year", "2023-24", "authority", "e08000015")
		if w.Code != 303 {
			t.Fatal(w.Code, w.Body)
		}
		r.jobs.Wait()
		at := w.Header().Get("Location")
		has(get(t, m, at), 200, "words.txt", "3 words", "This is no word; type one", "Nothing has changed yet")
		has(get(t, m, at+"?format=csv"), 200, "words.txt,3,,odd,")
		has(r.press(t, at), 303, "")
		has(get(t, m, at), 200, "words.txt", "3 words", "This is no word; type one", "Withdraw")
		has(get(t, m, at+"?format=csv"), 200, "words.txt,3,,odd,")
		has(get(t, m, "/work/imports?q=WORDS"), 200, "words.txt", "Loaded")
		has(get(t, m, "/work/imports?q=nothing"), 200, "No imports match")
		has(get(t, m, at+"/withdraw"), 200, "3 words", "Keep it")

		w = upload(t, m, "one !", "kind", "words", "year", "2023-24")
		r.jobs.Wait()
		has(get(t, m, w.Header().Get("Location")), 200, "Not loaded", "This is not a file of words.")
		w = upload(t, m, "~", "kind", "words", "year", "2023-24")
		r.jobs.Wait()
		has(get(t, m, w.Header().Get("Location")), 200, "failed on our side")

		w = upload(t, m, "…", "kind", "words", "year", "2023-24")
		waiting := w.Header().Get("Location")
		has(get(t, m, waiting), 200, "Cancel this import")
		has(post(t, m, waiting+"/cancel"), 303, "")
		r.jobs.Wait()
		has(get(t, m, waiting), 200, "Cancelled before anything was loaded")
		has(post(t, m, waiting+"/cancel"), 409, "This import cannot be cancelled")
		r.left(t)
	})
}

func post(t *testing.T, h http.Handler, path string, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// shows what is seen of what loading would do on a page.
var shows = regexp.MustCompile(`name="seen" value="([^"]*)"`)

// press opens the page of an import that waits, loads it as the page shows it, and waits
// until that is done.
func (n *node) press(t *testing.T, at string, fields ...string) *httptest.ResponseRecorder {
	t.Helper()
	page := get(t, n.pages, at).Body.String()
	m := shows.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("%s cannot be loaded: %s", at, page)
	}
	w := post(t, n.pages, at+"/load", append([]string{"seen", m[1]}, fields...)...)
	n.jobs.Wait()
	return w
}

// ann is who imports in the tests.
var ann = web.Person{ID: "p", Name: "Ann"}
