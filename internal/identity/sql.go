package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/names"
	"kith/internal/kit/web"
)

// selectPerson reads a Person, in the order of its fields.
const selectPerson = `
	SELECT p.id, p.name, p.email, p.job_title, p.organisation_id, p.active, p.same_as, p.created_at,
	       p.mailbox, COALESCE(o.name, '')
	FROM people p LEFT JOIN organisations o ON o.id = p.organisation_id`

func personByID(ctx context.Context, q db.Reader, id string) (Person, error) {
	return db.Get[Person](ctx, q, selectPerson+` WHERE p.id = $1`, id)
}

// lockPerson reads a person and holds their row until the transaction ends.
func lockPerson(ctx context.Context, q db.Q, id string) (Person, error) {
	if err := db.Must(ctx, q, `UPDATE people SET active = active WHERE id = $1`, id); err != nil {
		return Person{}, err
	}
	return personByID(ctx, q, id)
}

// accountByEmail finds who signs in with an address. Several people may have it, as
// the staff of a school do; of those at most one has a role or a password.
func accountByEmail(ctx context.Context, q db.Reader, email string) (Person, error) {
	return db.Get[Person](ctx, q, selectPerson+` WHERE p.email = $1 AND p.email <> '' AND p.same_as IS NULL
		ORDER BY CASE WHEN `+signsIn+` THEN 0 ELSE 1 END, p.active DESC, p.created_at, p.id LIMIT 1`, email)
}

// signsIn is true of a person p who has a role or a password.
const signsIn = `(EXISTS (SELECT 1 FROM identity_person_roles r WHERE r.person_id = p.id)
	OR EXISTS (SELECT 1 FROM identity_passwords w WHERE w.person_id = p.id))`

// lockAddress holds everybody who has an address until the transaction ends.
func lockAddress(ctx context.Context, q db.Q, email string) error {
	_, err := db.Exec(ctx, q, `UPDATE people SET active = active WHERE email = $1 AND email <> ''`, email)
	return err
}

// anotherSignsIn reports whether somebody but the person signs in with an address.
func anotherSignsIn(ctx context.Context, q db.Reader, email, personID string) (bool, error) {
	n, err := db.Get[int](ctx, q, `SELECT count(*) FROM people p
		WHERE p.email = $1 AND p.email <> '' AND p.id <> $2 AND p.same_as IS NULL AND `+signsIn, email, personID)
	return n > 0, err
}

// peopleByEmail lists everybody who has an address, and who had it when they were
// merged into another.
func peopleByEmail(ctx context.Context, q db.Reader, email string) ([]Person, error) {
	return db.All[Person](ctx, q, selectPerson+` WHERE p.email = $1 AND p.email <> ''
		ORDER BY CASE WHEN p.same_as IS NULL THEN 0 ELSE 1 END, p.created_at, p.id`, email)
}

// peopleLike finds those of an organisation (or of none) whose folded column
// begins with a name: the caller compares the names themselves.
func peopleLike(ctx context.Context, q db.Reader, name, organisationID string) ([]Person, error) {
	pattern := strings.TrimPrefix(db.Like(name), "%")
	return db.All[Person](ctx, q, selectPerson+`
		WHERE (p.organisation_id = $1 OR p.organisation_id IS NULL AND $1 = '') AND p.folded LIKE $2 ESCAPE '\'
		ORDER BY p.active DESC, p.created_at, p.id`, organisationID, pattern)
}

func insertPerson(ctx context.Context, q db.Q, p Person) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO people (id, name, name_key, folded, email, job_title, organisation_id, active, created_at, mailbox)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		p.ID, p.Name, names.Key(p.Name), foldedPerson(p.Name, p.Email), p.Email, p.JobTitle, p.OrganisationID, p.Active,
		p.CreatedAt, p.Mailbox)
	return err
}

// insertPersonOnce adds a person unless somebody of their name has their address,
// which tells two imports at once apart.
func insertPersonOnce(ctx context.Context, q db.Q, p Person) (bool, error) {
	n, err := db.Exec(ctx, q, `
		INSERT INTO people (id, name, name_key, folded, email, job_title, organisation_id, active, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (email, name_key) WHERE email <> '' AND same_as IS NULL DO NOTHING`,
		p.ID, p.Name, names.Key(p.Name), foldedPerson(p.Name, p.Email), p.Email, p.JobTitle, p.OrganisationID, p.Active,
		p.CreatedAt)
	return n == 1, err
}

