package register

import (
	"fmt"
	"regexp"
	"slices"

	"kith/internal/kit/lang"
	"kith/internal/kit/period"
)

// A Covered is an authority whose children the partnership safeguards, or
// safeguarded, as its own list of areas has it.
type Covered struct {
	Code       string
	Name       string
	Ended      period.Date // the last day, where the partnership noted one
	Successors []string    // what came after, as texts name it, where the partnership noted that
	Inside     bool        // it lies in another that is covered
}

// Named gives the authority's name with its code, as texts say it.
func (c Covered) Named() string { return named(c.Name, c.Code) }

// A Coverage is what decides whether files may be of an authority.
type Coverage struct {
	Any     bool // there is no partnership to ask: every authority of England may be given
	Demo    bool // everything is made up, and so may a code be
	Covered []Covered
}

// Choices lists the authorities that returns may be of. A county's districts are areas
// inside it: their children are in the county's returns.
func (c Coverage) Choices() []Covered {
	return slices.DeleteFunc(slices.Clone(c.Covered), func(x Covered) bool {
		a, known := AuthorityByCode(x.Code)
		return x.Inside || known && !a.UpperTier()
	})
}

// Sole gives the code of the one authority that returns can be of; "" when there are
// several, or none.
func (c Coverage) Sole() string {
	if list := c.Choices(); len(list) == 1 {
		return list[0].Code
	}
	return ""
}

// None reports whether the partnership has no authority yet, so that the first import
// may bring it.
func (c Coverage) None() bool { return !c.Any && len(c.Choices()) == 0 }

var authorityCode = regexp.MustCompile(`^[A-Z]\d{8}$`)

// Refusal says why files of a year cannot be of the authority with a code, and what to
// give instead; "" when they can. A year of 0 is one not known yet. Where the
// partnership has no authority yet, every authority of England can be its first.
func (c Coverage) Refusal(code string, year period.Year) string {
	a, known := AuthorityByCode(code)
	switch {
	case !authorityCode.MatchString(code):
		return fmt.Sprintf("%q is not a code of an authority: those are a letter and eight digits, such as E08000015",
			code) + c.instead()
	case !known && !c.Demo:
		return code + " is not the code of an English authority with children’s services" + c.instead()
	case known && !a.UpperTier():
		return c.district(a)
	case known && a.Ended() && year != 0 && a.To.Before(year.Span().From):
		return ended(a.Named(), a.To, namesOf(SuccessorsOf(code)), year)
	case c.Any || c.None():
		return ""
	}
	i := slices.IndexFunc(c.Choices(), func(x Covered) bool { return x.Code == code })
	if i < 0 {
		return c.described(code) + ", which the partnership does not cover" + c.instead() + howToCover
	}
	if x := c.Choices()[i]; !x.Ended.IsZero() && year != 0 && x.Ended.Before(year.Span().From) {
		return ended(x.Named(), x.Ended, x.Successors, year)
	}
	return ""
}

// Named gives an authority's name with its code, in the partnership's own words where it
// covers it.
func (c Coverage) Named(code string) string {
	if i := slices.IndexFunc(c.Covered, func(x Covered) bool { return x.Code == code }); i >= 0 {
		return c.Covered[i].Named()
	}
	if a, known := AuthorityByCode(code); known {
		return a.Named()
	}
	return code
}

// described says which place a code is of.
func (c Coverage) described(code string) string {
	if a, known := AuthorityByCode(code); known {
		return code + " is " + a.Name
	}
	return code + " is an invented code"
}

// district says which authority the returns of a district are of.
func (c Coverage) district(a Authority) string {
	words := a.Named() + " is a district, and no return is of a district"
	if county, ok := AuthorityByCode(a.Within); ok {
		return words + ": its children are in the returns of " + county.Named()
	}
	return words + c.instead()
}

func ended(name string, on period.Date, successors []string, year period.Year) string {
	words := fmt.Sprintf("%s ended on %s and has no return of %s", name, on.Words(), year)
	if len(successors) > 0 {
		words += "; what came after it is " + lang.Join(successors)
	}
	return words
}

func namesOf(list []Authority) (out []string) {
	for _, a := range list {
		out = append(out, a.Named())
	}
	return out
}

// instead ends a refusal with the authorities that the partnership covers. It offers none
// of them in another's place: files of one would be counted as another's.
func (c Coverage) instead() string {
	var names []string
	for _, x := range c.Choices() {
		names = append(names, x.Named())
	}
	if len(names) == 0 {
		return ""
	}
	return ". The partnership covers " + lang.Join(names)
}

// howToCover says where an authority is added to those that the partnership covers.
const howToCover = "; if the files are of an authority that it covers as well, add that first in the workspace, " +
	"under People and organisations, Authorities and areas"
