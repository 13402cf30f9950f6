package files_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/files"
	"kith/internal/kit/once"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
	"kith/internal/testkit/filestest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// ann may add files to every thing there is; bob only opens them.
var (
	ann = web.Person{ID: "ann", Name: "Ann Lead"}
	bob = web.Person{ID: "bob", Name: "Bob Reader"}
)

// things are records that files are added to: "1" and "2" are there, unless gone says so.
func things(gone *bool) files.Place {
	there := func(id string) error {
		if id != "1" && id != "2" || gone != nil && *gone {
			return db.ErrNotFound
		}
		return nil
	}
	return files.Place{Room: "rooms", Kind: "thing", Root: "/work/things/{id}", Permission: web.SignedIn,
		Find: func(_ context.Context, by web.Person, id string) (files.Record, error) {
			return files.Record{ID: id, Title: "Thing " + id, Change: by.ID == "ann"}, there(id)
		},
		Hold: func(_ context.Context, _ db.Q, id string) error { return there(id) },
		Base: func(r *http.Request, _ files.Record, title string) ui.Base { return web.Base(r, title) },
	}
}

// A checker looks for "virus"; it can be away.
type checker struct {
	mu    sync.Mutex
	away  bool
	asked int
}

func (c *checker) Check(_ context.Context, content io.Reader) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	if c.away {
		return "", errors.New("nobody is there")
	}
	b, err := io.ReadAll(content)
	if bytes.Contains(b, []byte("virus")) {
		return "Test.Virus", err
	}
	return "", err
}

func (c *checker) set(away bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.away = away
}

// A bench is a store with a person at a browser before it.
type bench struct {
	*files.Store
	*testkit.Browser
	now  time.Time
	gone bool
	who  web.Person
}

func newBench(t *testing.T, s testkit.Stores, c files.Checker) *bench {
	b := &bench{now: time.Date(2024, 6, 3, 9, 0, 0, 0, time.UTC), who: ann}
	b.Store = filestest.New(t, s, clock.Clock(func() time.Time { return b.now }), c)
	m := testkit.Mux(t, b.Store.Routes(things(&b.gone))...)
	m.Person = func(*http.Request) (web.Person, error) { return b.who, nil }
	b.Browser = testkit.NewBrowser(t, m)
	return b
}

// send adds files to thing 1, each by its name and content, and gives the answer's status.
func (b *bench) send(pairs ...string) int {
	b.T.Helper()
	var all []testkit.SentFile
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, testkit.SentFile{Field: "files", Name: pairs[i], Content: pairs[i+1]})
	}
	return b.Upload("/work/things/1/files/new", nil, all...).Code
}

// list gives the files of thing 1: name and state, and where each can be had.
func (b *bench) list() (said string, items []ui.FileItem) {
	b.T.Helper()
	l, err := b.List(context.Background(), things(nil), files.Record{ID: "1", Change: true}, b.who)
	if err != nil {
		b.T.Fatal(err)
	}
	for _, x := range l.Items {
		said += x.Name + ": " + x.State + "\n"
	}
	return said, l.Items
}

// contents counts what is kept.
func (b *bench) contents() (n int) {
	b.T.Helper()
	err := b.Keep.Each(context.Background(), time.Now().Add(time.Hour), func(string) error { n++; return nil })
	if err != nil {
		b.T.Fatal(err)
	}
	return n
}

func (b *bench) runJobs() {
	b.T.Helper()
	if _, err := b.Jobs.RunDue(context.Background()); err != nil {
		b.T.Fatal(err)
	}
}

func (b *bench) sweep() {
	b.T.Helper()
	if err := b.Sweep(context.Background()); err != nil {
		b.T.Fatal(err)
	}
}

