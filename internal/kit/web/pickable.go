package web

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/names"
	"kith/internal/kit/ui"
)

// A Pickable is a kind of record that pickers choose among, for one person.
type Pickable struct {
	One, Many string // what it is called: "course", "courses"
	// Find gives what fits the words typed, of what the person may see.
	Find func(ctx context.Context, typed string) (ui.Suggestions, error)
	// Named gives the words that stand for a record, by its id; db.ErrNotFound when it is not
	// there, or not for the person.
	Named func(ctx context.Context, id string) (string, error)
}

// Unpicked is the id that a filter gives when what was typed names no one record: no record has
// it, so that the list is empty beside the question which one is meant.
const Unpicked = "-"

// Pick reads a field of a picker: which record was chosen, or else the one that has what was
// typed as its id or its words. When they fit several it offers them on the form, and when they fit none it says
// so; missing (unless "") is what is wrong with an empty field.
func (f *Form) Pick(ctx context.Context, name, missing string, of Pickable) (id string, err error) {
	typed := f.Text(name, missing, mostTyped)
	if typed == "" || f.Problem(name) != "" {
		return "", nil
	}
	one, problem, offer, err := of.pick(ctx, typed, cmp.Or(f.Chosen(name), typed))
	if err != nil {
		return "", db.Wrap(err, "find one for %s", name)
	}
	if problem != "" {
		f.Offer(name, problem, offer)
		return "", nil
	}
	f.Choose(name, one.ID, one.Words)
	return one.ID, nil
}

// PickFilter reads a filter of a list that is a picker: the id that the address has, or what was
// chosen or typed in the form. It gives "" when nothing is asked for, and Unpicked when it has
// to be asked which record is meant, or none fits.
func PickFilter(ctx context.Context, list *ui.List, name string, of Pickable) (id string, err error) {
	typed := strings.TrimSpace(list.Query.Get(name))
	chosen, words, _ := strings.Cut(list.Query.Get(ui.ChosenField(name)), " ")
	if strings.TrimSpace(words) != typed {
		chosen = ""
	}
	if typed == "" {
		list.Query.Del(name)
		list.Query.Del(ui.ChosenField(name))
		return "", nil
	}
	if len(typed) > mostTyped {
		list.Offer(name, "Type fewer words", ui.Offer{})
		return Unpicked, nil
	}
	one, problem, offer, err := of.pick(ctx, typed, cmp.Or(chosen, typed))
	if err != nil {
		return "", db.Wrap(err, "find one to filter by, for %s", name)
	}
	if problem != "" {
		list.Offer(name, problem, offer)
		return Unpicked, nil
	}
	list.Pick(name, one.ID, one.Words)
	return one.ID, nil
}

// pick gives the record chosen, or the one that words fit; otherwise what to say, and to offer.
func (of Pickable) pick(ctx context.Context, typed, chosen string) (one ui.Suggestion, problem string, o ui.Offer,
	err error) {
	if chosen != "" {
		words, err := of.Named(ctx, chosen)
		if err == nil {
			return ui.Suggestion{ID: chosen, Words: words}, "", o, nil
		}
		if !errors.Is(err, db.ErrNotFound) {
			return one, "", o, err
		}
	}
	found, err := of.Find(ctx, typed)
	if err != nil {
		return one, "", o, err
	}
	var exact []ui.Suggestion
	for _, s := range found.Rows {
		if names.Key(s.Words) == names.Key(typed) || names.Key(s.Name) == names.Key(typed) {
			exact = append(exact, s)
		}
	}
	switch {
	case len(exact) == 1:
		return exact[0], "", o, nil
	case len(found.Rows) == 1:
		return found.Rows[0], "", o, nil
	case len(found.Rows) == 0:
		problem = "No " + of.One + " here fits “" + typed + "”. Check the spelling, or try another word"
		return one, problem, found.Offer(typed), nil
	case found.More:
		return one, "Many " + of.Many + " fit “" + typed + "”: choose which is meant, or type more", found.Offer(typed), nil
	}
	return one, "Several " + of.Many + " fit “" + typed + "”: choose which is meant", found.Offer(typed), nil
}

// Suggest finds, among records that are all at hand, those of whose words each word typed begins
// one: at most most, in the order they are given.
func Suggest(all []ui.Suggestion, typed string, most int) ui.Suggestions {
	out := ui.Suggestions{Rows: []ui.Suggestion{}}
	words := wordsOf(typed)
	if len(words) == 0 {
		return out
	}
	for _, s := range all {
		if !begins(wordsOf(s.Words+" "+s.More+" "+s.Also), words) {
			continue
		}
		if len(out.Rows) == most {
			out.More = true
			break
		}
		out.Rows = append(out.Rows, s)
	}
	return out
}

// wordsOf gives the words of a text, as they are compared: without accents and capitals.
func wordsOf(text string) []string {
	return strings.FieldsFunc(db.Fold(strings.NewReplacer("'", "", "’", "").Replace(text)), func(c rune) bool {
		return strings.ContainsRune(" -,.:;()/&“”\"", c)
	})
}

// begins reports whether each of the words typed begins one of those of a text.
func begins(text, typed []string) bool {
	for _, w := range typed {
		found := false
		for _, x := range text {
			found = found || strings.HasPrefix(x, w)
		}
		if !found {
			return false
		}
	}
	return true
}

// AmongAll makes a Pickable of records that are all at hand, such as those of a short list.
func AmongAll(one, many string, all func(ctx context.Context) ([]ui.Suggestion, error)) Pickable {
	return Pickable{One: one, Many: many,
		Find: func(ctx context.Context, typed string) (ui.Suggestions, error) {
			list, err := all(ctx)
			return Suggest(list, typed, mostSuggested), err
		},
		Named: func(ctx context.Context, id string) (string, error) {
			list, err := all(ctx)
			for _, s := range list {
				if s.ID == id {
					return s.Words, err
				}
			}
			return "", cmp.Or(err, db.ErrNotFound)
		}}
}

// mostSuggested is how many records are offered at once.
const mostSuggested = 10