func updatePerson(ctx context.Context, q db.Q, p Person) error {
	return db.Must(ctx, q, `
		UPDATE people SET name = $2, name_key = $3, folded = $4, email = $5, job_title = $6, organisation_id = $7,
			mailbox = $8
		WHERE id = $1`,
		p.ID, p.Name, names.Key(p.Name), foldedPerson(p.Name, p.Email), p.Email, p.JobTitle, p.OrganisationID, p.Mailbox)
}

func setActive(ctx context.Context, q db.Q, id string, active bool) error {
	return db.Must(ctx, q, `UPDATE people SET active = $2 WHERE id = $1`, id, active)
}

func moveOrganisation(ctx context.Context, q db.Q, from, to string) (int64, error) {
	// Who has a role for both keeps it once.
	if _, err := db.Exec(ctx, q, `
		DELETE FROM identity_person_roles WHERE organisation_id = $1 AND EXISTS (SELECT 1 FROM identity_person_roles x
			WHERE x.person_id = identity_person_roles.person_id AND x.role = identity_person_roles.role
				AND x.organisation_id = $2)`, from, to); err != nil {
		return 0, err
	}
	if _, err := db.Exec(ctx, q, `UPDATE identity_person_roles SET organisation_id = $2 WHERE organisation_id = $1`, from,
		to); err != nil {
		return 0, err
	}
	return db.Exec(ctx, q, `UPDATE people SET organisation_id = $2 WHERE organisation_id = $1`, from, to)
}

// insertRole gives a role, as it is given.
func insertRole(ctx context.Context, q db.Q, personID, given string) error {
	role, organisation := access.ParseGiven(given)
	_, err := db.Exec(ctx, q, `
		INSERT INTO identity_person_roles (person_id, role, organisation_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		personID, role, db.Opt(organisation))
	return err
}

func deleteRoles(ctx context.Context, q db.Q, personID string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_person_roles WHERE person_id = $1`, personID)
	return err
}

func passwordOf(ctx context.Context, q db.Reader, personID string) (string, error) {
	return db.Get[string](ctx, q, `SELECT hash FROM identity_passwords WHERE person_id = $1`, personID)
}

func deletePassword(ctx context.Context, q db.Q, personID string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM identity_passwords WHERE person_id = $1`, personID)
	return err
}

// passwordMailed tells when somebody's password was set by a link, while that is in doubt; zero
// where it is not, or there is none.
func passwordMailed(ctx context.Context, q db.Reader, personID string) (db.Time, error) {
	at, err := db.Get[db.Time](ctx, q, `SELECT mailed_at FROM identity_passwords WHERE person_id = $1`, personID)
	if errors.Is(err, db.ErrNotFound) {
		return db.Time{}, nil
	}
	return at, err
}

// setPasswordMailed keeps when it was set so; zero ends the doubt.
func setPasswordMailed(ctx context.Context, q db.Q, personID string, at db.Time) error {
	_, err := db.Exec(ctx, q, `UPDATE identity_passwords SET mailed_at = $2 WHERE person_id = $1`, personID, at)
	return err
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
	Roles        string // as they are given, with commas; the page says them in words
	SignsIn      bool

	titles string // the roles in words
}

// A peopleFilter narrows the list of people, orders it and says which page of it.
type peopleFilter struct {
	Search, Organisation, Role string
	Active                     string // "yes", "no" or "" for all
	Sort                       string
	Desc                       bool
	Limit, Offset              int
	// After and Before are the person whom the page begins after or ends before, in
	// the order of names; then Offset does not count. "" for neither.
	After, Before string
	// By is who looks: their search finds by its address whose address they may see.
	By web.Person
}

// nameOf says which part of the search column of people (foldedPerson) is not the address.
const nameOf = `p.folded, 1, length(p.folded) - length(replace(p.email, '&', ' and '))`

// where is shared by the list and its count. Only what is asked for stands in it:
// without a filter the index by name answers both.
func (f peopleFilter) where() (string, []any) {
	conditions, args := []string{"p.same_as IS NULL"}, []any{}
	add := func(asked string, condition string, value any) {
		if asked != "" {
			args = append(args, value)
			conditions = append(conditions, fmt.Sprintf(condition, len(args)))
		}
	}
	add(f.Search, `p.folded LIKE $%d ESCAPE '\'`, db.Like(f.Search))
	if f.Search != "" && !access.Addresses.MayAll(f.By, access.Read) {
		named := fmt.Sprintf(`substr(%s) LIKE $%d ESCAPE '\'`, nameOf, len(args))
		conditions = append(conditions, "("+named+" OR "+access.Addresses.Where(&args, f.By, access.Read)+")")
	}
	add(f.Organisation, `p.organisation_id = $%d`, f.Organisation)
	add(f.Role, `EXISTS (SELECT 1 FROM identity_person_roles r WHERE r.person_id = p.id AND r.role = $%d)`, f.Role)
	add(f.Active, `p.active = $%d`, f.Active == "yes")
	return " WHERE " + strings.Join(conditions, " AND "), args
}

