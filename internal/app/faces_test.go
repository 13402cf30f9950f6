package app

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// get asks an installation for a page.
func get(a *App, method, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if at, err := url.Parse(a.address(r)); err == nil && at.Host != "" {
		r.Host = at.Host
	}
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	return w
}

func TestSigningInAsAPersonaIsForTheDemonstrationOnly(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir()})
	if w := get(a, http.MethodPost, "/demo/sign-in"); w.Code != http.StatusNotFound &&
		w.Code != http.StatusMethodNotAllowed {
		t.Errorf("%d", w.Code)
	}
	if body := get(a, http.MethodGet, "/sign-in").Body.String(); strings.Contains(body, "persona") {
		t.Error("the sign-in page offers personas")
	}
}

// An empty installation answers every public page before anything is in it.
func TestAnEmptyInstallationHasPages(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir()})
	for _, rt := range plainGets(a) {
		if w := get(a, http.MethodGet, rt.Pattern); w.Code >= 500 && !saysShut(w) {
			t.Errorf("%s: %d", rt.Pattern, w.Code)
		}
	}
	openSite(t, a)
	for _, rt := range plainGets(a) {
		if w := get(a, http.MethodGet, rt.Pattern); w.Code >= 500 {
			t.Errorf("%s: %d", rt.Pattern, w.Code)
		}
	}
	if feed := get(a, http.MethodGet, "/feed.xml").Body.String(); !strings.Contains(feed, "<feed") ||
		strings.Contains(feed, "<updated>") {
		t.Errorf("a feed of nothing is dated: %s", feed)
	}
	about := get(a, http.MethodGet, "/about").Body.String()
	if want := "Tidewell Partnership brings together"; !strings.Contains(about, want) {
		t.Errorf("/about does not say %q: %s", want, about)
	}
}

// TestThePublicFaceNeedsNothingConfidential serves the public site where there is
// only the public store, and walks all of its pages that have no part to fill in.
func TestThePublicFaceNeedsNothingConfidential(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			from := demonstrationOn(t, engine)
			if engine == db.SQLite {
				if err := from.Public.Exec1(t.Context(), "VACUUM INTO '"+filepath.Join(dir, "public.db")+"'"); err != nil {
					t.Fatal(err)
				}
			}
			a := open(t, Config{Dir: dir, DB: from.DB, Face: FacePublic})
			want := map[string]int{
				"/report/2023-24/": 200, "/report/2023-24/summary.html": 200, "/report/2023-24/figures.json": 200,
				"/hubs/learning-from-audits": 200, "/hubs/young-people": 301, "/search?q=neglect": 200, "/healthz": 200,
				"/work": 404, "/work/training": 404, "/sign-in": 404, "/demo/sign-in": 404, "/style-guide": 404,
			}
			for _, rt := range plainGets(a) {
				want[rt.Pattern] = 200
			}
			for path, want := range want {
				if w := get(a, http.MethodGet, path); w.Code != want {
					t.Errorf("%s: %d, want %d", path, w.Code, want)
				}
			}
			if body := get(a, http.MethodGet, "/").Body.String(); !strings.Contains(body, ">956<") ||
				!strings.Contains(body, "Tidewell") {
				t.Errorf("home shows no figure of the report:\n%s", body)
			}
			if _, err := os.Stat(filepath.Join(dir, "work.db")); !os.IsNotExist(err) || a.Work != nil {
				t.Errorf("a work store was made or opened: %v", err)
			}
		})
	}
}

// TestEveryFaceIsServed starts each face in an empty folder and in one that was served
// before, asks it for a page, and stops it.
func TestEveryFaceIsServed(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			c := Config{Dir: t.TempDir(), Addr: "127.0.0.1:0"}
			if engine == db.Postgres {
				c.DB = testkit.EmptyDatabases(t, "", "_public")
			}
			for _, x := range []struct {
				face, page string
				code       int
			}{
				{FacePublic, "/help", 503}, {FaceWork, "/sign-in", 200}, {FaceAll, "/", 503}, {FacePublic, "/", 503},
				{FacePublic, "/healthz", 200},
			} {
				c.Face = x.face
				a := open(t, c)
				ctx, stop := context.WithCancel(t.Context())
				at, ended := make(chan string, 1), make(chan error, 1)
				go func() { ended <- a.Serve(ctx, func(addr string) { at <- addr }) }()
				res, err := http.Get("http://" + <-at + x.page)
				if err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
				if res.StatusCode != x.code {
					t.Errorf("%s %s: %d", x.face, x.page, res.StatusCode)
				}
				stop()
				if err := <-ended; err != nil {
					t.Errorf("%s: %v", x.face, err)
				}
				if err := a.Close(); err != nil {
					t.Errorf("%s: %v", x.face, err)
				}
			}
		})
	}
}

func TestTheWorkspacesFaceHasNoPublicPages(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir(), Face: FaceWork})
	for path, want := range map[string]int{"/": 303, "/work": 303, "/sign-in": 200, "/about": 404, "/report": 404,
		"/help": 404, "/search": 404} {
		if w := get(a, http.MethodGet, path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}

// TestStoppingLetsWhatIsUnderWayFinish stops serving while a form is half sent:
// the door closes, the form is still answered, and then it ends.
func TestStoppingLetsWhatIsUnderWayFinish(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: t.TempDir(), Addr: "127.0.0.1:0"})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	at, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- a.Serve(ctx, func(addr string) { at <- addr }) }()
	addr := <-at

	body, form := io.Pipe()
	reading := make(chan struct{})
	traced := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(reading) }})
	r, err := http.NewRequestWithContext(traced, http.MethodPost, "http://"+addr+"/sign-in", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Expect", "100-continue")
	client := &http.Client{Transport: &http.Transport{ExpectContinueTimeout: 1 << 40}}
	type answer struct {
		status int
		err    error
	}
	answered := make(chan answer, 1)
	go func() {
		res, err := client.Do(r)
		if err != nil {
			answered <- answer{0, err}
			return
		}
		res.Body.Close()
		answered <- answer{res.StatusCode, nil}
	}()
	<-reading // the page has begun to read the form
	stop()
	for { // until the door is closed
		c, err := net.Dial("tcp", addr)
		if err != nil {
			break
		}
		c.Close()
	}
	select {
	case err := <-ended:
		t.Fatalf("it ended with a form half read: %v", err)
	default:
	}
	fmt.Fprint(form, "email=ann%40example.org&password=wrong")
	form.Close()
	if got := <-answered; got.err != nil || got.status != http.StatusUnprocessableEntity &&
		got.status != http.StatusUnauthorized {
		t.Errorf("the form was answered with %+v", got)
	}
	client.CloseIdleConnections()
	if err := <-ended; err != nil {
		t.Errorf("serve: %v", err)
	}
}

// TestServeEndsOnTheWordOfTheSystem starts the program, waits until it says where
// it listens, and tells it to end.
func TestServeEndsOnTheWordOfTheSystem(t *testing.T) {
	t.Parallel()
	cmd := kith(t, nil, "serve", "--dir", filepath.Join(t.TempDir(), "kith"), "--addr", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "Kith serves http://127.0.0.1:") {
		t.Fatalf("%q %v", line, err)
	}
	at := strings.Fields(line)[2]
	res, err := http.Get(at + "/healthz")
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(res, err)
	}
	res.Body.Close()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}
