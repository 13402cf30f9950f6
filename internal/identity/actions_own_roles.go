package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/names"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These actions make and change roles of the partnership's own. A change that lets somebody
// who has the role do more is a giving like any other (docs/adr/0018-giving.md): what by does
// not hold waits for a second person.

// roleSubject is what the audit trail calls a role.
const roleSubject = "role"

// Errors of making and changing roles.
var (
	ErrRoleTaken  error = &ui.Taken{Field: "title", Text: "There is a role of this name already"}
	ErrRetired          = web.Conflict("This role was retired", "Bring it back first, and then change it.")
	ErrNotRetired       = web.Conflict("This role is in use",
		"It was not retired, or somebody brought it back meanwhile.")
	ErrNothingBefore = web.Conflict("There is nothing to take back",
		"This role has not been changed since it was made.")
)

// roleProblems lists what is wrong with a role as a whole.
func roleProblems(v access.Role) []ui.Problem {
	var out []ui.Problem
	if v.Title == "" {
		out = append(out, ui.Problem{Field: "title", Text: "Enter what the role is called"})
	}
	if i := strings.IndexFunc(v.Title, foreignLetter); i >= 0 {
		out = append(out, ui.Problem{Field: "title", Text: fmt.Sprintf("“%c” only looks like one of the letters a to z. "+
			"Write it anew", []rune(v.Title[i:])[0])})
	}
	if strings.ContainsAny(v.Title, ";,\r\n") {
		out = append(out, ui.Problem{Field: "title",
			Text: "Leave out commas and semicolons: in files they stand between roles"})
	}
	if v.Title != "" && strings.ContainsAny(v.Title[:1], "=+-@") {
		out = append(out, ui.Problem{Field: "title", Text: "Begin with a word: spreadsheets take “" +
			v.Title[:1] + "” for the beginning of a formula"})
	}
	if slices.ContainsFunc(access.Roles(), func(r access.Role) bool { return glanced(r.Title) == glanced(v.Title) }) {
		out = append(out, ui.Problem{Field: "title", Text: "One of the roles of the program has this name already"})
	}
	if len(v.Permissions) == 0 {
		out = append(out, ui.Problem{Field: permissionFields()[0], Text: "Choose something that the role lets people do"})
	}
	for _, p := range v.Permissions {
		room, act, _ := strings.Cut(string(p), ":")
		read := web.Permission(room + ":read")
		if act == "answer" || !slices.Contains(access.Permissions(), read) || slices.Contains(v.Permissions, read) {
			continue
		}
		does, _ := access.Words(p)
		reads, _ := access.Words(read)
		out = append(out, ui.Problem{Field: permissionField(room), Text: "“" + does + "” needs “" + reads + "” as well"})
	}
	return out
}

// foreignLetter reports whether a letter is of another alphabet than English and Welsh are written
// in: a Greek or Cyrillic capital A is not told from ours, and would make a second Administrator.
func foreignLetter(c rune) bool {
	return unicode.IsLetter(c) && (!unicode.Is(unicode.Latin, c) || norm.NFKC.String(string(c)) != string(c) || c == 'ı')
}

// glanced is a name as somebody reads it who looks at it once: without accents and punctuation, and
// with the letters that signs are taken for.
func glanced(title string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsNumber(c) {
			return c
		}
		return -1
	}, strings.NewReplacer("0", "o", "1", "i", "l", "i", "|", "i", "rn", "m").Replace(names.Fold(title)))
}

// ownTitle returns ErrRoleTaken where another role of the partnership's own is called the same but
// for what nobody sees at a glance.
func ownTitle(ctx context.Context, q db.Reader, v access.Role) error {
	own, err := ownRoles(ctx, q)
	if err == nil && slices.ContainsFunc(own, func(r access.Role) bool {
		return r.ID != v.ID && glanced(r.Title) == glanced(v.Title)
	}) {
		err = ErrRoleTaken
	}
	return err
}

