package partnership

import (
	"context"
	"fmt"
	"slices"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// EnsureAuthority finds the authority with a GSS code, or adds it as one that
// the partnership covers. A name is taken only where none is known. It is for
// importers, which call it in their own transaction.
func (r *Room) EnsureAuthority(ctx context.Context, q db.Q, code, name string) error {
	if !gssCode.MatchString(code) {
		return fmt.Errorf("authority %q: %w", code, ErrBadCode)
	}
	name = tidy(name)
	if name == "" {
		name = code
	}
	added, err := ensureArea(ctx, q, Area{Code: code, Kind: "authority", Name: name, Covered: true})
	if err == nil && !added && name != code {
		err = nameArea(ctx, q, code, name)
	}
	return db.Wrap(err, "authority %s", code)
}

// Cover makes an authority one that the partnership covers, by name, and notes who did.
// The districts of a county become areas inside it: returns are of the county. It is for
// the first import, which calls it in its own transaction.
func (r *Room) Cover(ctx context.Context, q db.Q, by web.Person, code string) error {
	a, _ := register.AuthorityByCode(code)
	if err := r.EnsureAuthority(ctx, q, code, a.Name); err != nil {
		return err
	}
	if err := coverArea(ctx, q, code); err != nil {
		return db.Wrap(err, "cover %s", code)
	}
	for _, d := range register.DistrictsOf(code) {
		if _, err := ensureArea(ctx, q, Area{Code: d.Code, Kind: "district", Name: d.Name, ParentCode: db.Opt(code),
			FromOn: d.From}); err != nil {
			return db.Wrap(err, "district %s", d.Code)
		}
	}
	return db.Wrap(r.note(ctx, q, by, "added", "area", code, a.Name), "cover %s", code)
}

// Covered lists the authorities that the partnership covers, or covered, with what came
// after those that ended, as the choice of whose a return is wants them.
func (r *Room) Covered(ctx context.Context, q db.Reader) ([]register.Covered, error) {
	list, err := coveredAreas(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read what is covered: %w", err)
	}
	var out []register.Covered
	for _, a := range list {
		c := register.Covered{Code: a.Code, Name: a.Name, Ended: a.EndedOn,
			Inside: slices.ContainsFunc(list, func(other Area) bool { return other.Code == string(a.ParentCode) })}
		if a.Ended() {
			changes, err := changesOf(ctx, q, a.Code)
			if err != nil {
				return nil, fmt.Errorf("read what came after %s: %w", a.Code, err)
			}
			for _, change := range changes {
				if change.FromCode == a.Code {
					c.Successors = append(c.Successors, change.ToName+" ("+change.ToCode+")")
				}
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// Authorities lists the authorities that the partnership covers, or covered.
func (r *Room) Authorities(ctx context.Context) ([]Area, error) {
	list, err := authorities(ctx, r.Work)
	if err != nil {
		return nil, fmt.Errorf("read authorities: %w", err)
	}
	return list, nil
}

// mayCover returns ErrNoAuthority for an authority that the partnership is said to cover
// under a code that no authority of England has, or had: no return could be of it. In a
// demonstration everything is made up, and so may a code be.
func mayCover(ctx context.Context, q db.Reader, a Area) error {
	if !a.Covered || a.Kind != "authority" && a.Kind != "county" {
		return nil
	}
	if known, ok := register.AuthorityByCode(a.Code); ok && known.UpperTier() {
		return nil
	}
	if p, err := profile(ctx, q); err != nil || p.Demo {
		return err
	}
	return ErrNoAuthority
}

// AddArea adds an authority or an area. It returns ErrBadCode, ErrNoAuthority for one that
// is covered and that England does not have, or ErrCodeTaken when the code is known.
func (r *Room) AddArea(ctx context.Context, by web.Person, a Area) error {
	if !gssCode.MatchString(a.Code) {
		return fmt.Errorf("add area %q: %w", a.Code, ErrBadCode)
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := mayCover(ctx, q, a); err != nil {
			return err
		}
		added, err := ensureArea(ctx, q, a)
		if err != nil {
			return err
		}
		if !added {
			return ErrCodeTaken
		}
		return r.note(ctx, q, by, "added", "area", a.Code, a.Name)
	})
	return db.Wrap(err, "add area %s", a.Code)
}

// SaveArea keeps an area under its code as a form that showed what was seen has it,
// and which other areas took its place when it ended: several when it split, the
// same one for several when they merged. It returns ErrUnknownArea for successors that
// are not known, ErrNoAuthority as AddArea does, or *web.Changed when somebody changed the area meanwhile.
func (r *Room) SaveArea(ctx context.Context, by web.Person, a Area, successors []string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if !a.FromOn.IsZero() && !a.EndedOn.IsZero() && a.EndedOn.Before(a.FromOn) {
			return ErrOrder
		}
		if err := mayCover(ctx, q, a); err != nil {
			return err
		}
		was, after, err := lockArea(ctx, q, a.Code)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, "area", a.Code, fillArea(was, after)); err != nil {
			return err
		}
		if err := updateArea(ctx, q, a); err != nil {
			return err
		}
		if err := deleteAreaChanges(ctx, q, a.Code); err != nil {
			return err
		}
		for _, code := range successors {
			if code == a.Code {
				return ErrSame
			}
			err := putAreaChange(ctx, q, a.Code, code, a.EndedOn)
			if db.IsForeign(err) {
				return ErrUnknownArea
			}
			if err != nil {
				return err
			}
		}
		return r.note(ctx, q, by, "changed", "area", a.Code, a.Name,
			audittrail.Between(fillArea(was, nil), fillArea(a, nil)))
	})
	return db.Wrap(err, "change area %s", a.Code)
}
