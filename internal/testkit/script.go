package testkit

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Scripts runs every page script of testdata/*.txt against a room's pages. A
// script reads as the room's specification, a line a step:
//
//	# words for the reader
//	as ann                          the next requests are Ann's; "as nobody" is the public, and
//	                                "as another ann" a colleague who may do the same as she
//	GET /work/training?q=neglect    ask for a page
//	POST /work/x name=Ann note="two words"   what the page at that address was seen to say goes with it
//	POST /work/x @files="a.txt:We met." @files="b.csv:a,b"   send files, each by its name and content
//	code == 200                     the answer's status
//	text "2 places left"            the page says so, tags aside
//	!text "Cancel"                  and does not say so
//	location /work/training/$ID     where the answer sends the browser
//	follow                          go there
//	save ID /sessions/([a-z0-9]+)   keep what a pattern finds in the page's HTML
//
// $NAME stands for what was saved, or given in vars. people are who "as" may name.
func Scripts(t *testing.T, people map[string]web.Person, vars map[string]string, routes ...web.Route) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no page scripts in testdata: %v", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".txt"), func(t *testing.T) {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			RunScript(t, f, string(b), people, vars, routes...)
		})
	}
}

// RunScript runs one page script, as Scripts does; name is for messages.
func RunScript(t *testing.T, name, script string, people map[string]web.Person, vars map[string]string,
	routes ...web.Route) {
	t.Helper()
	mux := Mux(t, routes...)
	s := &scriptRun{people: people, vars: map[string]string{}, browser: NewBrowser(t, mux)}
	for k, v := range vars {
		s.vars[k] = v
	}
	mux.Person = func(*http.Request) (web.Person, error) { return s.who, nil }
	for i, line := range strings.Split(script, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := s.step(line); err != nil {
			t.Fatalf("%s:%d: %s\n%v", name, i+1, line, err)
		}
	}
}

// Mux mounts routes as the program does, for nobody signed in.
func Mux(t testing.TB, routes ...web.Route) *web.Mux {
	m := web.NewMux(Log(t))
	m.Base = func(w http.ResponseWriter, r *http.Request, _ web.Person) ui.Base {
		return ui.Base{Layout: ui.LayoutWork, SiteName: "Tidewell", Flash: web.TakeFlash(w, r)}
	}
	m.Handle(routes...)
	return m
}

type scriptRun struct {
	people  map[string]web.Person
	vars    map[string]string
	browser *Browser
	who     web.Person
	at      string
	answer  *httptest.ResponseRecorder
}

var variable = regexp.MustCompile(`\$([A-Z_]+)`)

func (s *scriptRun) step(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	if verb != "save" { // a pattern may end in a dollar
		rest = variable.ReplaceAllStringFunc(rest, func(v string) string {
			if x, ok := s.vars[v[1:]]; ok {
				return x
			}
			return v
		})
	}
	switch verb {
	case "as":
		name, another := strings.CutPrefix(rest, "another ")
		who, ok := s.people[name]
		if !ok && rest != "nobody" {
			return fmt.Errorf("there is no %q", rest)
		}
		if another { // a colleague who may do the same
			who.ID, who.Name = who.ID+"-2", "Another "+who.Name
		}
		s.who = who
		return nil
	case "GET", "POST":
		return s.request(verb, rest)
	}
	if s.answer == nil {
		return fmt.Errorf("ask for a page first")
	}
	body := s.answer.Body.String()
	switch verb {
	case "code":
		if want := strings.TrimSpace(strings.TrimPrefix(rest, "==")); strconv.Itoa(s.answer.Code) != want {
			return fmt.Errorf("the answer is %d\n%s", s.answer.Code, words(body))
		}
	case "text", "!text":
		want, err := strconv.Unquote(rest)
		if err != nil {
			return fmt.Errorf("put the text in quotes: %v", err)
		}
		if strings.Contains(words(body), want) != (verb == "text") {
			return fmt.Errorf("the page says:\n%s", words(body))
		}
	case "location":
		if got := s.answer.Header().Get("Location"); got != rest {
			return fmt.Errorf("it sends to %q", got)
		}
	case "follow":
		to := s.answer.Header().Get("Location")
		if to == "" {
			return fmt.Errorf("it sends nowhere: %d\n%s", s.answer.Code, words(body))
		}
		return s.request("GET", to)
	case "save":
		name, pattern, _ := strings.Cut(rest, " ")
		m := regexp.MustCompile(strings.TrimSpace(pattern)).FindStringSubmatch(body + "\n" +
			s.answer.Header().Get("Location"))
		if len(m) != 2 {
			return fmt.Errorf("the pattern finds nothing in\n%s", body)
		}
		s.vars[name] = m[1]
	default:
		return fmt.Errorf("there is no step %q", verb)
	}
	return nil
}

func (s *scriptRun) request(method, rest string) error {
	fields := splitWords(rest)
	if len(fields) == 0 {
		return fmt.Errorf("say which address")
	}
	form, files := url.Values{}, []SentFile{}
	for _, f := range fields[1:] {
		k, v, ok := strings.Cut(f, "=")
		if !ok {
			return fmt.Errorf("write %q as name=value", f)
		}
		if field, isFile := strings.CutPrefix(k, "@"); isFile {
			name, content, _ := strings.Cut(v, ":")
			files = append(files, SentFile{field, name, content})
			continue
		}
		form.Add(k, v)
	}
	if s.at = fields[0]; len(files) > 0 {
		s.answer = s.browser.Upload(fields[0], form, files...)
		return nil
	}
	s.answer = s.browser.Do(method, fields[0], form)
	return nil
}

func splitWords(line string) []string {
	var out []string
	var b strings.Builder
	quoted, any := false, false
	for _, r := range strings.ReplaceAll(line, `\n`, "\n") { // a field of several lines
		switch {
		case r == '"':
			quoted, any = !quoted, true
		case r == ' ' && !quoted:
			if any {
				out = append(out, b.String())
			}
			b.Reset()
			any = false
		default:
			b.WriteRune(r)
			any = true
		}
	}
	if any {
		out = append(out, b.String())
	}
	return out
}

var (
	headHTML = regexp.MustCompile(`(?s)<head>.*?</head>|<svg.*?</svg>`)
	tags     = regexp.MustCompile(`<[^>]*>`)
	spaces   = regexp.MustCompile(`\s+`)
)

// words gives what a page says, tags aside, with single spaces.
func words(page string) string {
	page = headHTML.ReplaceAllString(page, " ")
	return strings.TrimSpace(spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(page, " ")), " "))
}
