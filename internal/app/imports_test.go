package app

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
)

// The tests of this file kill a process that serves while it reads an import, and
// start another beside it.

// An installation is a folder, a database and somebody who may import.
type installation struct {
	engine db.Engine
	c      Config
	temp   string // the machine's folder for temporary files
	work   *db.DB // to look at from outside
	opened *App
}

const analyst, password = "ann@example.org", "a long enough password"

func install(t *testing.T, engine db.Engine) *installation {
	t.Helper()
	in := &installation{engine: engine, c: Config{Dir: closedFolder(t)}, temp: t.TempDir()}
	if engine == db.Postgres {
		y := &year{engine: engine}
		var err error
		// The databases are dropped when the test's own context has ended.
		if in.c.DB, err = y.databases(context.Background()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := y.close(); err != nil {
				t.Error(err)
			}
		})
	}
	a := open(t, in.c)
	if _, err := a.Identity.AddUser(t.Context(), "Ann", analyst, "analyst", password); err != nil {
		t.Fatal(err)
	}
	in.work, in.opened = a.Work, a
	return in
}

// serve starts a process that serves the installation, and gives its address.
func (in *installation) serve(t *testing.T) (*exec.Cmd, string) {
	t.Helper()
	args := []string{"serve", "--dir", in.c.Dir, "--addr", "127.0.0.1:0"}
	if in.c.DB != "" {
		args = append(args, "--db", in.c.DB)
	}
	cmd := kith(t, []string{"TMPDIR=" + in.temp, "KITH_LEASE=2s"}, args...)
	cmd.Stderr = t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	at := regexp.MustCompile(`http://\S+`).FindString(line)
	if err != nil || at == "" {
		t.Fatalf("it does not serve: %q %v", line, err)
	}
	return cmd, at
}

// browser is Ann's, signed in.
func browser(t *testing.T, at string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar, Transport: fromOurs{}, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	res, err := c.PostForm(at+"/sign-in", url.Values{"email": {analyst}, "password": {password}})
	if err != nil || res.StatusCode != http.StatusSeeOther {
		t.Fatalf("sign in: %+v %v", res, err)
	}
	res.Body.Close()
	return c
}

// fromOurs says of every request, as browsers do, that a page of the same site sent it.
type fromOurs struct{}

func (fromOurs) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return http.DefaultTransport.RoundTrip(r)
}

// upload sends a file to the import form, and gives the import's page.
func upload(t *testing.T, c *http.Client, at string, file io.Reader, fields ...string) string {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	fields = append(fields, "once", ids.New())
	for i := 0; i+1 < len(fields); i += 2 {
		if err := form.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("files", "large.csv")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(part, file); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	res, err := c.Post(at+"/work/imports/new", form.FormDataContentType(), &b)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		page, _ := io.ReadAll(res.Body)
		t.Fatalf("the upload: %d\n%s", res.StatusCode, page)
	}
	return res.Header.Get("Location")
}

// until asks the database again and again, until it answers 1.
func (in *installation) until(t *testing.T, query string) {
	t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for ; ; <-look.C {
		n, err := db.Get[int](t.Context(), in.work, query)
		if err != nil {
			t.Fatal(err)
		}
		if n == 1 {
			return
		}
	}
}

// belongs are the files of an installation: its databases, who serves it and who opens it, and
// what the trail and the secrets in the database are sealed with.
var belongs = regexp.MustCompile(`^((work|public)\.db(-wal|-shm)?|serving|opening|heads|key|key\.pub|secret\.key)$`)

