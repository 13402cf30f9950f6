package register

import (
	"context"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
)

// A Term is something that areas call differently, with the forms of the word that
// the program's texts need.
type Term struct {
	Title   string   // what it is, for somebody who calls it something else
	Forms   []string // the standard words: "committee", "committees"
	Example string   // what others say
}

// TermsSubject is what the audit trail calls the words of a partnership.
const TermsSubject = "the partnership’s words"

// StandardTerms are the words that a partnership may set to its own. The program's
// texts never write them out (internal/arch holds it): they mark them, as
// lang.Terms says. A name that the law or the Department gives, such as that of a
// statutory return, is no term.
var StandardTerms = []Term{
	{"Where people first ring about a child", []string{"front door"}, "MASH, integrated front door, first response"},
	{"A group that does part of the partnership’s work", []string{"committee", "committees"},
		"subgroup and subgroups, board and boards"},
	{"Children whom the council looks after", []string{"looked after", "looked-after children"},
		"in care and children in care, cared for and our children"},
}

// Terms gives the installation's words.
func (r *Register) Terms(ctx context.Context) (lang.Terms, error) {
	if r == nil {
		return nil, nil
	}
	return r.terms.Get(ctx)
}

// ReadTerms reads the words that a partnership has set.
func ReadTerms(ctx context.Context, q db.Reader) (lang.Terms, error) {
	type row struct{ Standard, Word string }
	rows, err := db.All[row](ctx, q, `SELECT standard, word FROM register_terms`)
	if err != nil {
		return nil, err
	}
	out := lang.Terms{}
	for _, x := range rows {
		out[x.Standard] = x.Word
	}
	return out, nil
}

// HoldTerms makes those who change the words wait for each other until the
// transaction ends.
func HoldTerms(ctx context.Context, q db.Q) error {
	_, err := db.Exec(ctx, q, `UPDATE register_sectors SET title = title WHERE id = $1`, Other)
	return err
}

// SaveTerms keeps the words of a partnership; one that is empty or the standard
// word is the standard one. It returns *ui.Invalid for a word that has marks of its
// own in it. Fields are named by TermField.
func SaveTerms(ctx context.Context, q db.Q, terms lang.Terms) error {
	var invalid ui.Invalid
	if _, err := db.Exec(ctx, q, `DELETE FROM register_terms`); err != nil {
		return err
	}
	var rows [][]any
	for _, t := range StandardTerms {
		var empty, set []string
		for _, standard := range t.Forms {
			word := strings.TrimPrefix(strings.Join(strings.Fields(terms[standard]), " "), "the ")
			switch {
			case word == "":
				empty = append(empty, standard)
				continue
			case strings.ContainsAny(word, "{}<>"):
				invalid.Problems = append(invalid.Problems,
					ui.Problem{Field: TermField(standard), Text: "Use letters and spaces only"})
			}
			set = append(set, standard)
			if word != standard {
				rows = append(rows, []any{standard, word})
			}
		}
		if len(set) == 0 {
			continue
		}
		for _, standard := range empty { // else a page says one word here and the other there
			invalid.Problems = append(invalid.Problems, ui.Problem{Field: TermField(standard),
				Text: "Enter what you say instead of this too, or leave both fields empty"})
		}
	}
	if len(invalid.Problems) > 0 {
		return &invalid
	}
	return db.Insert(ctx, q, `INSERT INTO register_terms (standard, word)`, rows, "")
}

// TermField names the form field of a standard word.
func TermField(standard string) string { return "term-" + Word(standard) }

// termWords lists the standard words in every form.
func termWords() []string {
	var out []string
	for _, t := range StandardTerms {
		out = append(out, t.Forms...)
	}
	return out
}

// IsTerm reports whether a word is one that a partnership may set.
func IsTerm(word string) bool { return slices.Contains(termWords(), word) }
