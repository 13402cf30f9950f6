package imports

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/register"
)

// A wrong code doubles every figure: the same children are counted under two places, and
// nothing looks wrong. So whose the files are is settled before anything is counted, and
// looked at again once files that say it themselves were read.

// coverage reads which authorities files may be of.
func (r *Room) coverage(ctx context.Context, q db.Reader) (register.Coverage, error) {
	c := register.Coverage{Any: r.Covered == nil, Demo: r.Demo}
	if c.Any {
		return c, nil
	}
	var err error
	c.Covered, err = r.Covered(ctx, q)
	return c, err
}

// settle finds whose the files are, as far as that can be known before they are read,
// and refuses an authority that they cannot be of. A partnership of one authority is not
// asked: files that never say whose they are, are its own.
func (r *Room) settle(ctx context.Context, kind string, o *Options) error {
	c, err := r.coverage(ctx, r.Work)
	if err != nil {
		return err
	}
	o.sole = c.Sole()
	if o.Year == 0 && !o.Part.IsZero() {
		o.Year = period.YearOf(o.Part.To)
	}
	if k, _ := r.Kind(kind); k.NeedsAuthority && o.Authority == "" {
		o.Authority = o.sole
	}
	return MayBeOf(c, o.Authority, o.Year, o.Cover)
}

// MayBeOf refuses files of an authority that they cannot be of. The first authority of a
// partnership has to be confirmed by its name, for nothing else can tell a wrong code.
func MayBeOf(c register.Coverage, code string, year period.Year, confirmed bool) error {
	if code == "" {
		return nil
	}
	if words := c.Refusal(code, year); words != "" {
		return intake.Refuse("", "%s", words)
	}
	if c.None() && !confirmed {
		return intake.Refuse("", "the partnership has no authority yet, and these files are of %s. If that is right, import "+
			"them again, choose %[1]s and confirm that the partnership covers it", c.Named(code))
	}
	return nil
}
