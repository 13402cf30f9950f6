package arch

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// A routeLine is one line of a room's route table.
type routeLine struct {
	where, method, path, handler string
}

// routeLines reads the route tables: composite literals with a Pattern and a
// Handle.
func routeLines(f goFile) []routeLine {
	var out []routeLine
	ast.Inspect(f.ast, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		var line routeLine
		for _, e := range lit.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			switch key, _ := kv.Key.(*ast.Ident); {
			case key == nil:
			case key.Name == "Pattern":
				if l, ok := kv.Value.(*ast.BasicLit); ok {
					pattern, _ := strconv.Unquote(l.Value)
					line.method, line.path, _ = strings.Cut(pattern, " ")
				}
			case key.Name == "Handle":
				if sel, ok := kv.Value.(*ast.SelectorExpr); ok {
					line.handler = sel.Sel.Name
				}
			}
		}
		if line.path != "" && line.handler != "" {
			line.where = f.path
			out = append(out, line)
		}
		return true
	})
	return out
}

// reads are how the name of a handler that answers a GET may begin, besides those
// that an address's last word decides.
var reads = []string{"list", "show", "preview", "download", "find", "export"}

// own are addresses of the workspace that say something no record does, with the
// reason.
var own = map[string]string{
	"POST /work/settings": "what the partnership says of itself is one record, which is always shown as its form",
}

// dialectFault says what is wrong with a line of a route table; "" when nothing is.
func dialectFault(l routeLine) string {
	segments := strings.Split(strings.Trim(l.path, "/"), "/")
	last := segments[len(segments)-1]
	verb := strings.ReplaceAll(last, "-", "")
	begins := func(prefixes ...string) bool {
		for _, p := range prefixes {
			rest, ok := strings.CutPrefix(l.handler, p)
			if ok && (rest == "" || unicode.IsUpper(rune(rest[0]))) {
				return true
			}
		}
		return false
	}
	named := func(prefix string) bool {
		return strings.HasPrefix(strings.ToLower(l.handler), prefix+strings.ToLower(verb))
	}
	switch {
	case l.method == "GET" && last == "new":
		if !begins("new") {
			return "a page that begins a record is called newX"
		}
	case l.method == "GET" && last == "edit":
		if !begins("edit") {
			return "a page that changes a record is called editX"
		}
	case l.method == "GET":
		if !begins(reads...) && !named("confirm") {
			return "a page is called listX, showX, previewX, downloadX, findX, exportX, or confirmVerbX after its address's " +
				"last word"
		}
	case last == "new":
		if !begins("add") {
			return "what keeps a new record is called addX"
		}
	case last == "edit":
		if !begins("save") {
			return "what keeps a changed record is called saveX"
		}
	case strings.HasPrefix(last, "{"):
		return "a form is posted to /edit, /new or a verb, and not to the record itself"
	default:
		if !named("") {
			return "what a verb does is called verbX after its address's last word"
		}
	}
	return ""
}

// TestDialect: rooms name their addresses and handlers the same way, as
// docs/rooms/README.md has it.
func TestDialect(t *testing.T) {
	seen := 0
	for _, f := range sources(t) {
		if f.test || roomOf(f.pkg) == "" {
			continue
		}
		for _, l := range routeLines(f) {
			if !strings.HasPrefix(l.path, "/work/") {
				continue
			}
			seen++
			if own[l.method+" "+l.path] != "" {
				continue
			}
			if fault := dialectFault(l); fault != "" {
				t.Errorf("%s: %s %s → %s: %s", l.where, l.method, l.path, l.handler, fault)
			}
		}
	}
	if seen < 100 {
		t.Fatalf("only %d addresses were found: the test does not see the route tables any more", seen)
	}
}

// TestDialectFaults holds the rule itself.
func TestDialectFaults(t *testing.T) {
	for _, c := range []struct {
		line string
		good bool
	}{
		{"GET /work/reviews listReviews", true},
		{"GET /work/reviews list", true},
		{"GET /work/reviews reviewList", false},
		{"GET /work/reviews/new newReview", true},
		{"GET /work/reviews/new newForm", true},
		{"GET /work/reviews/new showNew", false},
		{"POST /work/reviews/new addReview", true},
		{"POST /work/reviews/new create", false},
		{"GET /work/reviews/{id}/edit showEdit", false},
		{"POST /work/reviews/{id}/edit saveReview", true},
		{"POST /work/reviews/{id} editReview", false},
		{"GET /work/reviews/{id}/delete confirmDeleteReview", true},
		{"POST /work/reviews/{id}/delete deleteReview", true},
		{"POST /work/reviews/{id}/delete removeReview", false},
		{"POST /work/plan/actions/{id}/take-back takeBackAction", true},
	} {
		p := strings.Fields(c.line)
		if got := dialectFault(routeLine{method: p[0], path: p[1], handler: p[2]}); (got == "") != c.good {
			t.Errorf("%s: %q", c.line, got)
		}
	}
}

// byID finds what is ordered by its id first.
var byID = regexp.MustCompile(`(?i)\border\s+by\s+(\w+\.)?id\b|\b(max|min)\s*\(\s*(\w+\.)?id\s*\)`)

// TestOrderIsRecorded: no query takes the order of ids for the order in which rows
// were made. Earlier versions wrote ids in another way, so they do not mix.
func TestOrderIsRecorded(t *testing.T) {
	for _, f := range sources(t) {
		if f.test || f.pkg == "internal/arch" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING && byID.MatchString(l.Value) {
				t.Errorf("%s: %.80q: order by the time recorded, or by what people see; ids only break ties", f.path, l.Value)
			}
			return true
		})
	}
}
