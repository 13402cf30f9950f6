package register

import (
	"encoding/csv"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"kith/internal/testkit"
)

//go:generate go test -run TestAuthoritiesFile -update .

var updateAuthorities = flag.Bool("update", false, "write authorities.tsv anew from the shared geography")

// authoritiesHead says what the table is and where it is from.
const authoritiesHead = `# Local authorities of England: those with children's services, and the districts of counties as areas inside them.
# Sources: drkane/geo-lookups, la_all_codes.csv, edition e20a072d5fc0, made from the Office for National Statistics'
# Open Geography portal, Open Government Licence v3.0; and testdata/authority_changes.tsv, which names its own.
# Written by go generate ./internal/register, and not by hand.
# kind is unitary, metropolitan, london, county or district. from and to are the first and last day of the code, empty
# where it has always been or still is, or where the day is not known. Several successors stand with commas between.
# code	name	kind	from	to	successor	within
`

// kindsOfCode are the kinds of authority by how their codes begin.
var kindsOfCode = map[string]string{"E06": "unitary", "E07": "district", "E08": "metropolitan", "E09": "london",
	"E10": "county"}

// makeAuthorities writes the table from the list of codes and the list of changes.
func makeAuthorities(t *testing.T) string {
	t.Helper()
	f, err := os.Open(testkit.Shared(t, "data", "geo", "drkane_la_all_codes.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range list[0] {
		column[name] = i
	}
	type row struct{ code, name, kind, from, to, successor, within string }
	rows := map[string]row{}
	for _, cells := range list[1:] {
		get := func(name string) string { return cells[column[name]] }
		code, kind := get("LADCD"), kindsOfCode[get("LADCD")[:3]]
		if kind == "" {
			continue // not in England
		}
		x := row{code: code, name: get("LADNM"), kind: kind}
		if now := get("LADCD_ACTIVE"); now != code {
			x.successor = now
		} else if county := get("UTLACD"); kind == "district" {
			x.within = county
			rows[county] = row{code: county, name: get("UTLANM"), kind: kindsOfCode[county[:3]]}
		}
		rows[code] = x
	}
	b, err := os.ReadFile("testdata/authority_changes.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		c := strings.Split(strings.TrimRight(line, "\n"), "\t")
		x, known := rows[c[0]]
		if known && (x.name != c[1] || x.kind != c[2]) {
			t.Errorf("%s is %s, a %s, in the list of codes", strings.Join(c, " "), x.name, x.kind)
		}
		x.code, x.name, x.kind, x.from, x.to = c[0], c[1], c[2], c[3], c[4]
		if c[5] != "" {
			x.successor = c[5]
		}
		rows[x.code] = x
	}
	var out strings.Builder
	out.WriteString(authoritiesHead)
	for _, code := range slices.Sorted(maps.Keys(rows)) {
		x := rows[code]
		if next := rows[x.successor]; x.to == "" && next.from != "" {
			x.to = dayBefore(next.from) // a district that became part of a new authority
		}
		out.WriteString(strings.Join([]string{x.code, x.name, x.kind, x.from, x.to, x.successor, x.within}, "\t") + "\n")
	}
	return out.String()
}

// dayBefore gives the last day of a year that ends where another begins.
func dayBefore(day string) string { return strings.TrimSuffix(day, "-04-01") + "-03-31" }

// TestAuthoritiesFile: the table is what its sources make, so that nobody changes it
// by hand and a new edition of the sources is seen.
func TestAuthoritiesFile(t *testing.T) {
	t.Parallel()
	made := makeAuthorities(t)
	if *updateAuthorities {
		if err := os.WriteFile("authorities.tsv", []byte(made), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile("authorities.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != made {
		t.Error("authorities.tsv is not what its sources make; run go generate ./internal/register and read the difference")
	}
}
