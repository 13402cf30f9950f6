package partnership

import (
	"context"

	"kith/internal/kit/db"
)

func committeeByID(ctx context.Context, q db.Reader, id string) (Committee, error) {
	return db.Get[Committee](ctx, q, `
		SELECT id, name, purpose, meets, position, ended_on FROM partnership_committees WHERE id = $1`, id)
}

// lockCommittee reads a committee and holds it until the transaction ends.
func lockCommittee(ctx context.Context, q db.Q, id string) (Committee, error) {
	if err := db.Must(ctx, q, `UPDATE partnership_committees SET name = name WHERE id = $1`, id); err != nil {
		return Committee{}, err
	}
	return committeeByID(ctx, q, id)
}

func openCommitteeByName(ctx context.Context, q db.Reader, name string) (string, error) {
	return db.Get[string](ctx, q, `SELECT id FROM partnership_committees WHERE folded = $1 AND ended_on IS NULL`,
		db.Fold(name))
}

func insertCommittee(ctx context.Context, q db.Q, c Committee, at db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO partnership_committees (id, name, folded, purpose, meets, position, ended_on, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		c.ID, c.Name, db.Fold(c.Name), c.Purpose, c.Meets, c.Position, c.EndedOn, at)
	return err
}

func updateCommittee(ctx context.Context, q db.Q, c Committee) error {
	return db.Must(ctx, q, `
		UPDATE partnership_committees SET name = $2, folded = $3, purpose = $4, meets = $5, position = $6 WHERE id = $1`,
		c.ID, c.Name, db.Fold(c.Name), c.Purpose, c.Meets, c.Position)
}

func endCommittee(ctx context.Context, q db.Q, id string, on db.Date) error {
	return db.Must(ctx, q, `UPDATE partnership_committees SET ended_on = $2 WHERE id = $1 AND ended_on IS NULL`, id, on)
}

// endSeats ends every seat of a committee that is still taken; one that was to
// begin later ends as it begins.
func endSeats(ctx context.Context, q db.Q, committeeID string, on db.Date) error {
	_, err := db.Exec(ctx, q, `
		UPDATE partnership_members SET to_on = CASE WHEN from_on > $2 THEN from_on ELSE $2 END
		WHERE committee_id = $1 AND to_on IS NULL`, committeeID, on)
	return err
}

// A listedCommittee is a row of the list of committees.
type listedCommittee struct {
	ID      string
	Name    string
	Purpose string
	Meets   string
	EndedOn db.Date
	Members int
	Chair   string
	LastMet db.Date
}

// A committeeFilter narrows the list of committees.
type committeeFilter struct {
	Search        string
	Which         string // "ended", "all", or "" for those there are now
	Sort          string
	Desc          bool
	Limit, Offset int
}

const committeesWhere = `
		FROM partnership_committees c
		WHERE ($1 = '' OR c.folded LIKE $2 ESCAPE '\')
		  AND ($3 = 'all' OR $3 = 'ended' AND c.ended_on IS NOT NULL OR $3 = '' AND c.ended_on IS NULL)`

func (f committeeFilter) args() []any { return []any{f.Search, db.Like(f.Search), f.Which} }

// committeeSorts are the orders the list may have.
var committeeSorts = map[string]string{"order": "c.position", "name": "c.folded", "met": "last_met"}

func listCommittees(ctx context.Context, q db.Reader, f committeeFilter) ([]listedCommittee, int, error) {
	total, err := db.Get[int](ctx, q, `SELECT count(*)`+committeesWhere, f.args()...)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[listedCommittee](ctx, q, `
		SELECT c.id, c.name, c.purpose, c.meets, c.ended_on,
		       (SELECT count(*) FROM partnership_members m WHERE m.committee_id = c.id AND m.to_on IS NULL),
		       COALESCE((SELECT min(p.name) FROM partnership_members m JOIN people p ON p.id = m.person_id
		                 WHERE m.committee_id = c.id AND m.to_on IS NULL AND m.role = 'chair'), ''),
		       (SELECT max(held_on) FROM partnership_meetings g WHERE g.committee_id = c.id) AS last_met`+committeesWhere+
		db.Order(committeeSorts, f.Sort, "order", f.Desc, "c.folded, c.id")+` LIMIT $4 OFFSET $5`,
		append(f.args(), f.Limit, f.Offset)...)
	return list, total, err
}

