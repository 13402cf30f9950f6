package app

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
)

// evidenceForm is a form with one file, of which the SHA-256 is given too.
func evidenceForm(content []byte) (body *bytes.Buffer, kind, sum string) {
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	if err := w.WriteField("once", ids.New()); err != nil {
		panic(err)
	}
	part, err := w.CreateFormFile("files", "evidence.txt")
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil || w.Close() != nil {
		panic("a form in memory could not be written")
	}
	h := sha256.Sum256(content)
	return body, w.FormDataContentType(), hex.EncodeToString(h[:])
}

// served starts kith serve for an installation, and gives its address and what kills it.
func served(t *testing.T, dir string) (at string, kill func()) {
	t.Helper()
	cmd := kith(t, nil, "serve", "--dir", dir, "--addr", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, rest, ok := strings.Cut(line, "http://")
	if err != nil || !ok {
		t.Fatalf("kith serve says %q, %v", line, err)
	}
	host, _, _ := strings.Cut(rest, " ")
	return "http://" + host, func() {
		if err := cmd.Process.Kill(); err != nil {
			t.Error(err)
		}
		cmd.Wait()
	}
}

// kills is how often the program is killed: enough for every day, and more every night.
func kills() int {
	if *everyEngine {
		return 200
	}
	return 20
}

// personaIn signs in as a persona, and gives the session that was answered with; "" when
// nothing was.
func personaIn(ctx context.Context, at, persona string) string {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, at+"/demo/sign-in",
		strings.NewReader(url.Values{"persona": {persona}}.Encode()))
	if err != nil {
		return ""
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := noFollowing.Do(r)
	if err != nil {
		return "" // it was killed
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		if c.Name == "kith_session" {
			return c.Value
		}
	}
	return ""
}

// TestKilledUnderUpload kills the program again and again while four people sign in and
// add files. Who was signed in stays so, what a person was told is kept is there, whole,
// and no file is listed whose content is not there.
func TestKilledUnderUpload(t *testing.T) {
	t.Parallel()
	dir := installed(t, demonstration(t))
	a := open(t, Config{Dir: dir, Demo: true})
	action, err := db.Get[string](t.Context(), a.Work, `SELECT id FROM plan_actions ORDER BY title`)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var sessions []string
	acknowledged := map[string]int{} // SHA-256 → bytes
	for round := range kills() {
		at, kill := served(t, dir)
		ctx, stop := context.WithCancel(t.Context())
		first := make(chan struct{}, 4)
		var people sync.WaitGroup
		for person := range 4 {
			people.Go(func() {
				for n := 0; ctx.Err() == nil; n++ {
					session := personaIn(ctx, at, "business-manager")
					if session == "" {
						return
					}
					mu.Lock()
					sessions = append(sessions, session)
					mu.Unlock()
					content := bytes.Repeat(fmt.Appendf(nil, "round %d, person %d, file %d\n", round, person, n), 1+rand.IntN(20_000))
					body, kind, sum := evidenceForm(content)
					if !sent(ctx, at+"/work/plan/actions/"+action+"/files/new", session, kind, body) {
						return
					}
					mu.Lock()
					acknowledged[sum] = len(content)
					mu.Unlock()
					select {
					case first <- struct{}{}:
					default:
					}
				}
			})
		}
		select {
		case <-first:
		case <-time.After(30 * time.Second):
			t.Error("nothing was added within half a minute")
		}
		alarm := time.NewTimer(time.Duration(rand.IntN(60)) * time.Millisecond)
		<-alarm.C
		kill()
		stop()
		people.Wait()
	}
	if len(acknowledged) < 20 {
		t.Fatalf("only %d uploads were acknowledged: the test sees nothing", len(acknowledged))
	}
	a = open(t, Config{Dir: dir, Demo: true})
	sound(t, a)
	type row struct {
		Content, SHA256 string
		Size            int64
	}
	rows, err := db.All[row](t.Context(), a.Work, `SELECT content, sha256, size FROM files_versions`)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, x := range rows {
		in, err := a.Files.Keep.Open(t.Context(), x.Content)
		if err != nil {
			t.Errorf("a file is listed and its content is not there: %v", err)
			continue
		}
		h := sha256.New()
		if n, err := io.Copy(h, in); err != nil || n != x.Size || hex.EncodeToString(h.Sum(nil)) != x.SHA256 {
			t.Errorf("a content is not what its row says: %d bytes of %d, %v", n, x.Size, err)
		}
		in.Close()
		there[x.SHA256] = true
	}
	for sum, size := range acknowledged {
		if !there[sum] {
			t.Errorf("a file of %d bytes was acknowledged and is lost", size)
		}
	}
	for _, session := range sessions {
		r := httptest.NewRequest(http.MethodGet, "/work", nil)
		r.Header.Set("Cookie", "kith_session="+session)
		if p, err := a.Identity.Person(r); err != nil || p.ID == "" {
			t.Errorf("a session that somebody was given is lost: %v", err)
		}
	}
	t.Logf("%d sessions and %d files acknowledged, %d listed", len(sessions), len(acknowledged), len(rows))
}

// sent posts a form, and reports whether the answer says that its file is kept.
func sent(ctx context.Context, to, session, kind string, body io.Reader) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, body)
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Cookie", "kith_session="+session)
	res, err := noFollowing.Do(r)
	if err != nil {
		return false // it was killed
	}
	defer res.Body.Close()
	return res.StatusCode == http.StatusSeeOther && strings.HasPrefix(res.Header.Get("Location"), "/work/plan/actions/")
}

