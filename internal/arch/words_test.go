package arch

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"kith/internal/register"
	"kith/internal/testkit"
)

// A text is something that people read: a template without its actions, or a
// string of the program with a space in it.
type text struct{ where, words string }

var (
	templateAction  = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	templateString  = regexp.MustCompile(`"([^"\\]|\\.)*"`)
	templateTerm    = regexp.MustCompile(`\.Term "[^"]*"`)
	templateComment = regexp.MustCompile(`(?s)\{\{-? ?/\*.*?\*/ ?-?\}\}`)
	htmlTag         = regexp.MustCompile(`<[^>]*>`)
	termMark        = regexp.MustCompile(`\{[A-Za-z][A-Za-z' -]*\}`)
)

// templateTexts gives what a template says: the text between tags, and the strings
// in its actions, without the terms it asks for.
func templateTexts(body string) string {
	body = templateComment.ReplaceAllString(body, " ")
	var said []string
	for _, action := range templateAction.FindAllString(body, -1) {
		action = templateTerm.ReplaceAllString(action, " ")
		for _, s := range templateString.FindAllString(action, -1) {
			if strings.Contains(s, " ") && !strings.Contains(s, "/work/") || unicode.IsUpper(rune(s[1])) {
				said = append(said, s)
			}
		}
	}
	plain := htmlTag.ReplaceAllString(templateAction.ReplaceAllString(body, " "), " ")
	return termMark.ReplaceAllString(plain+"\n"+strings.Join(said, "\n"), " ")
}

// texts lists what people read: pages, e-mails, and strings of the rooms and the
// kit. The demonstration is left out: it is one partnership's own words.
func texts(t *testing.T) []text {
	t.Helper()
	root := testkit.Root(t)
	var out []text
	for _, pattern := range []string{"internal/*/templates/*.html", "internal/*/*/templates/*.html",
		"internal/kit/ui/*/*.html", "internal/*/mail/*"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			b, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			rel, _ := filepath.Rel(root, p)
			if !strings.Contains(rel, "styleguide") && !strings.HasSuffix(rel, ".go") {
				out = append(out, text{filepath.ToSlash(rel), templateTexts(string(b))})
			}
		}
	}
	for _, f := range sources(t) {
		if f.test || !strings.HasPrefix(f.pkg, "internal/") || strings.HasPrefix(f.pkg, "internal/app/demo") ||
			f.pkg == "internal/arch" || f.pkg == "internal/testkit" || strings.Contains(f.path, "demo") ||
			strings.Contains(f.path, "styleguide") {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && inward(call) {
				return false
			}
			l, ok := n.(*ast.BasicLit)
			if !ok || l.Kind != token.STRING {
				return true
			}
			s, err := strconv.Unquote(l.Value)
			if err == nil && (strings.Contains(s, " ") || s != "" && unicode.IsUpper(rune(s[0]))) && !sqlWords.MatchString(s) &&
				!notWords.MatchString(s) {
				out = append(out, text{f.path, termMark.ReplaceAllString(s, " ")})
			}
			return true
		})
	}
	if len(out) < 1000 {
		t.Fatalf("only %d texts were found: the test does not see them any more", len(out))
	}
	return out
}

// notWords are strings that nobody reads: addresses, and parts of queries.
var notWords = regexp.MustCompile(
	`^(GET|POST) /|\b(SELECT|FROM|WHERE|JOIN|ORDER BY|UPDATE|INSERT)\b|^/|^[a-z]\.[a-z_]+,|="%`)

// inward reports whether a call's words are for the log or for an error that says
// what was being done, which no page shows.
func inward(call *ast.CallExpr) bool {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		switch f.Sel.Name {
		case "Errorf", "Wrap", "New", "Error", "Warn", "Info", "Debug", "Exec", "Get", "All", "Must", "Insert":
			return f.Sel.Name != "New" || isIdent(f.X, "errors")
		}
	case *ast.IndexExpr:
		if sel, ok := f.X.(*ast.SelectorExpr); ok {
			return isIdent(sel.X, "db")
		}
	case *ast.Ident:
		return f.Name == "panic"
	}
	return false
}

func isIdent(x ast.Expr, name string) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == name
}

// official are names that the law, the Department or another system gives, which
// no partnership can change, though a term stands in them.
var official = []string{
	"Looked-after children (SSDA903)", "Looked-after children return (SSDA903)", "looked-after children return",
	"looked-after children files",
}