// byName reports whether the list is in the order of names, in which a page can begin
// beside a person.
func (f peopleFilter) byName() bool { return peopleOrders[f.Sort] == "" }

// peopleOrders are the only orders there are beside that of names: nothing of the
// address reaches the statement.
var peopleOrders = map[string]string{"organisation": "o.folded", "job": "lower(p.job_title)"}

// page is the rest of the statement that finds a page's people, once where has
// chosen among all, and whether it finds them from the last to the first.
func (f peopleFilter) page(where string, args []any) (statement string, all []any, backwards bool) {
	beside := func(sign, id string) {
		args = append(args, id)
		where += fmt.Sprintf(" AND (p.folded, p.id) %s (SELECT k.folded, k.id FROM people k WHERE k.id = $%d)", sign,
			len(args))
	}
	forward, back := ">", "<"
	if f.Desc {
		forward, back = back, forward
	}
	offset := f.Offset
	switch {
	case !f.byName():
		args = append(args, f.Limit, f.Offset)
		return where + db.Order(peopleOrders, f.Sort, "", f.Desc, "p.folded, p.id") +
			fmt.Sprintf(" LIMIT $%d OFFSET $%d", len(args)-1, len(args)), args, false
	case f.After != "":
		beside(forward, f.After)
		offset = 0
	case f.Before != "":
		beside(back, f.Before)
		offset, backwards = 0, true
	}
	way := ""
	if f.Desc != backwards {
		way = " DESC"
	}
	args = append(args, f.Limit, offset)
	order := fmt.Sprintf(" ORDER BY p.folded%[1]s, p.id%[1]s", way)
	// Those before the page are passed over in the index, without what is shown of them.
	of := fmt.Sprintf("SELECT p.id FROM people p%s%s LIMIT $%d OFFSET $%d", where, order, len(args)-1, len(args))
	return " WHERE p.id IN (" + of + ")" + order, args, backwards
}

// people lists a page of the people that a filter lets through, and counts all of them.
func people(ctx context.Context, q db.Reader, f peopleFilter) ([]listedPerson, int, error) {
	where, args := f.where()
	total, err := db.Get[int](ctx, q, `SELECT count(*) FROM people p`+where, args...)
	if err != nil {
		return nil, 0, err
	}
	statement, args, backwards := f.page(where, args)
	list, err := db.All[listedPerson](ctx, q, `
		SELECT p.id, p.name, p.email, p.job_title, p.active, COALESCE(o.name, ''),
		       COALESCE((SELECT string_agg(r.role || COALESCE('@' || r.organisation_id, ''), ',')
		                 FROM identity_person_roles r WHERE r.person_id = p.id), ''),
		       EXISTS (SELECT 1 FROM identity_passwords w WHERE w.person_id = p.id)
		FROM people p LEFT JOIN organisations o ON o.id = p.organisation_id`+statement, args...)
	if err == nil && len(list) == 0 && total > 0 && (f.After != "" || f.Before != "") {
		// Nobody is left beside that person, or they are gone: the page is counted out.
		f.After, f.Before = "", ""
		return people(ctx, q, f)
	}
	if backwards {
		slices.Reverse(list)
	}
	return list, total, err
}

// peopleAmong reads the people with some ids; all when ids is nil.
func peopleAmong(ctx context.Context, q db.Reader, ids []string) ([]Person, error) {
	var args []any
	return db.All[Person](ctx, q, selectPerson+` WHERE `+db.Among(&args, "p.id", ids), args...)
}
