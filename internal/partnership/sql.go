package partnership

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/names"
	"kith/internal/register"
)

// sectorTitle is the title of the sector of the organisation o.
const sectorTitle = `COALESCE((SELECT g.title FROM register_sectors g WHERE g.id = o.sector), o.sector)`

// organisationColumns are the columns of an Organisation, in the order of its
// fields.
const organisationColumns = `o.id, o.name, o.sector, o.statutory, o.agency, o.brought, o.successor_id, o.same_as, o.ended_on,
	COALESCE(s.name, ''), ` + sectorTitle + `
		FROM organisations o LEFT JOIN organisations s ON s.id = o.successor_id`

func organisationByID(ctx context.Context, q db.Reader, id string) (Organisation, error) {
	return db.Get[Organisation](ctx, q, `
		SELECT `+organisationColumns+` WHERE o.id = $1`, id)
}

func organisationByName(ctx context.Context, q db.Reader, name string) (Organisation, error) {
	return db.Get[Organisation](ctx, q, `
		SELECT `+organisationColumns+` WHERE o.name_key = $1`, names.Key(name))
}

// lockOrganisation reads an organisation and holds it until the transaction ends.
func lockOrganisation(ctx context.Context, q db.Q, id string) (Organisation, error) {
	if err := db.Must(ctx, q, `UPDATE organisations SET name = name WHERE id = $1`, id); err != nil {
		return Organisation{}, err
	}
	return organisationByID(ctx, q, id)
}

func insertOrganisation(ctx context.Context, q db.Q, o Organisation, at db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO organisations (id, name, name_key, folded, sector, statutory, agency, successor_id, ended_on, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		o.ID, o.Name, names.Key(o.Name), db.Fold(o.Name), o.Sector, o.Statutory, string(o.Agency), o.SuccessorID, o.EndedOn,
		at)
	return err
}

// insertOrganisationOnce adds an organisation that a file brought unless one has the
// name, which tells two imports at once apart.
func insertOrganisationOnce(ctx context.Context, q db.Q, o Organisation, at db.Time) (bool, error) {
	n, err := db.Exec(ctx, q, `
		INSERT INTO organisations (id, name, name_key, folded, sector, brought, created_at)
		VALUES ($1, $2, $3, $4, $5, TRUE, $6) ON CONFLICT (name_key) WHERE name_key <> '' DO NOTHING`,
		o.ID, o.Name, names.Key(o.Name), db.Fold(o.Name), o.Sector, at)
	return n == 1, err
}

// ofImport notes which import of a list of organisations added one.
func ofImport(ctx context.Context, q db.Q, id, importID string) error {
	return db.Must(ctx, q, `UPDATE organisations SET import_id = $2 WHERE id = $1`, id, importID)
}

// organisationsOfImport lists those that an import added, at which nobody has looked since and to
// which no other organisation leads.
func organisationsOfImport(ctx context.Context, q db.Reader, importID string) ([]string, error) {
	return db.All[string](ctx, q, `
		SELECT o.id FROM organisations o
		WHERE o.import_id = $1 AND o.brought AND o.agency = '' AND NOT o.statutory AND o.same_as IS NULL
			AND NOT EXISTS (SELECT 1 FROM organisations x WHERE x.same_as = o.id OR x.successor_id = o.id)
		ORDER BY o.folded, o.id`, importID)
}

