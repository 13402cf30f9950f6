package partnership

import (
	"context"
	"maps"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// SaveAgencies says of organisations, by their ids, whether each is named as a relevant
// agency. One that somebody has decided meanwhile keeps what they said: late counts
// those.
func (r *Room) SaveAgencies(ctx context.Context, by web.Person, said map[string]Agency) (late int, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		for _, id := range slices.Sorted(maps.Keys(said)) {
			o, err := organisationByID(ctx, q, id)
			if err != nil {
				return err
			}
			ok, err := sayAgency(ctx, q, id, said[id])
			if err != nil {
				return err
			}
			if !ok {
				late++
				continue
			}
			act := "named as a relevant agency"
			if said[id] != Named {
				act = "said to be no relevant agency"
			}
			if err := r.note(ctx, q, by, act, register.OrganisationSubject, id, o.Name); err != nil {
				return err
			}
		}
		return nil
	})
	return late, db.Wrap(err, "say which organisations are relevant agencies")
}
