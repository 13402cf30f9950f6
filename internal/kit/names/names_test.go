package names

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestKey(t *testing.T) {
	t.Parallel()
	for name, same := range map[string][]string{
		"apostrophes": {"Sean O'Brien", "Sean O’Brien", "Sean Oʼ" + "Brien", "Sean O‘Brien", "Sean O`Brien", "SEAN  o´brien",
			" sean o'brien\u00a0"},
		"dashes": {"Level 1 - Working", "Level 1 – Working", "Level 1 — Working", "Level 1 − Working",
			"Level 1 \u2011 Working", "level 1 ‐ working"},
		"accents in one character or two": {"Zoë Nuñez", norm.NFD.String("Zoë Nuñez"), "ZOË NUÑEZ"},
		"what cannot be seen": {"St Mary's School", "\ufeffSt Mary's School", "St\u00a0Mary's\u202fSchool",
			"St Mary's Sch\u00adool", "St\u2009 Mary\u200b's School\u200d", "St\tMary's\r\nSchool"},
		"and":          {"Neglect & me", "Neglect and me", "Neglect&me", "neglect AND me", "Neglect ＆ me"},
		"quotations":   {`The "toxic" trio`, "The “toxic” trio"},
		"sharp s":      {"Weiß", "WEISS"},
		"a split mark": {"Ze\u200b\u0301", "Zé"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, s := range same[1:] {
				if Key(s) != Key(same[0]) {
					t.Errorf("Key(%q) = %q, and Key(%q) = %q", s, Key(s), same[0], Key(same[0]))
				}
			}
		})
	}
	for _, two := range [][2]string{{"Rene", "René"}, {"O'Brien", "OBrien"}, {"Level 1", "Level 2"},
		{"St Mary's", "St. Mary's"}, {"Ann-Marie", "Ann Marie"}} {
		if Key(two[0]) == Key(two[1]) {
			t.Errorf("%q and %q have one key: %q", two[0], two[1], Key(two[0]))
		}
	}
}

