package register

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/names"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Where one that is not here yet is added.
const (
	addPerson       = "/work/people/new"
	addOrganisation = "/work/organisations/new"
)

// Suggest finds records of a kind (ui.PickPeople, ui.PickOrganisations) by the words typed
// in a picker: those that by may see, at most MostFound. It returns web.ErrNotFound for a
// kind that is not theirs to look among.
func Suggest(ctx context.Context, q db.Reader, by web.Person, kind, typed string) (ui.Suggestions, error) {
	out := ui.Suggestions{Rows: []ui.Suggestion{}}
	switch {
	case kind == ui.PickPeople && by.May(access.PeopleRead):
		list, more, err := FindPeople(ctx, q, by, typed)
		for _, p := range list {
			out.Rows = append(out.Rows, ui.Suggestion{ID: p.ID, Words: p.Person().Words(), Name: p.Name, More: p.Told()})
		}
		if out.More = more; by.May(access.PeopleManage) {
			out.Add = addPerson
		}
		return out, err
	case kind == ui.PickOrganisations && by.May(access.PartnershipRead):
		list, more, err := FindOrganisations(ctx, q, typed)
		for _, o := range list {
			out.Rows = append(out.Rows, ui.Suggestion{ID: o.ID, Words: o.Name, More: o.Sector})
		}
		if out.More = more; by.May(access.PartnershipManage) {
			out.Add = addOrganisation
		}
		return out, err
	}
	return out, web.ErrNotFound
}

// mostWords keeps what is typed from making a statement of any length.
const mostWords = 6

// spelt is a folded column as pickers look in it: a space before each word, and no
// apostrophe within one.
const spelt = `' ' || replace(replace(%s, '-', ' '), '''', '')`

// beginsWords writes the conditions that each word typed begins a word of a folded column,
// and gives what the whole begins with, for the order. O'Brien is found as obrien, o brien
// and O’Brien. ok is false when no word was typed.
func beginsWords(args *[]any, column, typed string) (where, first string, ok bool) {
	begins := func(s string) string { return strings.TrimPrefix(db.Like(s), "%") }
	like := func(word string) string {
		*args = append(*args, "% "+begins(word))
		return fmt.Sprintf("%s LIKE $%d ESCAPE '\\'", fmt.Sprintf(spelt, column), len(*args))
	}
	words := strings.FieldsFunc(db.Fold(typed), func(r rune) bool { return strings.ContainsRune(" -,()", r) })
	words = slices.DeleteFunc(words, func(w string) bool { return strings.Trim(w, "'") == "" })
	if len(words) == 0 {
		return "", "", false
	}
	words = words[:min(len(words), mostWords)]
	var all []string
	for i := 0; i < len(words); i++ {
		parts := strings.FieldsFunc(words[i], func(r rune) bool { return r == '\'' })
		if len(parts) == 1 && len(parts[0]) == 1 && i+1 < len(words) { // o brien
			i++
			parts = append(parts, strings.ReplaceAll(words[i], "'", ""))
		}
		one := like(strings.Join(parts, ""))
		if len(parts) > 1 {
			var apart []string
			for _, p := range parts {
				apart = append(apart, like(p))
			}
			one = "(" + one + " OR " + strings.Join(apart, " AND ") + ")"
		}
		all = append(all, one)
	}
	return strings.Join(all, " AND "), " " + begins(strings.ReplaceAll(strings.Join(words, " "), "'", "")), true
}

// FindOrganisations finds the organisations there are now of whose name each word typed
// begins a word: those whose name begins with what was typed come first. It gives at most
// MostFound, with the sector's title as Sector, and whether there are more.
func FindOrganisations(ctx context.Context, q db.Reader, typed string) (list []Organisation, more bool, err error) {
	var args []any
	where, first, ok := beginsWords(&args, "o.folded", typed)
	if !ok {
		return nil, false, nil
	}
	args = append(args, first, MostFound+1)
	list, err = db.All[Organisation](ctx, q, fmt.Sprintf(`
		SELECT o.id, o.name, COALESCE(s.title, ''), o.ended_on
		FROM organisations o LEFT JOIN register_sectors s ON s.id = o.sector
		WHERE o.ended_on IS NULL AND %s
		ORDER BY CASE WHEN %s LIKE $%d ESCAPE '\' THEN 0 ELSE 1 END, o.folded, o.id LIMIT $%d`,
		where, fmt.Sprintf(spelt, "o.folded"), len(args)-1, len(args)), args...)
	if len(list) > MostFound {
		list, more = list[:MostFound], true
	}
	return list, more, db.Wrap(err, "find organisations")
}

// organisationByID finds one that has not ended, or was chosen before.
func organisationByID(ctx context.Context, q db.Reader, id string, kept ...string) (Organisation, error) {
	o, err := db.Get[Organisation](ctx, q, `SELECT id, name, sector, ended_on FROM organisations WHERE id = $1`, id)
	if err == nil && !o.EndedOn.IsZero() && !slices.Contains(kept, id) {
		return Organisation{}, db.ErrNotFound
	}
	return o, err
}

// organisationNamed finds the one there is now of a name, however it is written.
func organisationNamed(ctx context.Context, q db.Reader, name string) (Organisation, error) {
	list, err := db.All[Organisation](ctx, q, `SELECT id, name, sector, ended_on FROM organisations
		WHERE folded = $1 AND ended_on IS NULL ORDER BY created_at, id`, db.Fold(name))
	for _, o := range list {
		if names.Key(o.Name) == names.Key(name) {
			return o, nil
		}
	}
	return Organisation{}, cmp.Or(err, db.ErrNotFound)
}