// AddRole keeps a new role, which nobody has yet, and returns its id. It returns
// *ui.Invalid or ErrRoleTaken.
func (r *Room) AddRole(ctx context.Context, by web.Person, v access.Role) (string, error) {
	v.ID, v.Own, v.Retired = r.NewID(), true, false
	if p := roleProblems(v); len(p) > 0 {
		return "", &ui.Invalid{Problems: p}
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := holdRoles(ctx, q); err != nil {
			return err
		}
		if err := ownTitle(ctx, q, v); err != nil {
			return err
		}
		if err := insertOwnRole(ctx, q, v, r.Now()); err != nil {
			return db.TakenAs(err, ErrRoleTaken)
		}
		if err := insertVersion(ctx, q, r.NewID(), v, 1, 0); err != nil {
			return err
		}
		return r.roleTrail().Note(ctx, q, by, "added", roleSubject, v.ID, v.Title,
			audittrail.Between(roleWords(access.Role{}), roleWords(v)))
	})
	return v.ID, db.Wrap(err, "add role %s", v.Title)
}

// SaveRole changes a role on a form that showed what was seen. Where that lets people who
// have it do what by may not, it waits for a second person, with the reason why, and waits
// is true. It returns *ui.Invalid, ErrRoleTaken, ErrRetired, ErrNoReason, ErrNobodyLeft, or
// *web.Changed.
func (r *Room) SaveRole(ctx context.Context, by web.Person, v access.Role, reason string, seen web.Seen) (waits bool,
	err error) {
	if p := roleProblems(v); len(p) > 0 {
		return false, &ui.Invalid{Problems: p}
	}
	waits, err = r.become(ctx, by, v.ID, reason, seen, "changed", func(q db.Q, was access.Role) (access.Role, error) {
		if was.Retired {
			return was, ErrRetired
		}
		v.Own, v.Retired = true, false
		return v, ownTitle(ctx, q, v)
	})
	return waits, db.Wrap(err, "change role %s", v.ID)
}

// RetireRole lets a role be given no more. Whoever has it may do nothing by it from now on.
// It returns ErrRetired, ErrNobodyLeft, or *web.Changed.
func (r *Room) RetireRole(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	_, err := r.become(ctx, by, id, "", seen, "retired", func(_ db.Q, was access.Role) (access.Role, error) {
		if was.Retired {
			return was, ErrRetired
		}
		was.Retired = true
		return was, nil
	})
	return db.Wrap(err, "retire role %s", id)
}

// ReopenRole takes back that a role was retired: whoever has it may do again what it allows.
// See SaveRole; it returns ErrNotRetired too.
func (r *Room) ReopenRole(ctx context.Context, by web.Person, id, reason string, seen web.Seen) (waits bool,
	err error) {
	waits, err = r.become(ctx, by, id, reason, seen, "brought back", func(_ db.Q, was access.Role) (access.Role, error) {
		if !was.Retired {
			return was, ErrNotRetired
		}
		was.Retired = false
		return was, nil
	})
	return waits, db.Wrap(err, "reopen role %s", id)
}

// UndoRole makes a role again what it was before its last change. See SaveRole; it returns
// ErrNothingBefore too.
func (r *Room) UndoRole(ctx context.Context, by web.Person, id, reason string, seen web.Seen) (waits bool, err error) {
	waits, err = r.become(ctx, by, id, reason, seen, "took back the last change of",
		func(q db.Q, _ access.Role) (access.Role, error) {
			before, err := versionsOf(ctx, q, id)
			if err == nil && len(before) < 2 {
				err = ErrNothingBefore
			}
			if err != nil {
				return access.Role{}, err
			}
			return before[1].role(), nil
		})
	return waits, db.Wrap(err, "take back the last change of role %s", id)
}

// become changes a role to what to makes of it, now or when a second person agrees.
func (r *Room) become(ctx context.Context, by web.Person, id, reason string, seen web.Seen, act string,
	to func(q db.Q, was access.Role) (access.Role, error)) (waits bool, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := holdRoles(ctx, q); err != nil {
			return err
		}
		was, err := ownRoleByID(ctx, q, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, roleSubject, id, fillRole(was)); err != nil {
			return err
		}
		now, err := to(q, was)
		if err != nil {
			return err
		}
		all, err := accounts(ctx, q)
		if err != nil {
			return err
		}
		if waits = len(beyond(by, now, all)) > 0; waits {
			return r.askChange(ctx, q, by, now, reason)
		}
		return r.makeRole(ctx, q, by, was, now, act)
	})
	return waits, err
}

// beyond lists the people who have a role that would let them do more than by holds, if it
// became what now is.
func beyond(by web.Person, now access.Role, all []account) []account {
	var out []account
	for _, a := range all {
		if len(access.Lacks(by, a.gains(now))) > 0 {
			out = append(out, a)
		}
	}
	return out
}