func deleteOrganisation(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM organisations WHERE id = $1`, id)
}

// allOrganisations lists all there are, with those that have ended.
func allOrganisations(ctx context.Context, q db.Reader) ([]Organisation, error) {
	return db.All[Organisation](ctx, q, `SELECT `+organisationColumns+` ORDER BY o.folded`)
}

func updateOrganisation(ctx context.Context, q db.Q, o Organisation) error {
	return db.Must(ctx, q, `
		UPDATE organisations SET name = $2, name_key = $3, folded = $4, sector = $5, statutory = $6, agency = $7,
			brought = $8
		WHERE id = $1`,
		o.ID, o.Name, names.Key(o.Name), db.Fold(o.Name), o.Sector, o.Statutory, string(o.Agency), o.Brought)
}

func endOrganisation(ctx context.Context, q db.Q, id string, successor db.Opt, on db.Date) error {
	return db.Must(ctx, q, `
		UPDATE organisations SET ended_on = $2, successor_id = $3 WHERE id = $1 AND ended_on IS NULL`, id, on, successor)
}

func reopenOrganisation(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `UPDATE organisations SET ended_on = NULL, successor_id = NULL WHERE id = $1`, id)
}

func statutoryPartners(ctx context.Context, q db.Reader) ([]Organisation, error) {
	return db.All[Organisation](ctx, q, `
		SELECT `+organisationColumns+` WHERE o.statutory AND o.ended_on IS NULL ORDER BY o.folded`)
}

// openOrganisations lists the organisations there are now, by name.
func openOrganisations(ctx context.Context, q db.Reader) ([]Organisation, error) {
	return db.All[Organisation](ctx, q, `
		SELECT `+organisationColumns+` WHERE o.ended_on IS NULL ORDER BY o.folded`)
}

// countOfSector counts the organisations of a sector, with those that have ended.
func countOfSector(ctx context.Context, q db.Reader, sector string) (int, error) {
	return db.Get[int](ctx, q, `SELECT count(*) FROM organisations WHERE sector = $1`, sector)
}

// A listedOrganisation is a row of the list of organisations.
type listedOrganisation struct {
	ID         string
	Name       string
	Sector     string
	Statutory  bool
	Agency     Agency
	EndedOn    db.Date
	People     int
	Committees int
	// SectorTitle is the sector in words.
	SectorTitle string
}

// An organisationFilter narrows the list of organisations.
type organisationFilter struct {
	Search, Sector string
	Which          string // "statutory", "agencies", "unsaid", "ended", "all", or "" for those there are now
	Sort           string
	Desc           bool
	Limit, Offset  int
}

const organisationsWhere = `
		FROM organisations o
		WHERE o.same_as IS NULL AND ($1 = '' OR o.folded LIKE $2 ESCAPE '\')
		  AND ($3 = '' OR o.sector = $3)
		  AND ($4 = 'all' OR $4 = 'ended' AND o.ended_on IS NOT NULL OR $4 = 'statutory' AND o.statutory
		  	AND o.ended_on IS NULL
		       OR $4 = 'agencies' AND o.agency = 'yes' AND o.ended_on IS NULL
		       OR $4 = 'unsaid' AND o.agency = '' AND NOT o.statutory AND o.ended_on IS NULL
		       OR $4 = '' AND o.ended_on IS NULL)`

func (f organisationFilter) args() []any {
	return []any{f.Search, db.Like(f.Search), f.Sector, f.Which}
}

// organisationSorts are the orders the list may have.
var organisationSorts = map[string]string{"name": "o.folded", "sector": "o.sector", "people": "people"}

func listOrganisations(ctx context.Context, q db.Reader, f organisationFilter) ([]listedOrganisation, int, error) {
	total, err := db.Get[int](ctx, q, `SELECT count(*)`+organisationsWhere, f.args()...)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[listedOrganisation](ctx, q, `
		SELECT o.id, o.name, o.sector, o.statutory, o.agency, o.ended_on,
		       (SELECT count(*) FROM people p WHERE p.organisation_id = o.id AND p.active) AS people,
		       (SELECT count(DISTINCT m.committee_id) FROM partnership_members m WHERE m.organisation_id = o.id
		       	AND m.to_on IS NULL),
		       `+sectorTitle+organisationsWhere+db.Order(organisationSorts, f.Sort, "name", f.Desc, "o.folded, o.id")+
		` LIMIT $5 OFFSET $6`,
		append(f.args(), f.Limit, f.Offset)...)
	return list, total, err
}

// A colleague is somebody of an organisation.
type colleague struct{ ID, Name, JobTitle string }

func peopleOf(ctx context.Context, q db.Reader, organisationID string, limit int) ([]colleague, error) {
	return db.All[colleague](ctx, q, `
		SELECT id, name, job_title FROM people WHERE organisation_id = $1 AND active ORDER BY folded, id LIMIT $2`,
		organisationID, limit)
}

func countPeopleOf(ctx context.Context, q db.Reader, organisationID string) (int, error) {
	return db.Get[int](ctx, q, `SELECT count(*) FROM people WHERE organisation_id = $1 AND active`, organisationID)
}

func profile(ctx context.Context, q db.Reader) (Profile, error) {
	return db.Get[Profile](ctx, q, `SELECT name, area, address, url, mail_from, demo FROM partnership_profile`)
}

// lockProfile reads the profile and holds it until the transaction ends.
func lockProfile(ctx context.Context, q db.Q) (Profile, error) {
	if err := db.Must(ctx, q, `UPDATE partnership_profile SET name = name`); err != nil {
		return Profile{}, err
	}
	return profile(ctx, q)
}

func updateProfile(ctx context.Context, q db.Q, p Profile, at db.Time) error {
	return db.Must(ctx, q, `
		UPDATE partnership_profile SET name = $1, area = $2, address = $3, url = $4, mail_from = $5, demo = $6,
			changed_at = $7`,
		p.Name, p.Area, p.Address, p.URL, p.MailFrom, p.Demo, at)
}

func contacts(ctx context.Context, q db.Reader) ([]Contact, error) {
	return db.All[Contact](ctx, q, `
		SELECT id, purpose, name, number, answers, owner, checked_on, position
		FROM partnership_contacts ORDER BY position, purpose, id`)
}

func contactByID(ctx context.Context, q db.Reader, id string) (Contact, error) {
	return db.Get[Contact](ctx, q, `
		SELECT id, purpose, name, number, answers, owner, checked_on, position
		FROM partnership_contacts WHERE id = $1`, id)
}

// lockContact reads a contact and holds it until the transaction ends.
func lockContact(ctx context.Context, q db.Q, id string) (Contact, error) {
	if err := db.Must(ctx, q, `UPDATE partnership_contacts SET name = name WHERE id = $1`, id); err != nil {
		return Contact{}, err
	}
	return contactByID(ctx, q, id)
}

func sectorByID(ctx context.Context, q db.Reader, id string) (register.Sector, error) {
	list, err := register.ReadSectors(ctx, q)
	s, ok := list.Get(id)
	if err == nil && !ok {
		err = db.ErrNotFound
	}
	return s, err
}

func contactLike(ctx context.Context, q db.Reader, purpose, number string) (string, error) {
	return db.Get[string](ctx, q, `SELECT id FROM partnership_contacts WHERE purpose = $1 AND number = $2`, purpose,
		number)
}

func putContact(ctx context.Context, q db.Q, c Contact) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO partnership_contacts (id, purpose, name, number, answers, owner, checked_on, position)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET purpose = excluded.purpose, name = excluded.name, number = excluded.number,
			answers = excluded.answers, owner = excluded.owner, checked_on = excluded.checked_on, position = excluded.position`,
		c.ID, c.Purpose, c.Name, c.Number, c.Answers, c.Owner, c.CheckedOn, c.Position)
	return err
}

func checkContact(ctx context.Context, q db.Q, id string, on db.Date) error {
	return db.Must(ctx, q, `UPDATE partnership_contacts SET checked_on = $2 WHERE id = $1`, id, on)
}

func deleteContact(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM partnership_contacts WHERE id = $1`, id)
}
