package app

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// TestHelpIsWhole: every command, argument and option says what it is for, and
// every command that does something shows how it is used.
func TestHelpIsWhole(t *testing.T) {
	t.Parallel()
	k, err := (&cli{out: &bytes.Buffer{}, err: &bytes.Buffer{}}).parser(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := nodes(k.Model.Node)
	if len(all) < 18 {
		t.Fatalf("only %d commands were found: the test does not see them any more", len(all))
	}
	for _, n := range all {
		if !strings.HasSuffix(n.Help, ".") {
			t.Errorf("kith %s says %q, which is no sentence", n.Path(), n.Help)
		}
		if n.Leaf() && !strings.Contains(n.Detail, "\n    kith "+n.Path()) && n.Name != "completion" {
			t.Errorf("the help of kith %s has no example of it", n.Path())
		}
		for _, v := range n.Positional {
			if v.Help == "" {
				t.Errorf("kith %s does not say what <%s> is", n.Path(), v.Name)
			}
		}
		for _, f := range optionsOf(n) {
			if f.Help == "" || !f.IsBool() && f.PlaceHolder == "" {
				t.Errorf("kith %s does not say what --%s is", n.Path(), f.Name)
			}
		}
	}
}

// TestCompletion: bash, with the script that is printed, offers what may be typed
// and leaves the names of files to the shell.
func TestCompletion(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"kith f":                           "figure",
		"kith re":                          "report",
		"kith report ":                     "build",
		"kith report build --o":            "--out",
		"kith help r":                      "", // free text
		"kith completion ":                 "bash zsh fish",
		"kith figure --p":                  "--period",
		"kith figure x --format ":          "text json csv",
		"kith figure --format = j":         "json",
		"kith figure --by ":                "",
		"kith check tr":                    "training-history",
		"kith user add --role lay":         "lay-member",
		"kith protect t.csv --profile n":   "nhs",
		"kith check training-history ":     "",
		"kith check training-history --f":  "--format",
		"kith serve --face pub":            "public",
		"kith user add --role x --":        "--help --email --name --role --dir --db",
		"kith protect t.csv --ledger made": "",
	} {
		if got := completed(t, strings.Split(typed, " ")); got != want {
			t.Errorf("%q offers %q and not %q", typed, got, want)
		}
	}
}

