package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/testkit"
)

// A goFile is one source file of the project.
type goFile struct {
	path string // from the root, with slashes
	pkg  string // its folder
	test bool
	ast  *ast.File
}

func sources(t *testing.T) []goFile {
	t.Helper()
	root := testkit.Root(t)
	var out []goFile
	err := filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") &&
			p != root) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, p)
		rel = filepath.ToSlash(rel)
		out = append(out, goFile{path: rel, pkg: filepath.ToSlash(filepath.Dir(rel)),
			test: strings.HasSuffix(rel, "_test.go"), ast: f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// rooms are the packages that keep the partnership's records.
var rooms = []string{"partnership", "identity", "training", "audits", "reviews", "plan", "returns", "indicators",
	"sites", "directory", "annual", "duplicates", "letters", "imports"}

func roomOf(pkg string) string {
	rest, ok := strings.CutPrefix(pkg, "internal/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	if slices.Contains(rooms, name) {
		return name
	}
	return ""
}

// inSDC reports whether a package is disclosure control or a part of it.
func inSDC(pkg string) bool { return pkg == "sdc" || strings.HasPrefix(pkg, "sdc/") }

// TestImports: cmd → app → rooms → register → kit → libraries.
func TestImports(t *testing.T) {
	for _, f := range sources(t) {
		for _, im := range f.ast.Imports {
			to, _ := strconv.Unquote(im.Path.Value)
			to, ours := strings.CutPrefix(to, "kith/")
			if !ours {
				if inSDC(f.pkg) && !f.test && strings.Contains(strings.Split(to, "/")[0], ".") {
					t.Errorf("%s imports %s: sdc is pure and uses the standard library only", f.path, to)
				}
				continue
			}
			from := roomOf(f.pkg)
			switch target := roomOf(to); {
			case strings.HasPrefix(f.pkg, "internal/kit") && !f.test && !strings.HasPrefix(to, "internal/kit") &&
				!inSDC(to):
				t.Errorf("%s imports %s: the kit knows nothing of what is built with it", f.path, to)
			case from != "" && target != "" && target != from:
				t.Errorf("%s imports %s: no room imports a room; declare a small interface and let app hand the room over", f.path,
					to)
			case f.pkg == "internal/register" && !f.test && to != "internal/access" && !strings.HasPrefix(to, "internal/kit"):
				t.Errorf("%s imports %s: the register is below the rooms and imports the kit and the permissions only", f.path, to)
			case f.pkg == "internal/access" && !f.test && !strings.HasPrefix(to, "internal/kit"):
				t.Errorf("%s imports %s: the catalogue of permissions stands below the rooms, on the kit only", f.path, to)
			case from != "" && strings.HasPrefix(to, "internal/app"):
				t.Errorf("%s imports %s: app sees the rooms, and they do not see it", f.path, to)
			case (inSDC(f.pkg) && !inSDC(to) || f.pkg == "evidence") && !f.test:
				t.Errorf("%s imports %s: this package knows nothing of Kith", f.path, to)
			case !f.test && to == "internal/testkit" && !strings.HasPrefix(f.pkg, "internal/testkit"):
				t.Errorf("%s imports testkit: only tests do", f.path)
			}
		}
	}
}

// TestPermissionsAreNamed: a permission is written out in the catalogue only.
func TestPermissionsAreNamed(t *testing.T) {
	subjects := map[string]bool{}
	for _, p := range access.Permissions() {
		subject, _, _ := strings.Cut(string(p), ":")
		subjects[subject] = true
	}
	raw := regexp.MustCompile(`^([a-z]+):[a-z][a-z-]*$`)
	for _, f := range sources(t) {
		if f.pkg == "internal/access" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				s, _ := strconv.Unquote(l.Value)
				if m := raw.FindStringSubmatch(s); m != nil && subjects[m[1]] {
					t.Errorf("%s writes out the permission %q: use its constant of internal/access", f.path, s)
				}
			}
			return true
		})
	}
}

