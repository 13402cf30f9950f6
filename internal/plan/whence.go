package plan

import (
	"context"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// Where a recommendation or an action comes from, as each reader may read it.

// aReview stands for the name of a review, for those who may not read it.
const aReview = "A review"

// as gives an action as a reader may read it, to be shown and never to be kept: without the
// name of the review it comes from, unless they may read that.
func (a Action) as(by web.Person) Action {
	if a.SourceKind == FromReview && !actionRules.May(by, access.Read, a.of(), reviewField) {
		a.Source = ""
	}
	return a
}

// as gives a recommendation as a reader may read it, as for an action.
func (v Recommendation) as(by web.Person) Recommendation {
	if v.SourceKind == FromReview && !recommendationRules.May(by, access.Read, access.Object{}, reviewField) {
		v.Source = ""
	}
	return v
}

// From says where the action comes from: "Audit: Neglect".
func (a Action) From() string { return from(a.SourceKind, a.Source) }

// From says where the recommendation comes from.
func (v Recommendation) From() string { return from(v.SourceKind, v.Source) }

// from says where something comes from: "Review: Rowan". A review always has a name: one without
// is one whose name the reader may not read.
func from(k SourceKind, source string) string {
	switch {
	case source != "":
		return k.Words() + ": " + source
	case k == FromReview:
		return aReview
	}
	return k.Words()
}

// inSentence is where something comes from, in the middle of a sentence.
func inSentence(from string) string {
	if from == aReview {
		return "a review"
	}
	return from
}

// sourceCell is the name of a source in a file.
func sourceCell(k SourceKind, source string) string {
	if k == FromReview && source == "" {
		return aReview
	}
	return source
}

// foundByWords writes the condition that a text finds what comes from a review by its own words,
// and by the review's name only where the reader may read it: else the name could be guessed. The
// folded column holds both, so the words alone are looked at here. from selects the id and the
// words of the table, which has an alias.
func foundByWords(ctx context.Context, q db.Reader, from, alias, text string, rules access.Kind, by web.Person,
	args *[]any) (string, error) {
	if text == "" || rules.MayAll(by, access.Read, reviewField) {
		return "", nil
	}
	type found struct{ ID, Words string }
	list, err := db.All[found](ctx, q, from+` WHERE `+alias+`.source_kind = 'review' AND `+alias+
		`.folded LIKE $1 ESCAPE '\'`, db.Like(text))
	var ids []string
	for _, x := range list {
		if strings.Contains(db.Fold(x.Words), db.Fold(text)) {
			ids = append(ids, x.ID)
		}
	}
	return ` AND (` + alias + `.source_kind <> 'review' OR ` + rules.Where(args, by, access.Read, reviewField) + ` OR ` +
		alias + `.id IN ` + db.In(args, ids) + `)`, err
}

// historyOf lists what was done to a record that comes from somewhere, without the names it was
// said to come from for those who may not read a review's. What it comes from may have changed, so
// its kind today says nothing of what it was.
func (r *Room) historyOf(ctx context.Context, named bool, subject, id string) ([]audittrail.Entry, error) {
	list, err := audittrail.Of(ctx, r.Work, subject, id)
	if named {
		return list, err
	}
	out := slices.Clone(list)
	for i, e := range out {
		out[i] = e.Withheld("Source")
	}
	return out, err
}