func TestPerson(t *testing.T) {
	t.Parallel()
	for two, same := range map[[2]string]bool{{"Ash, Ann", "Ann Ash"}: true, {"ASH,ann", "Ann Ash"}: true,
		{"Rene Ash", "Ash, René"}: false, {"Ann Ash", "Ann J Ash"}: false} {
		if got := Person(two[0]) == Person(two[1]); got != same {
			t.Errorf("%q and %q are one: %t", two[0], two[1], got)
		}
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{"Zoë  Nuñez": "zoe nunez", "Łukasz Øst": "lukasz ost",
		"Children’s": "children's",
		"Ænn":        "aenn", "plain": "plain", "e\u0301": "e", "ﬁne": "ﬁne"} {
		if got := Fold(s); got != Key(want) {
			t.Errorf("Fold(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestEmail(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{" Ann@Tidewell.Example ": "ann@tidewell.example",
		"sean.o’brien@x.example": "sean.o'brien@x.example", "a\u2011b@x.example": "a-b@x.example",
		"\u200bann@x.example\u00a0": "ann@x.example", "a&b@x.example": "a&b@x.example"} {
		if got := Email(s); got != want {
			t.Errorf("Email(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		a, b string
		want Likeness
	}{
		{"Ann Ash", "ann  ash", Same},
		{"Rene Ash", "René Ash", Accents},
		{"St Mary's School", "St. Marys School", Accents},
		{"Ann-Marie Ash", "Ann Marie Ash", Accents},
		{"Seán O’Neill", "Sean O'Neill", Accents},
		{"N.H.S. Trust", "NHS Trust", Written},
		{"N H S Trust", "NHS Trust", Written},
		{"Dr Ann Ash", "Ann Ash", Written},
		{"Dr. Ann Ash", "Prof Ann Ash", Written},
		{"Miss Ash", "Prof Ash", Different},
		{"Tidewell Care Ltd", "Tidewell Care Limited", Written},
		{"Tidewell Care Ltd.", "The Tidewell Care, Limited", Written},
		{"St. Mary's School", "Saint Marys School", Written},
		{"A.J. Ash", "AJ Ash", Written},
		{"Ash, Dr Ann", "Ann Ash", WordOrder},
		{"Dr A. Ash", "Ann Ash", Initials},
		{"Ann J. K. Ash", "Ann Jane Kay Ash", Initials},
		{"Dr Ann Ash", "Anne Ash", OneLetter},
		{"Dr Who", "Who", Different},
		{"The Hub", "Hub", Written},
		{"The", "Hub", Different},
		{"Ash, Ann", "Ann Ash", WordOrder},
		{"A. Ash", "Ann Ash", Initials},
		{"Ann J Ash", "Ann Jane Ash", Initials},
		{"A A", "Ann Ash", Different},
		{"Ann Ash", "Anne Ash", OneLetter},
		{"Jon Birch", "John Birch", OneLetter},
		{"Ann Ash", "Ann Ahs", OneLetter},
		{"Ann Ash", "Ann Ask", OneLetter},
		{"Cat", "Kat", Different},
		{"Level 1", "Level 2", Different},
		{"Harbour School", "Harbour Schools 2", Different},
		{"Ann Ash", "Bob Birch", Different},
		{"", "A", Different},
	} {
		if got := Near(x.a, x.b); got != x.want {
			t.Errorf("Near(%q, %q) = %q, want %q", x.a, x.b, got, x.want)
		}
		if Near(x.a, x.b) != Near(x.b, x.a) {
			t.Errorf("Near(%q, %q) depends on which comes first", x.a, x.b)
		}
	}
}

// However a name is written, a person is asked whether two are one; and nothing but the same
// letters and marks is one by itself, since two people may differ by a title or an accent.
func TestWrittenOtherwise(t *testing.T) {
	t.Parallel()
	ways := map[string]func(string) string{
		"a title":           func(s string) string { return "Dr " + s },
		"a title and a dot": func(s string) string { return "Prof. " + s },
		"an accent":         func(s string) string { return strings.Replace(s, "a", "á", 1) },
		"limited":           func(s string) string { return strings.Replace(s, "Ltd", "Limited", 1) },
		"saint":             func(s string) string { return strings.Replace(s, "St ", "St. ", 1) },
		"saint in full":     func(s string) string { return strings.Replace(s, "St ", "Saint ", 1) },
		"dots":              func(s string) string { return strings.Replace(s, "NHS", "N.H.S.", 1) },
		"letters apart":     func(s string) string { return strings.Replace(s, "NHS", "N H S", 1) },
		"surname first": func(s string) string {
			first, last, _ := strings.Cut(s, " ")
			return last + ", " + first
		},
		"an initial": func(s string) string {
			_, last, _ := strings.Cut(s, " ")
			return s[:1] + ". " + last
		},
	}
	all := []string{"Maria Ash", "St John Rowan", "Tidewell Care Ltd", "NHS Harbour Trust", "St Mary Primary",
		"Oak NHS Ltd"}
	for what, write := range ways {
		for _, name := range all {
			other := write(name)
			if other == name {
				continue
			}
			if Near(name, other) == Different || Near(other, name) != Near(name, other) {
				t.Errorf("%s: %q and %q are %q and %q", what, name, other, Near(name, other), Near(other, name))
			}
			if Key(name) == Key(other) || what != "surname first" && Person(name) == Person(other) {
				t.Errorf("%s: %q and %q have one key", what, name, other)
			}
			if !strings.Contains(what, "accent") && Fold(name) == Fold(other) {
				t.Errorf("%s: %q and %q are found as one", what, name, other)
			}
		}
		for i, name := range all {
			for _, other := range all[i+1:] {
				if got := Near(write(name), other); got != Different {
					t.Errorf("%s: %q and %q are %q", what, write(name), other, got)
				}
			}
		}
	}
}

// A key is compared with keys that were kept, and kept ones are made again from
// themselves when the way of making them changes.
func FuzzKey(f *testing.F) {
	for _, s := range []string{"ŉ", "ǰ\u0301", "e\u200b\u0301", "İ", "ß&ﬃ", "\u1e9b\u0323", "ͅα", "`´", "\xff", "ᾳ\u0301",
		"\u0344", "a\u0305\u0315\u0300\u05aeb", "\u115f\u1160x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if k := Key(s); Key(k) != k {
			t.Errorf("Key(%q) = %q, and the key of that is %q", s, k, Key(k))
		}
		if k := Fold(s); Fold(k) != k || Key(k) != k {
			t.Errorf("Fold(%q) = %q, and that folded is %q, its key %q", s, k, Fold(k), Key(k))
		}
		if k := Email(s); Email(k) != k {
			t.Errorf("Email(%q) = %q, and that of it is %q", s, k, Email(k))
		}
		if Fold(Key(s)) != Fold(s) {
			t.Errorf("%q folds to %q, and its key to %q", s, Fold(s), Fold(Key(s)))
		}
	})
}