// TestPackageDocs: every package has exactly one doc comment, which begins as Go
// has it.
func TestPackageDocs(t *testing.T) {
	docs := map[string][]string{}
	for _, f := range sources(t) {
		if f.test {
			continue
		}
		if _, ok := docs[f.pkg]; !ok {
			docs[f.pkg] = nil
		}
		if f.ast.Doc != nil {
			docs[f.pkg] = append(docs[f.pkg], f.path)
			if first := f.ast.Doc.Text(); !strings.HasPrefix(first, "Package "+f.ast.Name.Name) &&
				!strings.HasPrefix(first, "Command ") {
				t.Errorf("%s: the package comment begins with %.30q and not with “Package %s”", f.path, first, f.ast.Name.Name)
			}
		}
	}
	for pkg, in := range docs {
		if len(in) != 1 {
			t.Errorf("%s has %d package comments (%s); a package has one, which says what it is for", pkg, len(in),
				strings.Join(in, ", "))
		}
	}
}

// TestExportedDocs: every exported name of a package says what it is.
func TestExportedDocs(t *testing.T) {
	for _, f := range sources(t) {
		if f.test || f.ast.Name.Name == "main" {
			continue
		}
		for _, d := range f.ast.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Name.Name != "Error" && d.Doc == nil && exportedReceiver(d) {
					t.Errorf("%s: %s has no comment", f.path, d.Name.Name)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if ts, ok := s.(*ast.TypeSpec); ok && ts.Name.IsExported() && d.Doc == nil && ts.Doc == nil {
						t.Errorf("%s: type %s has no comment", f.path, ts.Name.Name)
					}
				}
			}
		}
	}
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	x := d.Recv.List[0].Type
	if s, ok := x.(*ast.StarExpr); ok {
		x = s.X
	}
	id, ok := x.(*ast.Ident)
	return ok && id.IsExported()
}

// banned is what SQLite and PostgreSQL do not agree on.
var banned = []struct{ pattern, why string }{
	{`(?i)select\s+\*`, "list the columns, in the order of the struct's fields"},
	{`(?i)\bnow\s*\(`, "bind a time from the clock"},
	{`(?i)\bcurrent_(timestamp|date|time)\b`, "bind a time from the clock"},
	{`::`, "PostgreSQL's casts; bind a typed value"},
	{`(?i)\bilike\b`, "fold the column and use LIKE"},
	{`(?i)\bany\s*\(`, "use IN, or a query for each"},
	{`(?i)distinct\s+on`, "PostgreSQL only"},
	{`(?i)\blateral\b`, "PostgreSQL only"},
	{`(?i)\bserial\b`, "ids are made in Go"},
	{`(?i)autoincrement`, "ids are made in Go"},
	{`(?i)strftime`, "compute dates in Go"},
	{`(?i)date_trunc`, "compute dates in Go"},
	{`(?i)to_char`, "format in Go"},
	{`(?i)\binterval\b`, "compute dates in Go"},
	{`(?i)\bjson_`, "JSON is opaque text to the database"},
	{`->>`, "JSON is opaque text to the database"},
}

var sqlWords = regexp.MustCompile(`(?is)^\s*(select|insert|update|delete|with|create|alter)\b`)

// writes finds the tables a statement writes.
var writes = regexp.MustCompile(
	`(?i)\b(?:insert\s+into|update|delete\s+from|create\s+table(?:\s+if\s+not\s+exists)?|alter\s+table)\s+([a-z_]+)`)

// queries lists the SQL in a file's string literals.
func queries(f goFile) []string {
	var out []string
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if s, err := strconv.Unquote(l.Value); err == nil && sqlWords.MatchString(s) {
				out = append(out, s)
			}
		}
		return true
	})
	return out
}

// TestPortableSQL: one SQL text runs on both engines.
func TestPortableSQL(t *testing.T) {
	check := func(where, sql string) {
		for _, b := range banned {
			if regexp.MustCompile(b.pattern).MatchString(sql) {
				t.Errorf("%s: %s is not portable (%s): %.80q", where, b.pattern, b.why, sql)
			}
		}
	}
	found := 0
	for _, f := range sources(t) {
		if f.path == "internal/kit/db/dialect.go" || f.pkg == "internal/arch" {
			continue
		}
		for _, q := range queries(f) {
			found++
			check(f.path, q)
		}
	}
	if found < 20 {
		t.Fatalf("only %d queries were found: the test does not see them any more", found)
	}
	for name, sql := range migrations(t) {
		if !forOneEngine(name) {
			check(name, sql)
		}
	}
}