func completed(t *testing.T, words []string) string {
	t.Helper()
	var script, errs bytes.Buffer
	if code := Main([]string{"completion", "bash"}, strings.NewReader(""), &script, &errs); code != exitDone {
		t.Fatalf("status %d: %s", code, errs.String())
	}
	script.WriteString("COMP_WORDS=(\"$@\"); COMP_CWORD=$(($#-1)); _kith; echo \"${COMPREPLY[*]}\"\n")
	out, err := exec.Command("bash", append([]string{"-c", script.String(), "bash"}, words...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return strings.TrimSuffix(string(out), "\n")
}

// TestOtherCompletions: the scripts for the other shells offer every command and
// every option.
func TestOtherCompletions(t *testing.T) {
	t.Parallel()
	for shell, want := range map[string][]string{
		"fish": {"complete -c kith -n '__fish_use_subcommand' -f -a figure -d 'Compute a figure; without an id, list them.'",
			"complete -c kith -n '__fish_seen_subcommand_from report; and __fish_seen_subcommand_from build' -l out -r ",
			"-l face -x -a 'all work public'", `of a table\'s hidden counts`},
		"zsh": {"bashcompinit\n", "complete -o default -F _kith kith\n"},
	} {
		var script bytes.Buffer
		Main([]string{"completion", shell}, strings.NewReader(""), &script, &bytes.Buffer{})
		for _, line := range want {
			if !strings.Contains(script.String(), line) {
				t.Errorf("the script for %s has no %q", shell, line)
			}
		}
	}
}

// TestVersion: a build says which version and commit it is, as far as it knows.
func TestVersion(t *testing.T) {
	t.Parallel()
	vcs := func(settings ...debug.BuildSetting) *debug.BuildInfo { return &debug.BuildInfo{Settings: settings} }
	at := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef0123456789abcdef01234567"}
	for _, x := range []struct {
		release, commit string
		info            *debug.BuildInfo
		want            string
	}{
		{"", "", nil, "development"},
		{"", "", vcs(), "development"},
		{"", "", vcs(at), "development (commit 0123456789ab)"},
		{"", "", vcs(at, debug.BuildSetting{Key: "vcs.modified", Value: "false"}), "development (commit 0123456789ab)"},
		{"", "", vcs(at, debug.BuildSetting{Key: "vcs.modified", Value: "true"}),
			"development (commit 0123456789ab, with changes)"},
		{"1.4", "", nil, "1.4"},
		{"1.4", "fedcba987654", vcs(at), "1.4 (commit fedcba987654)"},
	} {
		if got := version(x.release, x.commit, x.info); got != x.want {
			t.Errorf("version(%q, %q, %v) is %q and not %q", x.release, x.commit, x.info, got, x.want)
		}
	}
}

// TestVersionIsLinked: the names that the Makefile sets are those of the program.
func TestVersionIsLinked(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"kith/internal/app.Version=", "kith/internal/app.Commit="} {
		if !bytes.Contains(makefile, []byte("-X "+name)) {
			t.Errorf("the Makefile does not set %s", name)
		}
	}
	bin := filepath.Join(t.TempDir(), "kith")
	set := "-X kith/internal/app.Version=1.4 -X kith/internal/app.Commit=abc"
	build := exec.Command("go", "build", "-ldflags", set, "-o", bin, "kith/cmd/kith")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := exec.Command(bin, "version").Output(); err != nil || string(out) != "kith 1.4 (commit abc)\n" {
		t.Errorf("it says %q, %v", out, err)
	}
}

// TestArranged: options are put behind the arguments, with their values.
func TestArranged(t *testing.T) {
	t.Parallel()
	k, err := (&cli{out: &bytes.Buffer{}, err: &bytes.Buffer{}}).parser(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range [][2]string{
		{"import k a --year 2023-24 b --dry-run c", "import k a b c --year 2023-24 --dry-run"},
		{"import --year=2023-24 k a", "import k a --year=2023-24"},
		{"report --dir d build 2023-24", "report --dir d build 2023-24"}, // left for kong to refuse
		{"report build --out o 2023-24", "report build 2023-24 --out o"},
		{"protect --explain -", "protect - --explain"},
		{"check --format json -- k -b", "check --format json -- k -b"},
		{"figure build", "figure build"},
		{"figure --bogus x", "figure --bogus x"},
		{"import k a --year", "import k a --year"},
	} {
		if got := arranged(k.Model.Node, strings.Fields(x[0])); !slices.Equal(got, strings.Fields(x[1])) {
			t.Errorf("%q becomes %q and not %q", x[0], got, x[1])
		}
	}
}

var shownCommand = regexp.MustCompile("(?m)(?:^|`)kith ([^`\n#>|]+)")

// TestShownCommands: the commands and options that the documents show are there.
func TestShownCommands(t *testing.T) {
	t.Parallel()
	k, err := (&cli{out: &bytes.Buffer{}, err: &bytes.Buffer{}}).parser(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, path := range append(paths, filepath.Join("..", "..", "README.md")) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range shownCommand.FindAllStringSubmatch(string(text), -1) {
			for _, line := range strings.Split(m[1], "· kith ") {
				at := k.Model.Node
				for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" []|", r) }) {
					if child := childNamed(at, word); child != nil {
						at = child
					} else if strings.HasPrefix(word, "--") && flagNamed(at, word) == nil {
						t.Errorf("%s shows %q, and kith %s has no option %s", filepath.Base(path), m[0], at.Path(), word)
					}
				}
				if at == k.Model.Node && !strings.HasPrefix(line, "COMMAND") {
					t.Errorf("%s shows %q, which is no command", filepath.Base(path), m[0])
				}
				shown++
			}
		}
	}
	if shown < 30 {
		t.Errorf("only %d commands were found: the test does not see them any more", shown)
	}
}
