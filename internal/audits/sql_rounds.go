package audits

import (
	"context"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// roundColumns are the columns of a Round, in the order of its fields.
const roundColumns = `r.id, r.standard, r.year, r.title, r.opened_on, r.due_on, r.closed_on,
	(SELECT count(*) FROM audits_participants p WHERE p.round_id = r.id) AS asked,
	(SELECT count(p.submitted_on) FROM audits_participants p WHERE p.round_id = r.id) AS submitted
	FROM audits_rounds r`

// A RoundFilter says which rounds a list shows, and in which order.
type RoundFilter struct {
	Text, Standard, Year string // "" lets all through
	Sort                 string
	Desc                 bool
	Limit, Offset        int
}

// roundMatching is the condition of a RoundFilter, on its arguments $1 to $4.
const roundMatching = `
	WHERE ($1 = '' OR r.folded LIKE $2 ESCAPE '\') AND ($3 = '' OR r.standard = $3) AND ($4 = '' OR r.year = $4)`

func (f RoundFilter) args() []any {
	return []any{db.Fold(f.Text), db.Like(f.Text), f.Standard, f.Year}
}

// roundSorts are the orders a list of rounds may have.
var roundSorts = map[string]string{
	"title": "r.folded", "standard": "r.standard", "year": "r.year", "due": "r.due_on", "asked": "asked",
	"submitted": "submitted",
}

func rounds(ctx context.Context, q db.Reader, f RoundFilter) ([]Round, int, error) {
	total, err := db.Get[int](ctx, q, `SELECT count(*) FROM audits_rounds r`+roundMatching, f.args()...)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[Round](ctx, q, `SELECT `+roundColumns+roundMatching+db.Order(roundSorts, f.Sort, "due", f.Desc,
		"r.standard, r.folded")+` LIMIT $5 OFFSET $6`,
		append(f.args(), f.Limit, f.Offset)...)
	return list, total, err
}

func round(ctx context.Context, q db.Reader, id string) (Round, error) {
	return db.Get[Round](ctx, q, `SELECT `+roundColumns+` WHERE r.id = $1`, id)
}

// lockRound reads a round to be changed in this transaction, and holds it until
// the transaction ends.
func lockRound(ctx context.Context, q db.Q, id string) (Round, error) {
	if err := db.Must(ctx, q, `UPDATE audits_rounds SET title = title WHERE id = $1`, id); err != nil {
		return Round{}, err
	}
	return round(ctx, q, id)
}

func insertRound(ctx context.Context, q db.Q, v Round, now time.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO audits_rounds (id, standard, year, title, folded, opened_on, due_on, closed_on, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		v.ID, string(v.Standard), v.Year, v.Title, db.Fold(v.Title), v.OpenedOn, v.DueOn, v.ClosedOn, db.At(now))
	return err
}

func updateRound(ctx context.Context, q db.Q, v Round) error {
	return db.Must(ctx, q, `
		UPDATE audits_rounds SET standard = $2, year = $3, title = $4, folded = $5, opened_on = $6, due_on = $7
			WHERE id = $1`,
		v.ID, string(v.Standard), v.Year, v.Title, db.Fold(v.Title), v.OpenedOn, v.DueOn)
}

func closeRound(ctx context.Context, q db.Q, id string, on period.Date) error {
	return db.Must(ctx, q, `UPDATE audits_rounds SET closed_on = $2 WHERE id = $1`, id, on)
}

func deleteRound(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM audits_rounds WHERE id = $1`, id)
}

// openRounds lists the rounds that take returns on a day, first due first.
func openRounds(ctx context.Context, q db.Reader, today period.Date) ([]Round, error) {
	return db.All[Round](ctx, q, `SELECT `+roundColumns+`
		WHERE r.closed_on IS NULL AND r.opened_on <= $1 ORDER BY r.due_on, r.standard, r.folded`, today)
}

// participantColumns are the columns of a Participant, in the order of its
// fields.
const participantColumns = `p.round_id, p.organisation_id, p.contact_id, p.state, p.asked_on, p.started_on,
	p.submitted_on, p.moderated_on,
	p.chased, p.chased_at, o.name, o.sector, COALESCE(c.name, ''), CASE WHEN c.active THEN c.email ELSE '' END,
	COALESCE((SELECT g.title FROM register_sectors g WHERE g.id = o.sector), o.sector)
	FROM audits_participants p JOIN organisations o ON o.id = p.organisation_id LEFT JOIN people c ON c.id = p.contact_id`

// A ParticipantFilter says which of a round's organisations a list shows, and in
// which order.
type ParticipantFilter struct {
	Text, State, Sector string // "" lets all through; State may be "missing"
	Sort                string
	Desc                bool
	Limit, Offset       int
}

// participantMatching is the condition of a ParticipantFilter, on its arguments
// $1 to $5.
const participantMatching = ` WHERE p.round_id = $1 AND ($2 = '' OR o.folded LIKE $3 ESCAPE '\')
	AND ($4 = '' OR p.state = $4 OR ($4 = 'missing' AND p.submitted_on IS NULL)) AND ($5 = '' OR o.sector = $5)`

func (f ParticipantFilter) args(roundID string) []any {
	return []any{roundID, db.Fold(f.Text), db.Like(f.Text), f.State, f.Sector}
}

// participantSorts are the orders a list of participants may have.
var participantSorts = map[string]string{
	"organisation": "o.folded", "sector": "o.sector", "state": "p.state", "submitted": "p.submitted_on",
	"chased": "p.chased",
}

func participants(ctx context.Context, q db.Reader, by web.Person, roundID string, f ParticipantFilter) ([]Participant,
	int, error) {
	args := f.args(roundID)
	where := participantMatching + ` AND ` + answerRules.Where(&args, by, access.Read)
	total, err := db.Get[int](ctx, q, `
		SELECT count(*) FROM audits_participants p JOIN organisations o ON o.id = p.organisation_id`+where, args...)
	if err != nil {
		return nil, 0, err
	}
	page := db.Page(&args, f.Limit, f.Offset)
	list, err := db.All[Participant](ctx, q, `SELECT `+participantColumns+where+
		db.Order(participantSorts, f.Sort, "organisation", f.Desc, "o.folded")+page, args...)
	return list, total, err
}

func participant(ctx context.Context, q db.Reader, roundID, organisationID string) (Participant, error) {
	return db.Get[Participant](ctx, q, `SELECT `+participantColumns+` WHERE p.round_id = $1 AND p.organisation_id = $2`,
		roundID, organisationID)
}

// missing lists whose return has not come.
func missing(ctx context.Context, q db.Reader, roundID string) ([]Participant, error) {
	return db.All[Participant](ctx, q, `SELECT `+participantColumns+
		` WHERE p.round_id = $1 AND p.submitted_on IS NULL ORDER BY o.folded`, roundID)
}

// insertParticipant asks an organisation, unless it was asked before. Who answered
// for it in the round before, and is still there, is its contact again.
func insertParticipant(ctx context.Context, q db.Q, roundID, organisationID string, on period.Date) (int64, error) {
	return db.Exec(ctx, q, `
		INSERT INTO audits_participants (round_id, organisation_id, contact_id, state, asked_on) VALUES ($1, $2,
			(SELECT p.contact_id FROM audits_participants p JOIN people c ON c.id = p.contact_id
				WHERE p.organisation_id = $2 AND c.active ORDER BY p.asked_on DESC, p.round_id DESC LIMIT 1), 'asked', $3)
		ON CONFLICT DO NOTHING`, roundID, organisationID, on)
}

func updateParticipant(ctx context.Context, q db.Q, p Participant) error {
	return db.Must(ctx, q, `
		UPDATE audits_participants SET state = $3, asked_on = $4, started_on = $5, submitted_on = $6, moderated_on = $7
		WHERE round_id = $1 AND organisation_id = $2`,
		p.RoundID, p.OrganisationID, string(p.State), p.AskedOn, p.StartedOn, p.SubmittedOn, p.ModeratedOn)
}

func setContact(ctx context.Context, q db.Q, roundID, organisationID string, person db.Opt) error {
	return db.Must(ctx, q, `
		UPDATE audits_participants SET contact_id = $3 WHERE round_id = $1 AND organisation_id = $2`, roundID, organisationID,
		person)
}

func deleteParticipant(ctx context.Context, q db.Q, roundID, organisationID string) error {
	return db.Must(ctx, q, `DELETE FROM audits_participants WHERE round_id = $1 AND organisation_id = $2`, roundID,
		organisationID)
}

// markChased counts a mail to a participant.
func markChased(ctx context.Context, q db.Q, p Participant, now time.Time) error {
	return db.Must(ctx, q, `
		UPDATE audits_participants SET chased = chased + 1, chased_at = $3 WHERE round_id = $1 AND organisation_id = $2`,
		p.RoundID, p.OrganisationID, db.At(now))
}

// answersOf lists the organisations of a round for which a person may answer, by name; of
// every round when it is "".
func answersOf(ctx context.Context, q db.Reader, by web.Person, roundID string) ([]Participant, error) {
	args := []any{roundID}
	return db.All[Participant](ctx, q, `SELECT `+participantColumns+`
		WHERE (p.round_id = $1 OR $1 = '') AND `+answerRules.Where(&args, by, answerDo)+` ORDER BY o.folded, p.round_id`,
		args...)
}

// A returnCount is how many returns a round asked of a sector and how many came.
type returnCount struct {
	Standard  Standard
	Round     string // its title
	Known     bool   // something was entered for the round: an answer was begun or came
	Sector    string
	Asked     int64
	Submitted int64
}

// returnCounts counts the returns of the rounds of some years, first and last
// both counted.
func returnCounts(ctx context.Context, q db.Reader, first, last string) ([]returnCount, error) {
	return db.All[returnCount](ctx, q, `
		SELECT r.standard, r.title, EXISTS (
				SELECT 1 FROM audits_participants x WHERE x.round_id = r.id AND x.state <> 'asked'),
			o.sector, count(*), count(p.submitted_on)
		FROM audits_participants p JOIN audits_rounds r ON r.id = p.round_id JOIN organisations o ON o.id = p.organisation_id
		WHERE r.year BETWEEN $1 AND $2 GROUP BY r.id, r.standard, r.title, r.year, o.sector
		ORDER BY r.standard, r.year, r.title, o.sector`, first, last)
}

// roundsAmong reads the rounds with some ids; all when ids is nil.
func roundsAmong(ctx context.Context, q db.Reader, ids []string) ([]Round, error) {
	var args []any
	return db.All[Round](ctx, q, `SELECT `+roundColumns+` WHERE `+db.Among(&args, "r.id", ids), args...)
}