// memberColumns and memberFrom make a Member.
const (
	memberColumns = `
		SELECT m.id, m.committee_id, m.person_id, m.organisation_id, m.role, m.public, m.from_on, m.to_on,
		       p.name, p.job_title, COALESCE(o.name, ''), c.name`
	memberFrom = `
		FROM partnership_members m
		JOIN people p ON p.id = m.person_id
		JOIN partnership_committees c ON c.id = m.committee_id
		LEFT JOIN organisations o ON o.id = m.organisation_id`
	// memberOrder puts the chair first.
	memberOrder = `CASE m.role WHEN 'chair' THEN 1 WHEN 'vice-chair' THEN 2 WHEN 'member' THEN 3 WHEN 'lay-member' THEN 4
			WHEN 'scrutineer' THEN 5 WHEN 'adviser' THEN 6 ELSE 7 END`
)

func memberByID(ctx context.Context, q db.Reader, id string) (Member, error) {
	return db.Get[Member](ctx, q, memberColumns+memberFrom+` WHERE m.id = $1`, id)
}

// lockMember reads a seat and holds it until the transaction ends.
func lockMember(ctx context.Context, q db.Q, id string) (Member, error) {
	if err := db.Must(ctx, q, `UPDATE partnership_members SET role = role WHERE id = $1`, id); err != nil {
		return Member{}, err
	}
	return memberByID(ctx, q, id)
}

// membersOf lists who sits, or sat, on a committee: those of today first.
func membersOf(ctx context.Context, q db.Reader, committeeID string) ([]Member, error) {
	return db.All[Member](ctx, q, memberColumns+memberFrom+`
		WHERE m.committee_id = $1
		ORDER BY m.to_on DESC NULLS FIRST, `+memberOrder+`, p.folded, m.id`, committeeID)
}

// seatsOf lists an organisation's seats of today.
func seatsOf(ctx context.Context, q db.Reader, organisationID string) ([]Member, error) {
	return db.All[Member](ctx, q, memberColumns+memberFrom+`
		WHERE m.organisation_id = $1 AND m.to_on IS NULL
		ORDER BY c.position, c.folded, `+memberOrder+`, p.folded, m.id`, organisationID)
}

// allSeats lists every seat that is taken on a day, committee by committee.
func allSeats(ctx context.Context, q db.Reader, on db.Date) ([]Member, error) {
	return db.All[Member](ctx, q, memberColumns+memberFrom+`
		WHERE c.ended_on IS NULL AND m.from_on <= $1 AND (m.to_on IS NULL OR m.to_on >= $1)
		ORDER BY c.position, c.folded, c.id, `+memberOrder+`, o.folded NULLS LAST, p.folded, m.id`, on)
}

// insertMember adds a seat for somebody who is there and active; the
// organisation is the person's own unless another is named.
func insertMember(ctx context.Context, q db.Q, m Member) error {
	return db.Must(ctx, q, `
		INSERT INTO partnership_members (id, committee_id, person_id, organisation_id, role, public, from_on, to_on)
		SELECT $1, $2, p.id, COALESCE($4, p.organisation_id), $5, $6, $7, $8
		FROM people p WHERE p.id = $3 AND p.active`,
		m.ID, m.CommitteeID, m.PersonID, m.OrganisationID, m.Role, m.Public, m.FromOn, m.ToOn)
}

func updateMember(ctx context.Context, q db.Q, m Member) error {
	return db.Must(ctx, q, `
		UPDATE partnership_members SET role = $2, public = $3, from_on = $4, to_on = $5 WHERE id = $1`,
		m.ID, m.Role, m.Public, m.FromOn, m.ToOn)
}