// engineOnly are the migrations that only one engine has, each with its reason.
// There are as few as can be: what they make is tested twice.
var engineOnly = map[string]string{
	"migrations/work/0602_kit.sqlite.sql":       fullText,
	"migrations/work/0602_kit.postgres.sql":     fullText,
	"migrations/public/0132_kit.sqlite.sql":     fullText,
	"migrations/public/0132_kit.postgres.sql":   fullText,
	"migrations/work/0831_reviews.postgres.sql": "SQLite has no row-level security: db.As is the same code without it",
}

const fullText = "each engine has its own kind of full-text index; kit/search finds the same in both"

func forOneEngine(name string) bool { return strings.Count(filepath.Base(name), ".") > 1 }

// TestEngineOnlyMigrations counts what only one engine has.
func TestEngineOnlyMigrations(t *testing.T) {
	all := migrations(t)
	for name := range all {
		if forOneEngine(name) && engineOnly[name] == "" {
			t.Errorf("%s is for one engine: give its reason in engineOnly", name)
		}
	}
	for name := range engineOnly {
		if all[name] == "" {
			t.Errorf("%s is explained and not there", name)
		}
	}
}

func migrations(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(testkit.Root(t), "migrations", "*", "*.sql"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no migrations", err)
	}
	out := map[string]string{}
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		rel, _ := filepath.Rel(testkit.Root(t), p)
		out[filepath.ToSlash(rel)] = string(b)
	}
	return out
}

// owners are the tables that do not carry their room's name.
var owners = map[string]string{
	"people": "internal/identity", "person_roles": "internal/identity", "organisations": "internal/partnership",
	"jobs": "internal/kit/jobs", "audit_trail": "internal/kit/audittrail",
	"audit_chain": "internal/kit/audittrail", "audit_end": "internal/kit/audittrail",
	"audit_heads": "internal/kit/audittrail",
	"form_marks":  "internal/kit/once",
	"seal_mark":   "internal/kit/seal",
	"settings":    "internal/kit", "db_changes": "internal/kit/db", "register_sectors": "internal/register",
	"register_terms": "internal/register",
	// The room imports renamed these, and the first migration is never edited.
	"intake_imports": "internal/kit", "intake_files": "internal/kit", "intake_findings": "internal/kit",
}

func owner(table string) string {
	if o, ok := owners[table]; ok {
		return o
	}
	prefix, _, _ := strings.Cut(table, "_")
	if slices.Contains([]string{"publish", "files", "search", "mail", "remind", "release"}, prefix) {
		return "internal/kit/" + prefix
	}
	if slices.Contains(rooms, prefix) {
		return "internal/" + prefix
	}
	return ""
}

// TestTableOwners: a table is written only in the room whose name it carries.
func TestTableOwners(t *testing.T) {
	for _, f := range sources(t) {
		if f.test || f.pkg == "internal/testkit" {
			continue // tests may put rows where they need them
		}
		for _, q := range queries(f) {
			for _, m := range writes.FindAllStringSubmatch(q, -1) {
				table := strings.ToLower(m[1])
				if o := owner(table); table != "set" && !strings.HasPrefix(f.pkg, o) || o == "" && table != "set" &&
					table != "database" {
					t.Errorf("%s writes the table %s, which belongs to %s: call that room's action", f.path, table, o)
				}
			}
		}
	}
	for name, sql := range migrations(t) {
		file := filepath.Base(name)
		room, _, _ := strings.Cut(file[strings.Index(file, "_")+1:], ".")
		for _, m := range regexp.MustCompile(`(?im)^\s*create\s+table\s+([a-z_]+)`).FindAllStringSubmatch(sql, -1) {
			if o := owner(m[1]); o != "internal/"+room && !(room == "kit" && strings.HasPrefix(o, "internal/kit")) {
				t.Errorf("%s makes the table %s, which belongs to %q", name, m[1], o)
			}
		}
		if strings.Contains(sql, "+goose Down") {
			t.Errorf("%s goes down: histories are forward only", name)
		}
	}
}