// nothingLeft fails when there is a file besides those of an installation.
func (in *installation) nothingLeft(t *testing.T) {
	t.Helper()
	for _, dir := range []string{in.c.Dir, in.temp} {
		err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err == nil && !d.IsDir() && !belongs.MatchString(d.Name()) {
				t.Errorf("%s is left", p)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func page(t *testing.T, c *http.Client, at string) string {
	t.Helper()
	res, err := c.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", at, res.StatusCode, err)
	}
	return string(body)
}

// contacts is a list of contacts of so many rows, about invented children.
func contacts(rows int) io.Reader {
	var b bytes.Buffer
	b.WriteString("record_id,contact_date,child_id,date_of_birth,source,outcome\n")
	for i := range rows {
		fmt.Fprintf(&b, "R%d,%02d/06/2023,DEMO%d,01/02/2015,Police,Referral to social care\n", i, i%28+1, i)
	}
	return &b
}

// bookings is a history of training of so many rows.
func bookings(rows int) io.Reader {
	var b bytes.Buffer
	b.WriteString("course,programme,kind,session_start,person,email,sector,status\n")
	for i := range rows {
		fmt.Fprintf(&b, "Course %d,multi-agency,course,%02d/06/2023,Person %d,p%d@example.org,health,attended\n", i/2000,
			i%28+1, i%4000, i%4000)
	}
	return &b
}

// TestAnImportDiesWithItsProcess kills a process that reads a file about children:
// another gives the import up, in words for the person, and no file is left.
func TestAnImportDiesWithItsProcess(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			in := install(t, engine)
			first, at := in.serve(t)
			import1 := upload(t, browser(t, at), at, contacts(400_000), "kind", "contacts", "year", "2023-24", "authority",
				"E08000015", "cover", "yes")
			in.until(t, `SELECT count(*) FROM imports_ledger WHERE state = 'running' AND progress LIKE '%read%'`)
			if err := first.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = first.Wait() // it was killed
			in.nothingLeft(t)
			in.until(t, `SELECT count(*) FROM imports_ledger WHERE state = 'running'`)

			_, at = in.serve(t)
			in.until(t, `SELECT count(*) FROM imports_ledger WHERE state = 'interrupted' AND rows_read = 0`)
			if got := page(t, browser(t, at), at+import1); !strings.Contains(got, "nothing was loaded. Send the file again.") {
				t.Errorf("the page does not say what to do:\n%s", got)
			}
			in.until(t, `SELECT 1 - count(*) FROM imports_kept`)
			in.nothingLeft(t)
		})
	}
}

// TestAnotherProcessFinishesAnImport kills a process that reads a file without
// children: another finishes it, in the name of the person who gave it.
func TestAnotherProcessFinishesAnImport(t *testing.T) {
	t.Parallel()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			in := install(t, engine)
			first, at := in.serve(t)
			import1 := upload(t, browser(t, at), at, bookings(20_000), "kind", "training-history")
			in.until(t, `SELECT count(*) FROM imports_ledger WHERE state = 'running' AND progress LIKE '%read%'`)
			if err := first.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = first.Wait() // it was killed
			in.nothingLeft(t)

			second, at := in.serve(t)
			in.until(t, `SELECT count(*) FROM imports_ledger i JOIN people p ON p.id = i.by_id
				WHERE i.state = 'previewed' AND i.rows_read = 20000 AND i.by_person = 'Ann' AND p.email = 'ann@example.org'`)
			in.until(t, `SELECT 1 - count(*) FROM imports_kept`)

			// A third loads what the second has read, as a person saw it on the second.
			ann := browser(t, at)
			seen := regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(page(t, ann, at+import1))
			if seen == nil {
				t.Fatal("what was read cannot be loaded")
			}
			if err := second.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = second.Wait() // it was killed
			_, at = in.serve(t)
			res, err := browser(t, at).PostForm(at+import1+"/load", url.Values{"seen": seen[1:], "accept": {"yes"}})
			if err != nil || res.StatusCode != http.StatusSeeOther {
				t.Fatalf("load: %+v %v", res, err)
			}
			res.Body.Close()
			in.until(t, `SELECT count(*) FROM imports_ledger WHERE state = 'loaded' AND rows_read = 20000`)
			in.until(t, `
				SELECT count(*) FROM audit_trail a JOIN people p ON p.id = a.person_id WHERE a.act = 'imported'
					AND p.email = 'ann@example.org'`)
			in.until(t, `SELECT 1 - count(*) FROM imports_kept`)
			in.nothingLeft(t)
		})
	}
}

// TestEveryKindCanWait: a kind that could not be packed could not be shown before it is
// loaded, and one that cannot say what comes back would be lost by a wrong file.
func TestEveryKindCanWait(t *testing.T) {
	t.Parallel()
	for _, k := range readers(false).Kinds() {
		if k.Resume == nil {
			t.Errorf("%s cannot wait for a person to look at it", k.ID)
		}
		if k.ComesBack == nil && (k.Pack == nil || k.Unpack == nil) {
			t.Errorf("%s does not come back when what took its place is withdrawn", k.ID)
		}
		if k.Parts && k.Pack == nil {
			t.Errorf("%s of a part of a year cannot be kept beside it", k.ID)
		}
	}
}