// noFollowing asks without following, on a connection for each request: none outlives the
// process that it was to.
var noFollowing = &http.Client{Transport: &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// TestAddressesOfFiles: an address that is none is refused before anything is made.
func TestAddressesOfFiles(t *testing.T) {
	t.Parallel()
	for _, option := range []string{"--files=s3://KEY:hush@host/papers", "--clamd=clamd"} {
		dir := t.TempDir() + "/none"
		said, err := kith(t, nil, "serve", "--dir", dir, option).CombinedOutput()
		if name, _, _ := strings.Cut(option, "="); err == nil || !strings.Contains(string(said), name+" (or KITH_") ||
			strings.Contains(string(said), "hush") || len(tree(t, t.TempDir())) > 0 {
			t.Errorf("%s: %v %s", option, err, said)
		}
	}
}

// TestEvidenceIsNotAnothers: a guest of another agency cannot reach a file by its address,
// and is answered as if there were none.
func TestEvidenceIsNotAnothers(t *testing.T) {
	t.Parallel()
	a := demonstration(t)
	type row struct{ Action, File string }
	of, err := db.Get[row](t.Context(), a.Work, `SELECT a.id, f.id FROM files f JOIN plan_actions a ON a.id = f.record_id
		JOIN people p ON p.id = a.owner_id WHERE a.organisation_id <> (SELECT organisation_id FROM people
			WHERE email = 'agency-lead@demonstration.example') ORDER BY f.created_at, f.id`)
	if err != nil {
		t.Fatal(err)
	}
	v := newVisitor(t, a.Handler())
	v.signIn("agency-lead")
	at := "/work/plan/actions/" + of.Action
	for _, end := range []string{"", "/files/" + of.File, "/files/" + of.File + "/versions/1/download", "/files/new",
		"/files/questions", "/files/" + of.File + "/erase"} {
		v.Want("GET", at+end, nil, 404, "")
	}
	m := newVisitor(t, a.Handler())
	m.signIn("business-manager")
	m.Want("GET", at+"/files/"+of.File, nil, 200, "Fingerprint")
	answer := m.Do("GET", at+"/files/"+of.File+"/versions/1/download", url.Values{})
	if answer.Code != 200 || answer.Body.Len() == 0 {
		t.Errorf("the manager is answered %d", answer.Code)
	}
}
