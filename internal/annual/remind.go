package annual

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/remind"
)

// Reminders are what people are reminded of by themselves.
func (r *Room) Reminders() []remind.Kind {
	return []remind.Kind{{ID: "annual.agreement", Title: "Agreeing the yearly report",
		Words:  "Whoever was asked to agree the yearly report for a statutory partner, until they answer.",
		Before: []int{7, 1}, After: []int{1, 7}, Officer: access.ReportEdit, Open: r.answersDue},
		{ID: "annual.chapters", Title: "Chapters of the yearly report",
			Words:  "Whoever was asked to write a chapter, until they say that it is ready to read.",
			Before: []int{14, 7, 1}, After: []int{1, 7, 14}, Officer: access.ReportEdit, Open: r.chaptersOpen},
		{ID: "annual.contributions", Title: "Contributions to the yearly report",
			Words:  "Whoever of an agency was asked to contribute, until they give it or decline.",
			Before: []int{14, 7, 1}, After: []int{1, 7, 14}, Officer: access.ReportEdit, Open: r.contributionsOpen}}
}

// contributionsOpen lists the contributions that were asked for and have not come.
func (r *Room) contributionsOpen(ctx context.Context, q db.Reader) ([]remind.Item, error) {
	list, err := contributionsDue(ctx, q)
	var out []remind.Item
	for _, c := range list {
		out = append(out, remind.Item{RecordID: c.ID, Title: c.For() + ": " + c.Who(), Due: c.DueOn,
			Since: period.DateOf(c.AskedAt.Time), PersonID: c.PersonID, Name: c.Person, Address: c.Email,
			Path: contributionHref(c.ID), FixPath: contributionHref(c.ID),
			Letter: func(m remind.Moment) (subject, text string) {
				subject, words := c.asks()
				return subject, words + " " + m.Words() + "\n\n" + c.Asked + "\n\nIf you cannot write it, decline there, so that " +
					"somebody else can be asked."
			}})
	}
	return out, err
}

// chaptersOpen lists the chapters that somebody is writing, with a day.
func (r *Room) chaptersOpen(ctx context.Context, q db.Reader) ([]remind.Item, error) {
	list, err := chaptersDue(ctx, q)
	var out []remind.Item
	for _, c := range list {
		out = append(out, remind.Item{RecordID: c.ID, Title: c.Year + ": " + c.readTitle(), Due: c.DueOn, Since: c.GivenOn,
			PersonID: string(c.OwnerID), Name: c.Owner, Address: c.OwnerEmail, Path: chapterHref(c),
			FixPath: href(c.Year) + "/chapters/" + c.ID + "/give",
			Letter: func(m remind.Moment) (subject, text string) {
				return "Your chapter: " + c.readTitle(), "You were asked to write this chapter of the yearly report " + c.Year +
					": " + c.readTitle() + ". " + m.Words() + "\n\nWhen it can be read, say so on its page."
			}})
	}
	return out, err
}

// answersDue lists those who were asked to agree a report and have not answered. Whoever was
// written to within a day is left for tomorrow.
func (r *Room) answersDue(ctx context.Context, q db.Reader) ([]remind.Item, error) {
	all, err := openAskings(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []remind.Item
	for _, a := range all {
		rep, err := report(ctx, q, a.Year)
		if err != nil {
			return nil, err
		}
		list, err := signers(ctx, q, a.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			if !s.Waiting() || s.resting(r.Now()) {
				continue
			}
			out = append(out, remind.Item{RecordID: s.ID, Title: rep.Title + ": " + s.Organisation, Due: a.DueOn,
				Since: period.DateOf(s.AskedAt.Time), PersonID: s.PersonID, Name: s.Name, Address: s.Email,
				Path: draftHref(a.Year), FixPath: href(a.Year),
				Letter: func(m remind.Moment) (subject, text string) {
					subject, words, about := a.asked(rep, s)
					return subject, words + " " + m.Words() + "\n\n" + about
				},
				Done: func(ctx context.Context, q db.Q) error { return setReminded(ctx, q, s.ID, db.At(r.Now())) }})
		}
	}
	return out, nil
}