// gains gives what an account would have above what it has, if a role became what now is.
func (a account) gains(now access.Role) map[access.Power]bool {
	var to roles
	for _, g := range a.roles {
		if g.ID == now.ID {
			g.Role = now
		}
		to = append(to, g)
	}
	return added(a.roles, to, string(a.OrganisationID))
}

// askChange keeps that by asks for a role to become another.
func (r *Room) askChange(ctx context.Context, q db.Q, by web.Person, now access.Role, reason string) error {
	me, err := personByID(ctx, q, by.ID)
	if err != nil {
		return err
	}
	before, err := versionsOf(ctx, q, now.ID)
	if err != nil {
		return err
	}
	id := r.NewID()
	if err := insertVersion(ctx, q, id, now, 0, before[0].Place); err != nil {
		return err
	}
	return r.ask(ctx, q, by, me, askChange, id, reason)
}

// makeRole keeps what a role is from now on, on every node.
func (r *Room) makeRole(ctx context.Context, q db.Q, by web.Person, was, now access.Role, act string,
	more ...audittrail.More) error {
	before, err := versionsOf(ctx, q, now.ID)
	if err != nil {
		return err
	}
	had, err := keepers(ctx, q)
	if err != nil {
		return err
	}
	if err := updateOwnRole(ctx, q, now); err != nil {
		return db.TakenAs(err, ErrRoleTaken)
	}
	if err := had.remain(ctx, q); err != nil {
		return err
	}
	if gains := was.Retired || slices.ContainsFunc(now.Permissions, func(p web.Permission) bool {
		return !slices.Contains(was.Permissions, p)
	}); gains { // an invitation opens what the roles gave when it was printed
		if err := endInvitationsTo(ctx, q, now.ID, db.Opt(by.ID), db.At(r.Now())); err != nil {
			return err
		}
	}
	if err := insertVersion(ctx, q, r.NewID(), now, before[0].Place+1, before[0].Place); err != nil {
		return err
	}
	return r.roleTrail().Note(ctx, q, by, act, roleSubject, now.ID, now.Title,
		append(more, audittrail.Between(roleWords(was), roleWords(now)))...)
}

// changeSeconds lists who may agree to a change of a role: whoever may for each of the people
// who would be able to do more, and is none of them.
func changeSeconds(ctx context.Context, q db.Reader, asker web.Person, versionID string, all []account,
	made map[string]bool) ([]account, error) {
	v, err := versionByID(ctx, q, versionID)
	if err != nil {
		return nil, err
	}
	before, err := versionsOf(ctx, q, v.RoleID)
	if err != nil || before[0].Place != v.After {
		return nil, err // somebody changed it meanwhile
	}
	out := all
	for _, a := range beyond(asker, v.role(), all) {
		may := seconds(asker, a.ID, a.gains(v.role()), string(a.OrganisationID), all, made)
		out = slices.DeleteFunc(slices.Clone(out), func(x account) bool {
			return x.roles.has(v.RoleID) || !slices.ContainsFunc(may, func(y account) bool { return y.ID == x.ID })
		})
	}
	return slices.DeleteFunc(slices.Clone(out), func(x account) bool { return x.ID == asker.ID }), nil
}

// fulfilChange makes of a role what was asked; act begins what the trail says of it.
func (r *Room) fulfilChange(ctx context.Context, q db.Q, by web.Person, rq Request, act string) error {
	v, err := versionByID(ctx, q, rq.Value)
	if err != nil {
		return err
	}
	was, err := ownRoleByID(ctx, q, v.RoleID)
	if err != nil {
		return err
	}
	return r.makeRole(ctx, q, by, was, v.role(), act+"a change that "+rq.Asker+" asked for",
		audittrail.Because(rq.Reason))
}

// noteChange notes under a role what became of a change that was asked for.
func (r *Room) noteChange(ctx context.Context, q db.Q, by web.Person, rq Request, act string) error {
	v, err := versionByID(ctx, q, rq.Value)
	if err != nil {
		return err
	}
	return r.roleTrail().Note(ctx, q, by, act+"a change", roleSubject, v.RoleID, v.Title, audittrail.Because(rq.Reason))
}

func (r *Room) roleTrail() audittrail.Trail {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}
}