// TestTransactionsStartInActions: what a person does is one transaction, begun in
// actions*.go (work.go for what the program does by itself).
func TestTransactionsStartInActions(t *testing.T) {
	for _, f := range sources(t) {
		if f.test || roomOf(f.pkg) == "" {
			continue
		}
		base := filepath.Base(f.path)
		if strings.HasPrefix(base, "actions") || strings.HasPrefix(base, "work") {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Tx" {
					t.Errorf("%s begins a transaction: only actions.go and work.go do", f.path)
				}
			}
			return true
		})
	}
}

// TestDialectSeams: one file asks which engine it is on.
func TestDialectSeams(t *testing.T) {
	for _, f := range sources(t) {
		if f.test || f.pkg == "internal/testkit" || f.path == "internal/kit/db/dialect.go" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "db" && (sel.Sel.Name == "SQLite" || sel.Sel.Name == "Postgres") {
					t.Errorf("%s asks which engine it is on: only internal/kit/db/dialect.go does", f.path)
				}
			}
			return true
		})
		if f.pkg == "internal/kit/db" {
			for _, d := range f.ast.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
					ast.Inspect(fn.Body, func(n ast.Node) bool {
						if id, ok := n.(*ast.Ident); ok && (id.Name == "SQLite" || id.Name == "Postgres") {
							t.Errorf("%s: %s asks which engine it is on", f.path, fn.Name.Name)
						}
						return true
					})
				}
			}
		}
	}
}

// TestSkips: one helper may skip a test, and nothing else.
func TestSkips(t *testing.T) {
	for _, f := range sources(t) {
		if f.path == "internal/testkit/shared.go" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && (sel.Sel.Name == "Skip" || sel.Sel.Name == "Skipf" ||
				sel.Sel.Name == "SkipNow") {
				if x, ok := sel.X.(*ast.Ident); ok && (x.Name == "t" || x.Name == "b" || x.Name == "tb") {
					t.Errorf("%s skips a test: a test that does not run proves nothing", f.path)
				}
			}
			return true
		})
	}
}

// TestLinks: what the documents refer to is there.
func TestLinks(t *testing.T) {
	root := testkit.Root(t)
	var docs []string
	for _, g := range []string{"*.md", "docs/*.md", "docs/*/*.md", "internal/kit/*/README.md"} {
		m, _ := filepath.Glob(filepath.Join(root, g))
		docs = append(docs, m...)
	}
	link := regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)
	for _, p := range docs {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(b), -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(p), m[1])); err != nil {
				rel, _ := filepath.Rel(root, p)
				t.Errorf("%s links to %s, which is not there", rel, m[1])
			}
		}
	}
}

// TestTemplatesChecked: each page's template is type checked against its struct
// and executed by a test of its room.
func TestTemplatesChecked(t *testing.T) {
	root := testkit.Root(t)
	pages, err := filepath.Glob(filepath.Join(root, "internal", "*", "templates", "*.html"))
	if err != nil {
		t.Fatal(err)
	}
	more, _ := filepath.Glob(filepath.Join(root, "internal", "kit", "*", "templates", "*.html"))
	for _, p := range append(pages, more...) {
		name := strings.TrimSuffix(filepath.Base(p), ".html")
		if strings.HasPrefix(name, "_") {
			continue
		}
		room := filepath.Dir(filepath.Dir(p))
		tests, _ := filepath.Glob(filepath.Join(room, "*_test.go"))
		checked, named := false, false
		for _, f := range tests {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			checked = checked || strings.Contains(string(b), "uitest.")
			named = named || strings.Contains(string(b), strconv.Quote(name))
		}
		if !checked || !named {
			rel, _ := filepath.Rel(root, p)
			t.Errorf("%s is not checked by uitest.Page in a test of its room", rel)
		}
	}
}