func moveSeats(ctx context.Context, q db.Q, from, to string) error {
	_, err := db.Exec(ctx, q, `
		UPDATE partnership_members SET organisation_id = $2 WHERE organisation_id = $1 AND to_on IS NULL`, from, to)
	return err
}

func meetingByID(ctx context.Context, q db.Reader, id string) (Meeting, error) {
	return db.Get[Meeting](ctx, q, `SELECT id, committee_id, held_on, about FROM partnership_meetings WHERE id = $1`, id)
}

// lockMeeting reads a meeting and its attendance, and holds them until the
// transaction ends.
func lockMeeting(ctx context.Context, q db.Q, id string) (Meeting, []Attendance, error) {
	if err := db.Must(ctx, q, `UPDATE partnership_meetings SET about = about WHERE id = $1`, id); err != nil {
		return Meeting{}, nil, err
	}
	m, err := meetingByID(ctx, q, id)
	if err != nil {
		return m, nil, err
	}
	there, err := attendanceOf(ctx, q, m)
	return m, there, err
}

func insertMeeting(ctx context.Context, q db.Q, m Meeting, at db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO partnership_meetings (id, committee_id, held_on, about, created_at) VALUES ($1, $2, $3, $4, $5)`,
		m.ID, m.CommitteeID, m.HeldOn, m.About, at)
	return err
}

func updateMeeting(ctx context.Context, q db.Q, m Meeting) error {
	return db.Must(ctx, q, `UPDATE partnership_meetings SET held_on = $2, about = $3 WHERE id = $1`, m.ID, m.HeldOn,
		m.About)
}

// A heldMeeting is a meeting with how many were there.
type heldMeeting struct {
	ID      string
	HeldOn  db.Date
	About   string
	Present int
	Noted   int
}

func meetingsOf(ctx context.Context, q db.Reader, committeeID string, limit int) ([]heldMeeting, error) {
	return db.All[heldMeeting](ctx, q, `
		SELECT m.id, m.held_on, m.about,
		       (SELECT count(*) FROM partnership_attendance a WHERE a.meeting_id = m.id AND a.state IN ('present', 'deputy')),
		       (SELECT count(*) FROM partnership_attendance a WHERE a.meeting_id = m.id)
		FROM partnership_meetings m WHERE m.committee_id = $1 ORDER BY m.held_on DESC LIMIT $2`, committeeID, limit)
}

// attendanceOf lists who sat on the committee that day and whether they came.
func attendanceOf(ctx context.Context, q db.Reader, m Meeting) ([]Attendance, error) {
	return db.All[Attendance](ctx, q, `
		SELECT m.id, COALESCE(a.state, ''), p.name, m.role, COALESCE(o.name, '')
		FROM partnership_members m
		JOIN people p ON p.id = m.person_id
		LEFT JOIN organisations o ON o.id = m.organisation_id
		LEFT JOIN partnership_attendance a ON a.member_id = m.id AND a.meeting_id = $1
		WHERE m.committee_id = $2 AND (a.state IS NOT NULL OR m.from_on <= $3 AND (m.to_on IS NULL OR m.to_on >= $3))
		ORDER BY `+memberOrder+`, p.folded, m.id`, m.ID, m.CommitteeID, m.HeldOn)
}

func deleteAttendance(ctx context.Context, q db.Q, meetingID string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM partnership_attendance WHERE meeting_id = $1`, meetingID)
	return err
}

// insertAttendance notes whether a member of the meeting's committee came.
func insertAttendance(ctx context.Context, q db.Q, meetingID, memberID, state string) error {
	return db.Must(ctx, q, `
		INSERT INTO partnership_attendance (meeting_id, member_id, state)
		SELECT g.id, m.id, $3 FROM partnership_meetings g JOIN partnership_members m ON m.committee_id = g.committee_id
		WHERE g.id = $1 AND m.id = $2`, meetingID, memberID, state)
}