// TestChecked: a person hears at once of what the checker warns of; while it is away
// nothing can be opened, and once it is back a job has it looked at.
func TestChecked(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		c := &checker{}
		b := newBench(t, s, c)
		answer := b.Upload("/work/things/1/files/new", nil,
			testkit.SentFile{Field: "files", Name: "bad.txt", Content: "a virus"},
			testkit.SentFile{Field: "files", Name: "good.txt", Content: "Minutes"})
		if answer.Code != 422 || !strings.Contains(answer.Body.String(), "the virus checker found Test.Virus in it") {
			t.Errorf("%d: %s", answer.Code, testkit.Main(answer.Body.String()))
		}
		if said, _ := b.list(); said != "" || b.contents() > 0 {
			t.Errorf("of files with a virus there is:\n%s%d contents", said, b.contents())
		}
		if code := b.send("good.pdf", "%PDF-1.7 minutes"); code != 303 {
			t.Fatal(code)
		}
		said, items := b.list()
		if said != "good.pdf: Checked for viruses\n" {
			t.Error(said)
		}
		b.Want("GET", items[0].Open, nil, 200, "%PDF-1.7 minutes")

		c.set(true)
		b.now = b.now.Add(time.Minute)
		if b.send("later.txt", "Minutes", "worse.txt", "a virus") != 303 {
			t.Fatal("files are not taken while the checker is away")
		}
		said, items = b.list()
		if said != "good.pdf: Checked for viruses\nlater.txt: Not yet checked\nworse.txt: Not yet checked\n" ||
			items[1].Open != "" {
			t.Error(said)
		}
		b.Want("GET", items[1].Href+"/versions/1/download", nil, 409, "It is not checked for viruses yet")
		b.runJobs()
		if again, _ := b.list(); again != said {
			t.Errorf("a checker that does not answer makes of it\n%s", again)
		}
		c.set(false)
		b.now = b.now.Add(time.Hour) // the job waits longer each time
		b.runJobs()
		said, items = b.list()
		if said != "good.pdf: Checked for viruses\nlater.txt: Checked for viruses\nworse.txt: Refused\n" {
			t.Error(said)
		}
		b.Want("GET", items[1].Open, nil, 200, "Minutes")
		b.Want("GET", items[2].Href+"/versions/1/download", nil, 409, "Test.Virus")
		if n := b.contents(); n != 2 {
			t.Errorf("%d contents, and the virus is one too many", n)
		}
	})
}

// TestCheckedLater: what was added while there was no checker is looked at once there is
// one, and cannot be opened until then.
func TestCheckedLater(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		b := newBench(t, s, nil)
		b.send("minutes.txt", "Minutes", "minutes.pdf", "%PDF-1.7")
		said, items := b.list()
		if said != "minutes.pdf: Cannot be opened yet\nminutes.txt: Not checked\n" || items[0].Open != "" ||
			items[1].Open == "" {
			t.Errorf("%s%v", said, items)
		}
		b.Checker = &checker{}
		if said, items = b.list(); said != "minutes.pdf: Not yet checked\nminutes.txt: Not yet checked\n" ||
			items[1].Open != "" {
			t.Errorf("%s%v", said, items)
		}
		b.now = b.now.Add(13 * time.Hour)
		b.sweep()
		b.runJobs()
		if said, _ = b.list(); said != "minutes.pdf: Checked for viruses\nminutes.txt: Checked for viruses\n" {
			t.Error(said)
		}
	})
}

// TestServed: a file is saved by the browser and can do nothing there.
func TestServed(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		b := newBench(t, s, nil)
		b.send("Bericht „Äpfel“.txt", "It is text, <b>not HTML</b>: is text")
		_, items := b.list()
		answer := b.Do("GET", items[0].Open, nil)
		for name, want := range map[string]string{
			"Content-Type": "text/plain", "Content-Length": "36", "X-Content-Type-Options": "nosniff",
			"Content-Disposition":     "attachment; filename*=utf-8''Bericht%20%E2%80%9E%C3%84pfel%E2%80%9C.txt",
			"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
			"Cache-Control":           "private, no-store",
		} {
			if got := answer.Header().Get(name); got != want {
				t.Errorf("%s: %s, and not %s", name, got, want)
			}
		}
		b.who = bob
		b.Want("GET", items[0].Open, nil, 200, "is text")
		b.Want("GET", items[0].Href+"/erase", nil, 404, "")
		b.Want("GET", "/work/things/2"+strings.TrimPrefix(items[0].Open, "/work/things/1"), nil, 404, "")
	})
}

