package identity

import (
	"context"
	"strings"

	"kith/internal/kit/db"
)

func personByID(ctx context.Context, q db.Reader, id string) (Person, error) {
	return db.Get[Person](ctx, q, `
		SELECT p.id, p.name, p.email, p.job_title, p.organisation_id, p.active, p.created_at, COALESCE(o.name, '')
		FROM people p LEFT JOIN organisations o ON o.id = p.organisation_id
		WHERE p.id = $1`, id)
}

// lockPerson reads a person and holds their row until the transaction ends.
func lockPerson(ctx context.Context, q db.Q, id string) (Person, error) {
	if err := db.Must(ctx, q, `UPDATE people SET active = active WHERE id = $1`, id); err != nil {
		return Person{}, err
	}
	return personByID(ctx, q, id)
}

func personByEmail(ctx context.Context, q db.Reader, email string) (Person, error) {
	return db.Get[Person](ctx, q, `
		SELECT p.id, p.name, p.email, p.job_title, p.organisation_id, p.active, p.created_at, COALESCE(o.name, '')
		FROM people p LEFT JOIN organisations o ON o.id = p.organisation_id
		WHERE p.email = $1 AND p.email <> ''`, email)
}

// peopleLike finds those of an organisation (or of none) whose folded column
// begins with a name: the caller compares the names themselves.
func peopleLike(ctx context.Context, q db.Reader, name, organisationID string) ([]Person, error) {
	pattern := strings.TrimPrefix(db.Like(name), "%")
	return db.All[Person](ctx, q, `
		SELECT p.id, p.name, p.email, p.job_title, p.organisation_id, p.active, p.created_at, COALESCE(o.name, '')
		FROM people p LEFT JOIN organisations o ON o.id = p.organisation_id
		WHERE (p.organisation_id = $1 OR p.organisation_id IS NULL AND $1 = '') AND p.folded LIKE $2 ESCAPE '\'
		ORDER BY p.active DESC, p.created_at, p.id`, organisationID, pattern)
}

func insertPerson(ctx context.Context, q db.Q, p Person) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO people (id, name, folded, email, job_title, organisation_id, active, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.ID, p.Name, foldedPerson(p.Name, p.Email), p.Email, p.JobTitle, p.OrganisationID, p.Active, p.CreatedAt)
	return err
}

// insertPersonOnce adds a person unless somebody has their address, which tells
// two imports at once apart.
func insertPersonOnce(ctx context.Context, q db.Q, p Person) (bool, error) {
	n, err := db.Exec(ctx, q, `
		INSERT INTO people (id, name, folded, email, job_title, organisation_id, active, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (email) WHERE email <> '' DO NOTHING`,
		p.ID, p.Name, foldedPerson(p.Name, p.Email), p.Email, p.JobTitle, p.OrganisationID, p.Active, p.CreatedAt)
	return n == 1, err
}

func updatePerson(ctx context.Context, q db.Q, p Person) error {
	return db.Must(ctx, q, `
		UPDATE people SET name = $2, folded = $3, email = $4, job_title = $5, organisation_id = $6 WHERE id = $1`,
		p.ID, p.Name, foldedPerson(p.Name, p.Email), p.Email, p.JobTitle, p.OrganisationID)
}

func setActive(ctx context.Context, q db.Q, id string, active bool) error {
	return db.Must(ctx, q, `UPDATE people SET active = $2 WHERE id = $1`, id, active)
}

func moveOrganisation(ctx context.Context, q db.Q, from, to string) (int64, error) {
	return db.Exec(ctx, q, `UPDATE people SET organisation_id = $2 WHERE organisation_id = $1`, from, to)
}

func rolesOf(ctx context.Context, q db.Reader, personID string) ([]string, error) {
	return db.All[string](ctx, q, `SELECT role FROM identity_person_roles WHERE person_id = $1 ORDER BY role`, personID)
}

func insertRole(ctx context.Context, q db.Q, personID, role string) error {
	_, err := db.Exec(ctx, q, `INSERT INTO identity_person_roles (person_id, role) VALUES ($1, $2) ON CONFLICT DO NOTHING`, personID, role)
	return err
}

func deleteRoles(ctx context.Context, q db.Q, personID string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_person_roles WHERE person_id = $1`, personID)
	return err
}

func passwordOf(ctx context.Context, q db.Reader, personID string) (string, error) {
	return db.Get[string](ctx, q, `SELECT hash FROM identity_passwords WHERE person_id = $1`, personID)
}

func putPassword(ctx context.Context, q db.Q, personID, hash string, at db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_passwords (person_id, hash, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at`, personID, hash, at)
	return err
}

func persona(ctx context.Context, q db.Reader, role string) (string, error) {
	return db.Get[string](ctx, q, `
		SELECT p.id FROM identity_personas d JOIN people p ON p.id = d.person_id WHERE d.role = $1 AND p.active`, role)
}

func putPersona(ctx context.Context, q db.Q, role, personID string) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_personas (role, person_id) VALUES ($1, $2)
		ON CONFLICT (role) DO UPDATE SET person_id = excluded.person_id`, role, personID)
	return err
}

func personaRoles(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `
		SELECT d.role FROM identity_personas d JOIN people p ON p.id = d.person_id WHERE p.active`)
}

// A listedPerson is a row of the list of people.
type listedPerson struct {
	ID           string
	Name         string
	Email        string
	JobTitle     string
	Active       bool
	Organisation string
	Roles        string // ids, with commas; the page says them in words
	SignsIn      bool
}

// A peopleFilter narrows the list of people, orders it and says which page of it.
type peopleFilter struct {
	Search, Organisation, Role string
	Active                     string // "yes", "no" or "" for all
	Sort                       string
	Desc                       bool
	Limit, Offset              int
}

// listWhere is shared by the list and its count; the arguments are in args.
const listWhere = `
		FROM people p LEFT JOIN organisations o ON o.id = p.organisation_id
		WHERE ($1 = '' OR p.folded LIKE $2 ESCAPE '\')
		  AND ($3 = '' OR p.organisation_id = $3)
		  AND ($4 = '' OR EXISTS (SELECT 1 FROM identity_person_roles r WHERE r.person_id = p.id AND r.role = $4))
		  AND ($5 = '' OR p.active = ($5 = 'yes'))`

// peopleOrders are the only orders there are: nothing of the address reaches
// the statement.
var peopleOrders = map[string]string{"name": "p.folded", "organisation": "o.folded", "job": "lower(p.job_title)"}

// people lists a page of the people that a filter lets through, and counts all of them.
func people(ctx context.Context, q db.Reader, f peopleFilter) ([]listedPerson, int, error) {
	args := []any{f.Search, db.Like(f.Search), f.Organisation, f.Role, f.Active}
	total, err := db.Get[int](ctx, q, `SELECT count(*)`+listWhere, args...)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[listedPerson](ctx, q, `
		SELECT p.id, p.name, p.email, p.job_title, p.active, COALESCE(o.name, ''),
		       COALESCE((SELECT string_agg(r.role, ',') FROM identity_person_roles r WHERE r.person_id = p.id), ''),
		       EXISTS (SELECT 1 FROM identity_passwords w WHERE w.person_id = p.id)`+listWhere+
		db.Order(peopleOrders, f.Sort, "name", f.Desc, "p.folded, p.id")+` LIMIT $6 OFFSET $7`, append(args, f.Limit, f.Offset)...)
	return list, total, err
}