// TestTerms: a text never writes out a word that a partnership may set to its own.
func TestTerms(t *testing.T) {
	var terms []string
	for _, term := range register.StandardTerms {
		for _, form := range term.Forms {
			terms = append(terms, regexp.QuoteMeta(form))
		}
	}
	word := regexp.MustCompile(`(?i)\b(` + strings.Join(terms, "|") + `)\b`)
	for _, x := range texts(t) {
		switch {
		case x.where == "internal/register/terms.go":
			continue // where they are listed
		case strings.HasPrefix(x.where, "internal/returns/") && x.where != "internal/returns/figures.go" &&
			x.where != "internal/returns/room.go":
			continue // a finding about a statutory return says what its guide says
		}
		words := x.words
		for _, name := range official {
			words = strings.ReplaceAll(words, name, "")
		}
		for _, m := range word.FindAllStringIndex(words, -1) {
			t.Errorf("%s writes out %q, which areas call differently: mark it as {%s} or {{.Term %q}}: …%s…",
				x.where, words[m[0]:m[1]], words[m[0]:m[1]], words[m[0]:m[1]], around(words, m))
		}
	}
}

// notSaid are words that people should not meet, and what to say.
var notSaid = []struct{ pattern, say string }{
	{`attest\w*`, "supplied, supplied by"},
	{`rounds?`, "this year’s audit, self-assessment"},
	{`break-glass`, "emergency access"},
	{`step-up`, "confirm it is you"},
	{`mend\w*`, "fix"},
	{`letters?`, "e-mail (a letter on paper is post)"},
	{`emails?`, "e-mail"},
	{`work that failed`, "what could not be done"},
	{`import kinds?`, "kind of file"},
	{`(?:a|the|this) room\b(?: of)?`, "part of the workspace, or say what it is"},
	{`(?:behind the |the )walls?`, "say who may see it"},
	{`one door|the door`, "say what happens"},
	{`(?:the|a|this) store`, "database, or say what happens"},
	{`conference`, "annual event; a child protection conference is written out in full"},
}

// twoMeanings are texts that may hold such a word, with the reason.
var twoMeanings = map[string]string{
	"child protection conference": "what the law calls the meeting about a child",
	"small letter":                "of the alphabet",
	"use letters":                 "of the alphabet",
	"some letters":                "of the alphabet",
	"letter and eight digits":     "of the alphabet",
	"letters a to z":              "of the alphabet",
	"in a room":                   "where training is held",
	"person or email":             "columns of a file",
	"person (or email)":           "columns of a file",
	"--email":                     "an option of the command line",
	"--round":                     "an option of the command line",
	"round every count":           "what that option does",
}

// TestWords: no text says a word of the program's inner life, or one with two
// meanings.
func TestWords(t *testing.T) {
	for _, x := range texts(t) {
		words := x.words
		for allowed := range twoMeanings {
			words = regexp.MustCompile(`(?i)`+regexp.QuoteMeta(allowed)+`s?`).ReplaceAllString(words, "")
		}
		for _, w := range notSaid {
			for _, m := range regexp.MustCompile(`(?i)\b(?:`+w.pattern+`)\b`).FindAllStringIndex(words, -1) {
				t.Errorf("%s says %q; say %s: …%s…", x.where, words[m[0]:m[1]], w.say, around(words, m))
			}
		}
	}
}

// commandWords are how somebody at the command line gives what is missing: its options
// and its commands.
var commandWords = regexp.MustCompile("(?:^|[\\s(`“])--[a-z]+|\\bkith (?:import|check|summarise|figure|withdraw|report|serve|" +
	"user|demo|protect|attack|migrate)\\b")

// TestNoCommandLine: what a room says is read in the browser, where there is no command
// line. The commands themselves, in internal/app, add their own words.
func TestNoCommandLine(t *testing.T) {
	for _, x := range texts(t) {
		if strings.HasPrefix(x.where, "internal/app/") && !strings.Contains(x.where, "/templates/") {
			continue
		}
		for _, m := range commandWords.FindAllStringIndex(x.words, -1) {
			t.Errorf("%s says %q, which nobody in a browser can do: …%s…", x.where, x.words[m[0]:m[1]], around(x.words, m))
		}
	}
}

// projectFiles are names of the program's own files and folders. A file's name that a person
// gives or receives, such as contacts.csv, is none.
var projectFiles = regexp.MustCompile(`\b(?:docs|internal|migrations|testdata|assets|scripts|e2e)/\w|` +
	`\b[\w-]+\.(?:md|go|tsv|scss|golden|mjs)\b`)

// TestNoProjectFiles: a person who reads a page cannot open the program's own documents, so
// what stands in them is said, or where in the workspace to look.
func TestNoProjectFiles(t *testing.T) {
	for _, x := range texts(t) {
		for _, m := range projectFiles.FindAllStringIndex(x.words, -1) {
			t.Errorf("%s names %q, which nobody who reads a page can open: say what it says: …%s…", x.where,
				x.words[m[0]:m[1]], around(x.words, m))
		}
	}
}

func around(s string, m []int) string {
	return strings.Join(strings.Fields(s[max(0, m[0]-40):min(len(s), m[1]+40)]), " ")
}
