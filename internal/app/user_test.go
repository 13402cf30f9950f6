package app

import (
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/identity"
	"kith/internal/kit/web"
)

// TestUserCommands: what kith user says before it asks for a password, and after.
func TestUserCommands(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "kept")
	run := func(in string, args ...string) (string, bool) {
		cmd := kith(t, nil, append(append([]string{"user"}, args...), "--dir", dir)...)
		cmd.Stdin = strings.NewReader(in)
		said, err := cmd.CombinedOutput()
		return string(said), err == nil
	}
	const secret = "four grey harbour seals\n"
	for _, c := range []struct {
		in   string
		args []string
		want string
		fine bool
	}{
		{"", []string{"add", "--email", "not an address", "--name", "Ann"}, `"not an address" is not an e-mail address`, false},
		{"", []string{"add", "--email", "@x.example", "--name", "Ann"}, "is not an e-mail address", false},
		{"", []string{"add", "--email", "ａnn@x.example", "--name", "Ann"}, "with the keys a to z", false},
		{"", []string{"add", "--email", "bob@exаmple.org", "--name", "Bob"}, "with the keys a to z", false}, // Cyrillic а
		{"", []string{"add", "--email", "ann@localhost", "--name", "Ann"}, "in the form name@example.org", false},
		{secret, []string{"add", "--email", "ann@x.example", "--name", "Ann Other"}, "ann@x.example can sign in.", true},
		{secret, []string{"add", "--email", "dsl@x.example", "--name", "Quay", "--role", "school-lead"},
			"it can book training and nothing else", true},
		{"", []string{"password", "--email", "ann@"}, "is not an e-mail address", false},
		{"", []string{"password", "--email", "nobody@x.example"}, "nobody with this e-mail address signs in", false},
	} {
		said, fine := run(c.in, c.args...)
		if fine != c.fine || !strings.Contains(said, c.want) {
			t.Errorf("kith user %v: %v %s", c.args, fine, said)
		}
		if c.want == "ann@x.example can sign in." && strings.Contains(said, "Several people") {
			t.Errorf("a person's address counts as shared: %s", said)
		}
	}
	a, err := OpenExisting(t.Context(), Config{Dir: dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	by := web.Person{Permissions: everything()}
	id, err := a.Identity.AddPerson(t.Context(), by, identity.Person{Name: "Ben", Email: "ben@x.example"})
	if err == nil {
		_, err = a.Identity.SaveRoles(t.Context(), by, id, []string{"practitioner"}, "", web.Unwatched)
	}
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	if said, fine := run("", "password", "--email", "ben@x.example"); fine ||
		!strings.Contains(said, "has a role and no password yet") {
		t.Errorf("%v %s", fine, said)
	}
}
