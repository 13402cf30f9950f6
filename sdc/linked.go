package sdc

// elsewhere says of codes whether another table of the same population prints them.
func elsewhere(sources []source, i int) func(dim, code string) bool {
	var codes map[[2]string]bool // made when it is first asked
	return func(dim, code string) bool {
		if codes == nil {
			codes = map[[2]string]bool{}
			for k := range sources {
				if t := sources[k].t; k != i && t.Population == sources[i].t.Population {
					t.eachCode(func(dim, code string) { codes[[2]string{dim, code}] = true })
				}
			}
		}
		return codes[[2]string{dim, code}]
	}
}

// hasFewer says whether another table of the same population prints all the codes
// of a table's dimension d, and more.
func hasFewer(sources []source, i, d int) bool {
	t := sources[i].t
	mine := t.codesOf(t.Dimensions[d].Name)
	for k := range sources {
		other := sources[k].t
		if k == i || other.Population != t.Population {
			continue
		}
		theirs := other.codesOf(t.Dimensions[d].Name)
		if len(theirs) <= len(mine) {
			continue
		}
		all := true
		for code := range mine {
			all = all && theirs[code]
		}
		if all {
			return true
		}
	}
	return false
}

// codesOf gives the codes of a dimension that a table prints, Total aside.
func (t *Table) codesOf(dim string) map[string]bool {
	out := map[string]bool{}
	t.eachCode(func(name, code string) {
		if name == dim && code != Total {
			out[code] = true
		}
	})
	return out
}

// eachCode calls f for every code that a table prints, once or more.
func (t *Table) eachCode(f func(dim, code string)) {
	for i := range t.Cells {
		for d, code := range t.Cells[i].Codes {
			f(t.Dimensions[d].Name, code)
		}
	}
}
