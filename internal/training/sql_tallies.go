package training

import (
	"context"

	"kith/internal/kit/db"
)

// came is true of the status of a booking b whose person came.
const came = `b.status IN ('attended', 'walk-in', 'left-early')`

// ended is true of one of which something became.
const ended = `b.status NOT IN ('booked', 'cancelled')`

// tallyBooked notes that somebody of a sector booked. Nothing became of the booking
// yet, so there is nothing to add up.
func tallyBooked(ctx context.Context, q db.Q, b Booking) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO training_sources (session_id, sector, import_id) VALUES ($1, $2, '') ON CONFLICT DO NOTHING`, b.SessionID,
		b.Sector)
	return err
}

// tally makes what is kept of a session's bookings what they say. It belongs into
// every transaction that changes what became of a booking; a statement that finds
// nothing to change writes nothing, and no figure is computed again for it.
func tally(ctx context.Context, q db.Q, sessionID string) error {
	for _, statement := range []string{`
		DELETE FROM training_tallies WHERE session_id = $1 AND NOT EXISTS (
			SELECT 1 FROM training_bookings b WHERE b.session_id = $1 AND b.sector = training_tallies.sector AND ` + ended + `)`,
		`
		INSERT INTO training_tallies (session_id, sector, came, used, wasted)
		SELECT b.session_id, b.sector, sum(CASE WHEN ` + came + ` THEN 1 ELSE 0 END),
			sum(CASE WHEN b.status IN ('attended', 'left-early', 'partly') THEN 1 ELSE 0 END),
			sum(CASE WHEN b.status IN ('no-show', 'late-cancelled') THEN 1 ELSE 0 END)
		FROM training_bookings b WHERE b.session_id = $1 AND ` + ended + ` GROUP BY b.session_id, b.sector
		ON CONFLICT (session_id, sector) DO UPDATE SET came = excluded.came, used = excluded.used, wasted = excluded.wasted
		WHERE training_tallies.came <> excluded.came OR training_tallies.used <> excluded.used
			OR training_tallies.wasted <> excluded.wasted`, `
		DELETE FROM training_attended WHERE session_id = $1 AND NOT EXISTS (
			SELECT 1 FROM training_bookings b WHERE b.session_id = $1 AND b.person_id = training_attended.person_id
				AND b.sector = training_attended.sector AND ` + came + `)`, `
		INSERT INTO training_attended (session_id, person_id, sector)
		SELECT b.session_id, b.person_id, b.sector FROM training_bookings b WHERE b.session_id = $1 AND ` + came + `
		ON CONFLICT DO NOTHING`, `
		DELETE FROM training_sources WHERE session_id = $1 AND NOT EXISTS (
			SELECT 1 FROM training_bookings b WHERE b.session_id = $1 AND b.sector = training_sources.sector
				AND training_sources.import_id IN ('', b.import_id, b.marked_import))`, `
		INSERT INTO training_sources (session_id, sector, import_id)
		SELECT b.session_id, b.sector, '' FROM training_bookings b WHERE b.session_id = $1
		UNION SELECT b.session_id, b.sector, b.import_id FROM training_bookings b WHERE b.session_id = $1
			AND b.import_id <> ''
		UNION SELECT b.session_id, b.sector, b.marked_import FROM training_bookings b WHERE b.session_id = $1
			AND b.marked_import <> ''
		ON CONFLICT DO NOTHING`,
	} {
		if _, err := db.Exec(ctx, q, statement, sessionID); err != nil {
			return err
		}
	}
	return nil
}
