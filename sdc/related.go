package sdc

// related gives of everything released before what can bear on a release: entries
// with those of their tables, identities and facts whose populations the release
// names, or that identities and facts tie to such. Counts of other populations have
// no equation with the release's, so that leaving them out changes no interval. A
// release of nothing is related to all.
func related(r *Release, ledger *Ledger) []Entry {
	if ledger == nil {
		return nil
	}
	entries := ledger.Entries()
	if len(r.Tables)+len(r.Identities)+len(r.Facts) == 0 {
		return entries
	}
	near := populations{}
	for _, id := range r.Identities {
		near.join(id.Parts)
	}
	for _, f := range r.Facts {
		near.join(f.Parts)
	}
	for _, e := range entries {
		for _, id := range e.Identities {
			near.join(id.Parts)
		}
		for _, f := range e.Facts {
			near.join(f.Parts)
		}
	}
	wanted := map[string]bool{}
	for i := range r.Tables {
		wanted[near.find(r.Tables[i].Population)] = true
	}
	for _, id := range r.Identities {
		near.mark(wanted, id.Parts)
	}
	for _, f := range r.Facts {
		near.mark(wanted, f.Parts)
	}
	var out []Entry
	for _, e := range entries {
		if e := near.part(e, wanted); len(e.Tables)+len(e.Identities)+len(e.Facts) > 0 {
			out = append(out, e)
		}
	}
	return out
}

// populations are sets of populations that something ties.
type populations map[string]string

func (p populations) find(name string) string {
	for {
		up, ok := p[name]
		if !ok || up == name {
			return name
		}
		name = up
	}
}

func (p populations) join(parts []Part) {
	for _, part := range parts {
		a, b := p.find(parts[0].Ref.Population), p.find(part.Ref.Population)
		if a != b {
			p[b] = a
		}
	}
}

func (p populations) mark(wanted map[string]bool, parts []Part) {
	for _, part := range parts {
		wanted[p.find(part.Ref.Population)] = true
	}
}

// part leaves of an entry what is wanted.
func (p populations) part(e Entry, wanted map[string]bool) Entry {
	out := Entry{Release: e.Release, Profile: e.Profile, Distance: e.Distance}
	for _, t := range e.Tables {
		if wanted[p.find(t.Population)] {
			out.Tables = append(out.Tables, t)
		}
	}
	for _, id := range e.Identities {
		if len(id.Parts) > 0 && wanted[p.find(id.Parts[0].Ref.Population)] {
			out.Identities = append(out.Identities, id)
		}
	}
	for _, f := range e.Facts {
		if len(f.Parts) > 0 && wanted[p.find(f.Parts[0].Ref.Population)] {
			out.Facts = append(out.Facts, f)
		}
	}
	return out
}