// TestErased: what is erased is gone from where it is kept; so is what nobody answered
// for, and what was to go on a day that has come.
func TestErased(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		b := newBench(t, s, nil)
		b.send("one.txt", "One")
		_, items := b.list()
		b.Upload(items[0].Href+"/replace", nil, testkit.SentFile{Field: "files", Name: "one.txt", Content: "One, again"})
		b.send("pupils.csv", "name,dob\nA,3/6/2014\n")
		form := testkit.Pairs("erase", "2024-06-10")
		b.Upload("/work/things/1/files/new", form, testkit.SentFile{Field: "files", Name: "two.txt", Content: "Two"})
		if said, _ := b.list(); said != "one.txt: Not checked\ntwo.txt: Not checked\n" || b.contents() != 4 {
			t.Fatalf("%s%d contents", said, b.contents())
		}
		b.Want("POST", items[0].Href+"/erase", testkit.Pairs("reason", "Added by mistake"), 303, "/work/things/1")
		b.runJobs()
		if said, _ := b.list(); said != "two.txt: Not checked\n" || b.contents() != 2 {
			t.Errorf("%s%d contents", said, b.contents())
		}
		b.sweep()
		b.runJobs()
		if n := b.contents(); n != 2 {
			t.Errorf("%d contents before its day", n)
		}
		b.now = time.Date(2024, 6, 10, 1, 0, 0, 0, time.UTC)
		b.sweep()
		b.runJobs()
		if said, _ := b.list(); said != "" || b.contents() > 0 {
			t.Errorf("after its day there is:\n%s%d contents", said, b.contents())
		}
	})
}

// TestLitter: a content without a row is removed after a week, and no other.
func TestLitter(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		b := newBench(t, s, nil)
		b.send("one.txt", "One")
		for _, name := range []string{"aaold", "aanew"} {
			if err := b.Keep.Put(t.Context(), name, strings.NewReader("x"), 1); err != nil {
				t.Fatal(err)
			}
		}
		old := time.Now().Add(-8 * 24 * time.Hour)
		age := func(glob string) {
			all, err := filepath.Glob(filepath.Join(b.Keep.(files.Folder).Dir, glob))
			if err != nil || len(all) == 0 {
				t.Fatal(glob, err)
			}
			for _, path := range all {
				if err := os.Chtimes(path, old, old); err != nil {
					t.Fatal(err)
				}
			}
		}
		age("*/*")
		if err := os.Chtimes(filepath.Join(b.Keep.(files.Folder).Dir, "aa", "aanew"), time.Now(), time.Now()); err != nil {
			t.Fatal(err)
		}
		b.sweep()
		if n := b.contents(); n != 2 {
			t.Errorf("%d contents", n)
		}
		_, items := b.list()
		b.Want("GET", items[0].Open, nil, 200, "One")
	})
}

// A failing is a Keep that fails when it is told to.
type failing struct {
	files.Keep
	put bool
}

func (f *failing) Put(ctx context.Context, name string, from io.ReaderAt, size int64) error {
	if f.put {
		return errors.New("the disk is full")
	}
	return f.Keep.Put(ctx, name, from, size)
}

