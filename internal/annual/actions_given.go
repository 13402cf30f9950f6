package annual

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// Chapters lists the chapters of a year's report in order, then the sections of its summary.
func (r *Room) Chapters(ctx context.Context, year string) ([]Chapter, error) {
	list, err := chapters(ctx, r.Work, year)
	return list, db.Wrap(err, "read the chapters of report %s", year)
}

// giveActs begin the acts that change what fillGive and fillStage say.
var giveActs = []string{"gave a chapter", "said of a chapter"}

// GiveChapter gives a chapter to somebody to write by a day; to nobody where ownerID is "". It
// returns *ui.Invalid for somebody who cannot open the report.
func (r *Room) GiveChapter(ctx context.Context, by web.Person, id, ownerID string, due period.Date,
	seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := lockChapter(ctx, q, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, subject, c.Year, fillGive(c), giveActs...); err != nil {
			return err
		}
		to := "nobody"
		var owner []web.Person
		if ownerID != "" && ownerID != string(c.OwnerID) {
			list, err := r.People.WhoMay(ctx, q, access.ReportRead)
			if err != nil {
				return err
			}
			i := among(list, ownerID)
			if i < 0 {
				return &ui.Invalid{Problems: []ui.Problem{{Field: "owner", Text: "They cannot open the report. Choose somebody " +
					"who can, or give them a role that reads it first"}}}
			}
			owner = list[i : i+1]
		}
		was := c
		if ownerID != string(c.OwnerID) || due != c.DueOn {
			c.GivenOn, c.GivenByID = r.Now.Today(), by.ID
		}
		c.OwnerID, c.DueOn = db.Opt(ownerID), due
		if err := setGiven(ctx, q, c); err != nil {
			return err
		}
		if c, err = chapter(ctx, q, id); err != nil {
			return err
		}
		if c.Owner != "" {
			to = c.Owner
		}
		if err := r.note(ctx, q, by, "gave a chapter of", c.Year, c.Title+": to "+to,
			audittrail.Between(fillGive(was), fillGive(c))); err != nil {
			return err
		}
		return r.tellGiven(ctx, q, by, owner, c)
	})
	return db.Wrap(err, "give chapter %s", id)
}

// StepChapter says how far a chapter is. It returns db.ErrNotFound for somebody who may not
// write it.
func (r *Room) StepChapter(ctx context.Context, by web.Person, id string, to Stage, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := lockChapter(ctx, q, id)
		if err != nil {
			return err
		}
		if !chapterRules.May(by, access.Change, c.of()) {
			return db.ErrNotFound
		}
		if err := audittrail.Check(ctx, q, seen, subject, c.Year, fillStage(c), giveActs...); err != nil {
			return err
		}
		was := c.Stage
		if c.Stage = to; was == to {
			return nil
		}
		if err := setGiven(ctx, q, c); err != nil {
			return err
		}
		if err := r.note(ctx, q, by, "said of a chapter of", c.Year, c.Title+": "+c.StageWords()); err != nil {
			return err
		}
		if to == Writing {
			return nil
		}
		return r.tellStage(ctx, q, by, c)
	})
	return db.Wrap(err, "say how far chapter %s is", id)
}
