package register

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
)

// authoritiesFile is made by go generate from drkane/geo-lookups, edition
// e20a072d5fc0; its head names every source.
//
//go:embed authorities.tsv
var authoritiesFile string

// An Authority is a local authority of England under one of its codes, as the Office
// for National Statistics has them: drkane/geo-lookups, edition e20a072d5fc0, with the
// days of changes from the Department for Education's published statistics. A code is
// never used for another place; an authority whose bounds change gets a new one.
type Authority struct {
	Code       string
	Name       string
	Kind       string      // unitary, metropolitan, london, county or district
	From       period.Date // first day of the code; zero when it has always been, or is not known
	To         period.Date // last day of the code; zero while it is used, or when it is not known
	Successors []string    // the codes of what came after; none while the code is used
	Within     string      // the code of the county that a district lies in
}

// UpperTier reports whether the authority has children's services, so that returns are
// of it. Those of a county's districts are the county's.
func (a Authority) UpperTier() bool { return a.Kind != "district" }

// Ended reports whether the code is no longer used.
func (a Authority) Ended() bool { return len(a.Successors) > 0 }

// Named gives the authority's name with its code, as texts say it.
func (a Authority) Named() string { return named(a.Name, a.Code) }

func named(name, code string) string {
	if name == code {
		return code
	}
	return name + " (" + code + ")"
}

// authorities are all of England's, by code.
var authorities = sync.OnceValue(func() []Authority {
	var out []Authority
	for line := range strings.Lines(authoritiesFile) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		c := strings.Split(strings.TrimRight(line, "\n"), "\t")
		a := Authority{Code: c[0], Name: c[1], Kind: c[2], Within: c[6]}
		if c[3] != "" {
			a.From = period.MustDate(c[3])
		}
		if c[4] != "" {
			a.To = period.MustDate(c[4])
		}
		if c[5] != "" {
			a.Successors = strings.Split(c[5], ",")
		}
		out = append(out, a)
	}
	return out
})

// AuthorityByCode finds an authority of England by a code that is or was used.
func AuthorityByCode(code string) (Authority, bool) {
	return findAuthority(func(a Authority) bool { return a.Code == code })
}

// AuthorityByName finds an authority of England by its name, whatever its capitals and
// spaces: the one whose code is used now, where an earlier one had the same name.
func AuthorityByName(name string) (Authority, bool) {
	folded := db.Fold(name)
	if a, ok := findAuthority(func(a Authority) bool { return !a.Ended() && db.Fold(a.Name) == folded }); ok {
		return a, true
	}
	return findAuthority(func(a Authority) bool { return db.Fold(a.Name) == folded })
}

func findAuthority(is func(Authority) bool) (Authority, bool) {
	list := authorities()
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	return Authority{}, false
}

// SuccessorsOf gives what came after an authority whose code ended; none of one whose
// code is used, or that is not known.
func SuccessorsOf(code string) []Authority {
	a, _ := AuthorityByCode(code)
	var out []Authority
	for _, c := range a.Successors {
		if next, ok := AuthorityByCode(c); ok {
			out = append(out, next)
		}
	}
	return out
}

// UpperTierAuthorities lists the authorities of England that have children's services
// now, by name.
func UpperTierAuthorities() []Authority {
	return listAuthorities(func(a Authority) bool { return a.UpperTier() && !a.Ended() })
}

// DistrictsOf lists the districts that lie in a county now, by name.
func DistrictsOf(county string) []Authority {
	return listAuthorities(func(a Authority) bool { return a.Within == county && county != "" && !a.Ended() })
}

func listAuthorities(is func(Authority) bool) []Authority {
	var out []Authority
	for _, a := range authorities() {
		if is(a) {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b Authority) int { return strings.Compare(db.Fold(a.Name), db.Fold(b.Name)) })
	return out
}
