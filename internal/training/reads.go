package training

import (
	"context"
	"fmt"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
)

// Upcoming lists the sessions that are not over, begin by a day and are not cancelled,
// soonest first, at most limit of them.
func (r *Room) Upcoming(ctx context.Context, to db.Date, limit int) ([]Session, error) {
	list, err := sessions(ctx, r.Work, sessionFilter{Ahead: r.Now(), To: to, Limit: ui.EveryRow})
	if err != nil {
		return nil, fmt.Errorf("list sessions until %s: %w", to, err)
	}
	var out []Session
	for _, s := range list {
		if s.State != CalledOff && len(out) < limit {
			out = append(out, s)
		}
	}
	return out, nil
}

// CountOfSector counts the bookings made by people of a sector.
func CountOfSector(ctx context.Context, q db.Reader, sector string) (int, error) {
	return db.Get[int](ctx, q, `SELECT count(*) FROM training_bookings WHERE sector = $1`, sector)
}
