package imports

import (
	"context"

	"kith/internal/kit/intake"
)

// Draft says how files would be read as a kind by a matching, for a person to look at; nil
// when the kind's columns cannot be matched, or the files hold nothing like its rows. The
// fields are what could be matched.
func (r *Room) Draft(
	ctx context.Context, kind string, files []intake.File, m intake.Matching,
) (*intake.Draft, []intake.Field, error) {
	k, ok := r.Kind(kind)
	if !ok || k.Match == nil {
		return nil, nil, nil
	}
	d, err := k.Match(ctx, files, m)
	if err != nil || d == nil {
		return nil, nil, err
	}
	fields, err := k.Fields(ctx)
	return d, fields, err
}
