package access

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"kith/internal/kit/web"
)

// TestEveryPermissionIsListed: the list is the constants, in their order, each with
// a comment that says what it lets a person do.
func TestEveryPermissionIsListed(t *testing.T) {
	t.Parallel()
	f, err := parser.ParseFile(token.NewFileSet(), "access.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var constants []string
	ast.Inspect(f, func(n ast.Node) bool {
		d, ok := n.(*ast.GenDecl)
		if !ok || d.Tok != token.CONST {
			return true
		}
		for _, s := range d.Specs {
			v := s.(*ast.ValueSpec)
			constants = append(constants, strings.Trim(v.Values[0].(*ast.BasicLit).Value, `"`))
			if v.Doc == nil || !strings.HasPrefix(v.Doc.Text(), v.Names[0].Name+" ") {
				t.Errorf("%s has no comment that says what it lets a person do", v.Names[0].Name)
			}
		}
		return true
	})
	var listed []string
	for _, p := range Permissions() {
		listed = append(listed, string(p))
	}
	if got, want := strings.Join(listed, " "), strings.Join(constants, " "); got != want || len(constants) < 20 {
		t.Errorf("listed:    %s\nconstants: %s", got, want)
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	if len(Roles()) != 16 {
		t.Errorf("%d roles", len(Roles()))
	}
	used := map[web.Permission]bool{}
	for _, ro := range Roles() {
		held := Of(ro.ID)
		if ro.Title == "" || ro.ComesTo == "" || len(held) == 0 || len(held) != len(ro.Permissions) {
			t.Errorf("%s is incomplete or lists something twice", ro.ID)
		}
		for p := range held {
			used[p] = true
			room, act, _ := strings.Cut(string(p), ":")
			reads := act == "read" || held[web.Permission(room+":read")] || act == "answer" || p == SettingsManage
			if !reads {
				t.Errorf("%s may %s what it cannot read", ro.ID, p)
			}
		}
	}
	for _, p := range Permissions() {
		if !used[p] {
			t.Errorf("no role holds %s", p)
		}
		delete(used, p)
	}
	if len(used) > 0 {
		t.Errorf("permissions that are not in the catalogue: %v", used)
	}
	for role, never := range map[string][]web.Permission{
		"practitioner":         {PeopleRead, FiguresRead, ReviewsRead, AuditsRead, SettingsManage, TrainingManage},
		"independent-reviewer": {TrainingRead, PeopleRead, FiguresRead},
		"school-lead":          {AuditsRead, PeopleRead},
		"scrutineer":           {PlanManage, ReportEdit},
		"administrator":        {ReviewsRead, AuditsRead, ReportSign},
		"business-manager":     {ReportSign},
	} {
		for _, p := range never {
			if Of(role)[p] {
				t.Errorf("%s has %s", role, p)
			}
		}
	}
	if len(Of("", "king")) != 0 {
		t.Error("an unknown role allows something")
	}
}