// TestNothingHalf: where a content cannot be kept, or the record is gone meanwhile, there is
// neither a row nor a content; where a content is gone, that is said.
func TestNothingHalf(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		b := newBench(t, s, nil)
		whole := b.Keep
		b.Keep = &failing{whole, true}
		if code := b.send("one.txt", "One"); code != 500 {
			t.Errorf("a full disk: %d", code)
		}
		b.Keep = whole
		place := things(&b.gone)
		place.Find = func(context.Context, web.Person, string) (files.Record, error) {
			b.gone = true // between looking for it and keeping
			return files.Record{ID: "1", Change: true}, nil
		}
		m := testkit.Mux(t, b.Routes(place)...)
		m.Person = func(*http.Request) (web.Person, error) { return ann, nil }
		b.Browser = testkit.NewBrowser(t, m)
		if code := b.send("one.txt", "One"); code != 404 {
			t.Errorf("a record that is gone: %d", code)
		}
		if said, _ := b.list(); said != "" || b.contents() > 0 {
			t.Errorf("%s%d contents", said, b.contents())
		}
		b.gone = false
		place.Find = things(nil).Find
		m = testkit.Mux(t, b.Routes(place)...)
		m.Person = func(*http.Request) (web.Person, error) { return ann, nil }
		b.Browser = testkit.NewBrowser(t, m)
		b.send("one.txt", "One")
		if err := os.RemoveAll(whole.(files.Folder).Dir); err != nil {
			t.Fatal(err)
		}
		_, items := b.list()
		b.Want("GET", items[0].Open, nil, 503, "It is not where files are kept")
	})
}

// TestTwoAtOnce: of several who replace a file at once one does, and the others are told.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		b := newBench(t, s, nil)
		b.send("one.txt", "One")
		_, items := b.list()
		seen := b.Seen(items[0].Href + "/replace")
		var all sync.WaitGroup
		codes := make([]int, 6)
		for i := range codes {
			all.Go(func() {
				own := testkit.NewBrowser(t, b.Handler)
				codes[i] = own.Upload(items[0].Href+"/replace", testkit.Pairs("seen", seen),
					testkit.SentFile{Field: "files", Name: "one.txt", Content: fmt.Sprint("One, by ", i)}).Code
			})
		}
		all.Wait()
		kept := 0
		for _, code := range codes {
			if code == 303 {
				kept++
			} else if code != 409 {
				t.Errorf("replaced by six at once: %v", codes)
			}
		}
		if kept != 1 || b.contents() != 2 {
			t.Errorf("%d of six were kept, and %d contents", kept, b.contents())
		}
	})
}

// TestSentTwice: the same form sent twice adds its files once, and other files from the
// same showing of it are added too.
func TestSentTwice(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		b := newBench(t, s, nil)
		m := testkit.Mux(t, b.Routes(things(nil))...)
		m.Once = &once.Marks{DB: s.Work, Now: b.Store.Now}
		m.Person = func(*http.Request) (web.Person, error) { return ann, nil }
		b.Browser = testkit.NewBrowser(t, m)
		form := testkit.Pairs("once", "one-showing")
		for _, content := range []string{"One", "One", "Two"} {
			answer := b.Upload("/work/things/1/files/new", form,
				testkit.SentFile{Field: "files", Name: "a.txt", Content: content})
			if answer.Code != 303 || answer.Header().Get("Location") != "/work/things/1" {
				t.Errorf("%s: %d", content, answer.Code)
			}
		}
		if said, _ := b.list(); said != "a.txt: Not checked\na.txt: Not checked\n" || b.contents() != 2 {
			t.Errorf("%s%d contents", said, b.contents())
		}
	})
}

// TestHugeUpload: what is far too large is refused before it is read.
func TestHugeUpload(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		b := newBench(t, s, nil)
		body := &endless{}
		r, err := http.NewRequest(http.MethodPost, "/work/things/1/files/new", body)
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = 10 << 30
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		answer := b.Send(r)
		page := answer.Body.String()
		if answer.Code != 413 || !strings.Contains(page, "Send at most 250 MB at a time") || body.read > 1<<20 {
			t.Errorf("%d after %d bytes", answer.Code, body.read)
		}
	})
}

type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	return len(p), nil
}
