package audits

import (
	"context"
	"fmt"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/remind"
)

// answersKind is the kind of reminders of answers to a self-assessment.
const answersKind = "audits.answers"

// recordOf is what a reminder of an organisation's answer is about.
func recordOf(roundID, organisationID string) string { return roundID + "/" + organisationID }

// Reminders are what people are reminded of by themselves.
func (r *Room) Reminders() []remind.Kind {
	return []remind.Kind{{ID: answersKind, Title: "Answers to a self-assessment",
		Words: "The contact of each organisation that was asked and has not sent its answer.", Before: []int{14, 7, 1},
		After: []int{1, 7, 14}, Officer: access.AuditsManage, Open: r.answersDue}}
}

// answersDue lists the answers that have not come. Whoever was written to within a day, by a
// button or by itself, is left for tomorrow.
func (r *Room) answersDue(ctx context.Context, q db.Reader) ([]remind.Item, error) {
	rounds, err := openRounds(ctx, q, r.Now.Today())
	if err != nil {
		return nil, err
	}
	var out []remind.Item
	for _, v := range rounds {
		all, err := missing(ctx, q, v.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			if !p.ChasedAt.IsZero() && r.Now().Sub(p.ChasedAt.Time) < restBetweenChases {
				continue
			}
			out = append(out, remind.Item{RecordID: recordOf(v.ID, p.OrganisationID), Title: v.Title + ": " + p.Organisation,
				Due: v.DueOn, Since: p.AskedOn, PersonID: string(p.ContactID), Name: p.Contact, Address: p.Email,
				Path: answerHref(p), FixPath: roundHref(v.ID) + "/organisations/" + p.OrganisationID + "/edit",
				Letter: func(m remind.Moment) (subject, text string) {
					return fmt.Sprintf("%s self-assessment: %s, due %s", v.Standard.Words(), v.Title, v.DueOn.Words()),
						fmt.Sprintf("%s has not yet sent its %s self-assessment for %s: %s. %s\n\nIf somebody else should answer "+
							"for %s, please tell us who.", p.Organisation, v.Standard.Words(), v.Year, v.Title, m.Words(),
							p.Organisation)
				},
				Done: func(ctx context.Context, q db.Q) error { return markChased(ctx, q, p, r.Now()) }})
		}
	}
	return out, nil
}