// PickOrganisation reads a field of {{organisationPicker}}: which was chosen, or else the
// one organisation that the words typed there fit. When they fit several it offers them on
// the form, and when they fit none it says so; missing (unless "") is what is wrong with an
// empty field. kept is which was there before and may stay, ended or not. Who may not see
// organisations can only give an exact name.
func PickOrganisation(ctx context.Context, q db.Reader, by web.Person, f *web.Form, name, missing,
	kept string) (Organisation, error) {
	typed := f.Text(name, missing, 300)
	if typed == "" || f.Problem(name) != "" {
		return Organisation{}, nil
	}
	o, err := pickedOrganisation(ctx, q, by, f, name, typed, f.Chosen(name), kept)
	if err != nil {
		return Organisation{}, db.Wrap(err, "find an organisation for %s", name)
	}
	f.Choose(name, o.ID, o.Name)
	return o, nil
}

// PickOrganisations reads a field of {{organisationPicker … several}}: those ticked, and
// the one that words typed beside them fit. kept are those that were there before.
func PickOrganisations(ctx context.Context, q db.Reader, by web.Person, f *web.Form, name string,
	kept ...string) ([]string, error) {
	var out []string
	for _, id := range f.Picked(name) {
		o, err := organisationByID(ctx, q, id, kept...)
		if errors.Is(err, db.ErrNotFound) {
			f.Add(name, "One of those chosen has ended, or is not there any more: untick it")
			continue
		}
		if err != nil {
			return nil, db.Wrap(err, "find an organisation for %s", name)
		}
		out = append(out, o.ID)
	}
	typed := f.Text(name, "", 300)
	if typed == "" || f.Problem(name) != "" {
		return out, nil
	}
	o, err := pickedOrganisation(ctx, q, by, f, name, typed, "", "")
	if err != nil || o.ID == "" {
		return out, db.Wrap(err, "find an organisation for %s", name)
	}
	f.ChooseAlso(name, o.ID, o.Name)
	f.Set(name, "")
	if !slices.Contains(out, o.ID) {
		out = append(out, o.ID)
	}
	return out, nil
}

func pickedOrganisation(ctx context.Context, q db.Reader, by web.Person, f *web.Form, name, typed, chosen,
	kept string) (Organisation, error) {
	if chosen != "" {
		o, err := organisationByID(ctx, q, chosen, kept)
		if err == nil || !errors.Is(err, db.ErrNotFound) {
			return o, err
		}
	}
	o, err := organisationNamed(ctx, q, typed)
	if err == nil || !errors.Is(err, db.ErrNotFound) {
		return o, err
	}
	if !by.May(access.PartnershipRead) {
		f.Add(name, "No organisation is called “"+typed+"”. Check how it is written")
		return Organisation{}, nil
	}
	found, err := Suggest(ctx, q, by, ui.PickOrganisations, typed)
	if err != nil {
		return Organisation{}, err
	}
	if len(found.Rows) == 1 {
		return organisationByID(ctx, q, found.Rows[0].ID)
	}
	offer := found.Offer(typed)
	text := "Several organisations fit “" + typed + "”: choose which is meant"
	switch {
	case len(found.Rows) == 0:
		text = "No organisation here fits “" + typed + "”. Check the spelling, or try another word of its name"
	case found.More:
		text = "Many organisations fit “" + typed + "”: choose which is meant, or type more of its name"
	}
	f.Offer(name, text, offer)
	return Organisation{}, nil
}

// FillOrganisation fills {{organisationPicker}} with an organisation of a record, by its id.
func FillOrganisation(ctx context.Context, q db.Reader, f *web.Form, name, id string) error {
	if id == "" {
		return nil
	}
	o, err := db.Get[Organisation](ctx, q, `SELECT id, name, sector, ended_on FROM organisations WHERE id = $1`, id)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	f.Choose(name, o.ID, o.Name)
	return db.Wrap(err, "read an organisation")
}

// SayKept notes on a form, at pickers of the names given, when whom or what they have could
// not be chosen anew: an account that is closed, an organisation that has ended. It stays
// until another is chosen, and the page says so.
func SayKept(ctx context.Context, q db.Reader, f *web.Form, fields ...string) error {
	for _, name := range fields {
		id := f.Chosen(name)
		if id == "" || f.Problem(name) != "" {
			continue
		}
		active, err := db.Get[bool](ctx, q, `SELECT active FROM people WHERE id = $1`, id)
		switch {
		case err == nil && !active:
			f.Keep(name, "Their account is closed. They stay here until you choose somebody else")
		case err != nil && !errors.Is(err, db.ErrNotFound):
			return fmt.Errorf("read who is chosen: %w", err)
		}
		if err == nil {
			continue
		}
		ended, err := db.Get[db.Date](ctx, q, `SELECT ended_on FROM organisations WHERE id = $1`, id)
		switch {
		case err == nil && !ended.IsZero():
			f.Keep(name, "It ended on "+ended.Words()+". It stays here until you choose another")
		case err != nil && !errors.Is(err, db.ErrNotFound):
			return fmt.Errorf("read what is chosen: %w", err)
		}
	}
	return nil
}

// Told tells a person from others of their name: what they do and where, or else their
// address.
func (f Found) Told() string { return cmp.Or(f.More(), f.Email) }
