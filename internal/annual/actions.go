package annual

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/publish"
	"kith/internal/kit/release"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// subject is what the audit trail calls a report, by its year.
const subject = "yearly report"

// note keeps who did what to a report, in the same transaction.
func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act, year, detail string,
	more ...audittrail.More) error {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}.Note(ctx, q, by, act, subject, year, detail,
		more...)
}

// changed notes that something of a report changed, and who did what to it.
func (r *Room) changed(ctx context.Context, q db.Q, by web.Person, act, year, detail string,
	more ...audittrail.More) error {
	if err := touch(ctx, q, year, r.Now()); err != nil {
		return err
	}
	return r.note(ctx, q, by, act, year, detail, more...)
}

// AddReport begins a year's report. It returns ErrYearTaken when there is one.
func (r *Room) AddReport(ctx context.Context, by web.Person, year period.Year, title, lead string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertReport(ctx, q, year.String(), title, lead, r.Now()); err != nil {
			return db.TakenAs(err, ErrYearTaken)
		}
		return r.note(ctx, q, by, "began", year.String(), title)
	})
	return db.Wrap(err, "begin report %s", year)
}

// SaveReport changes a report's title and the sentence under its summary's, from a
// form that showed what was seen. It returns *web.Changed when somebody changed
// them meanwhile.
func (r *Room) SaveReport(ctx context.Context, by web.Person, year, title, lead string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := touch(ctx, q, year, r.Now()); err != nil { // and holds it
			return err
		}
		was, err := report(ctx, q, year)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, subject, year, fillReport(was), "renamed", "began"); err != nil {
			return err
		}
		if err := updateReport(ctx, q, year, title, lead); err != nil {
			return err
		}
		now, err := report(ctx, q, year)
		if err != nil {
			return err
		}
		return r.note(ctx, q, by, "renamed", year, title,
			audittrail.Between(fillReport(was), fillReport(now)))
	})
	return db.Wrap(err, "rename report %s", year)
}

// AddChapter adds a chapter at the end of a part, and gives its id. It returns
// ErrTitleTaken when the part has a chapter of that name.
func (r *Room) AddChapter(ctx context.Context, by web.Person, year, part, title, markdown string) (string, error) {
	now := r.Now()
	c := Chapter{ID: r.NewID(), Year: year, Part: part, Slug: Slug(title), Title: title, Markdown: clean(markdown),
		ChangedAt: db.At(now), ChangedBy: by.Name}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := r.changed(ctx, q, by, "added a chapter to", year, title); err != nil {
			return err
		}
		if err := insertChapter(ctx, q, c); err != nil {
			return db.TakenAs(err, ErrTitleTaken)
		}
		return insertVersion(ctx, q, Version{c.ID, 1, title, c.Markdown, db.At(now), by.Name, ""})
	})
	return c.ID, db.Wrap(err, "add chapter %q to report %s", title, year)
}

// clean keeps a text as every browser and system would have it.
func clean(markdown string) string {
	return strings.TrimRight(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(markdown), " \n") + "\n"
}

// SaveChapter saves a text as a new version, from a form that showed what was seen.
// It returns *web.Changed, and saves nothing, when somebody saved the chapter
// meanwhile.
func (r *Room) SaveChapter(ctx context.Context, by web.Person, id, title, markdown string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockChapter(ctx, q, id)
		if err != nil {
			return err
		}
		if err := was.check(ctx, q, seen); err != nil {
			return err
		}
		return r.save(ctx, q, by, was, title, clean(markdown), "")
	})
	return db.Wrap(err, "save chapter %s", id)
}

// check says who saved the chapter when it is not what was seen. The audit trail is
// of the whole report, so the chapter's own last version tells who and when, and the
// trail's first entry since then only which account that was.
func (c Chapter) check(ctx context.Context, q db.Reader, seen web.Seen) error {
	err := seen.Check(fillChapter(c))
	var changed *web.Changed
	if !errors.As(err, &changed) {
		return err
	}
	changed.By, changed.At = c.ChangedBy, c.ChangedAt.Time
	entries, err := audittrail.Of(ctx, q, subject, c.Year)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.At.Before(c.ChangedAt.Time) {
			break
		}
		if e.Person == c.ChangedBy {
			changed.ByID = e.PersonID
		}
	}
	return changed
}

// save keeps the next version of a chapter that is held.
func (r *Room) save(ctx context.Context, q db.Q, by web.Person, c Chapter, title, markdown, why string) error {
	was := fillChapter(c)
	c.Title, c.Markdown, c.Version, c.ChangedAt, c.ChangedBy = title, markdown, c.Version+1, db.At(r.Now()), by.Name
	if err := saveText(ctx, q, c); err != nil {
		return err
	}
	if err := insertVersion(ctx, q, Version{c.ID, c.Version, title, markdown, c.ChangedAt, by.Name, why}); err != nil {
		return err
	}
	return r.changed(ctx, q, by, "saved a chapter of", c.Year, title, audittrail.Between(was, fillChapter(c)))
}

// RestoreVersion makes an earlier text the chapter's text again, as a new
// version: nothing is lost. It returns ErrStale when over is no longer the
// chapter's version.
func (r *Room) RestoreVersion(ctx context.Context, by web.Person, id string, from, over int64) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := lockChapter(ctx, q, id)
		if err != nil {
			return err
		}
		v, err := version(ctx, q, id, from)
		if err != nil {
			return err
		}
		if c.Version != over {
			return ErrStale
		}
		return r.save(ctx, q, by, c, v.Title, v.Markdown, fmt.Sprintf("Version %d restored", from))
	})
	return db.Wrap(err, "restore version %d of chapter %s", from, id)
}

// MoveChapter moves a chapter within its part: behind another, or to the beginning where
// after is "". It returns *web.Changed when the order is not the one that was seen, and
// db.ErrNotFound when after is no other chapter of the part.
func (r *Room) MoveChapter(ctx context.Context, by web.Person, id, after string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := chapter(ctx, q, id)
		if err != nil {
			return err
		}
		if err := lockReport(ctx, q, c.Year); err != nil {
			return err
		}
		part, err := siblings(ctx, q, c)
		if err != nil {
			return err
		}
		if err := seen.Check(fillMove(c, part)); err != nil {
			return err
		}
		from := slices.IndexFunc(part, func(x Chapter) bool { return x.ID == id })
		part = slices.DeleteFunc(part, func(x Chapter) bool { return x.ID == id })
		to := 0
		if after != "" {
			if to = 1 + slices.IndexFunc(part, func(x Chapter) bool { return x.ID == after }); to == 0 {
				return db.ErrNotFound
			}
		}
		if to == from {
			return nil
		}
		for i, x := range slices.Insert(part, to, c) {
			if err := setPosition(ctx, q, x.ID, int64(i+1)); err != nil {
				return err
			}
		}
		return r.changed(ctx, q, by, "moved a chapter of", c.Year, c.Title)
	})
	return db.Wrap(err, "move chapter %s", id)
}

// siblings lists the chapters of the part that a chapter stands in, in order.
func siblings(ctx context.Context, q db.Reader, c Chapter) ([]Chapter, error) {
	all, err := chapters(ctx, q, c.Year)
	return slices.DeleteFunc(all, func(x Chapter) bool { return x.Part != c.Part }), err
}

// RemoveChapter takes a chapter out of the report. It is kept, with every text
// it had, and can be put back. It returns ErrStale when version is no longer the
// chapter's version.
func (r *Room) RemoveChapter(ctx context.Context, by web.Person, id string, version int64) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := lockChapter(ctx, q, id)
		if err != nil {
			return err
		}
		if c.Version != version {
			return ErrStale
		}
		if err := removeChapter(ctx, q, id, r.Now()); err != nil {
			return err
		}
		return r.changed(ctx, q, by, "took a chapter out of", c.Year, c.Title)
	})
	return db.Wrap(err, "remove chapter %s", id)
}

// PutBackChapter puts a chapter back that was taken out. It returns ErrTitleTaken
// when another has its name by now, and db.ErrNotFound for one of another year.
func (r *Room) PutBackChapter(ctx context.Context, by web.Person, year, id string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := putBack(ctx, q, id); err != nil {
			return db.TakenAs(err, ErrTitleTaken)
		}
		c, err := chapter(ctx, q, id)
		if err != nil {
			return err
		}
		if c.Year != year {
			return db.ErrNotFound
		}
		return r.changed(ctx, q, by, "put a chapter back into", c.Year, c.Title)
	})
	return db.Wrap(err, "put back chapter %s", id)
}

// SaveTiles replaces the tiles that frame the summary, from a form that showed what
// was seen. It returns *web.Changed when somebody saved them meanwhile.
func (r *Room) SaveTiles(ctx context.Context, by web.Person, year string, list []Tile, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := touch(ctx, q, year, r.Now()); err != nil { // and holds it
			return err
		}
		was, err := tiles(ctx, q, year)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, subject, year, fillTiles(was), "changed the tiles of"); err != nil {
			return err
		}
		if err := replaceTiles(ctx, q, year, list); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed the tiles of", year, fmt.Sprintf("%d tiles", len(list)),
			audittrail.Between(fillTiles(was), fillTiles(list)))
	})
	return db.Wrap(err, "save tiles of report %s", year)
}

// PublishReport builds a year's report, keeps its files as a new version and has
// them put on the public site, which it tries at once; earlier versions stay as they
// were. It returns the problems and ErrProblems when the texts are not sound,
// ErrUnfinished when there is no content or a chapter is empty,
// *web.Changed when they are not those that were seen or a partner answered since, *ui.Invalid
// when somebody of the statutory partners has not agreed it and why says nothing, ErrStale when somebody else
// published at the same moment,
// publish.ErrBeingTaken while the report is being withdrawn, and
// publish.ErrWaiting when the public store does not have it yet.
func (r *Room) PublishReport(ctx context.Context, by web.Person, year, why string, seen web.Seen) (version int64,
	problems []Problem, err error) {
	now := r.Now() // before the texts are read: what is saved from now on is a later change
	b, err := r.evaluate(ctx, year, true)
	if err != nil {
		return 0, nil, fmt.Errorf("publish report %s: %w", year, err)
	}
	if err := b.ready(); err != nil {
		return 0, b.problems, err
	}
	built, err := b.files()
	if err != nil {
		return 0, b.problems, fmt.Errorf("publish report %s: %w", year, err)
	}
	// The public store may have versions that this workspace does not know, from
	// before it was brought back from a backup. If it cannot be asked, the
	// workspace's own count has to do.
	public, err := lastReleased(ctx, r.Public, year)
	if err != nil {
		public = 0
	}
	files := stored(built)
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockAsking(ctx, q, year); err != nil {
			return err
		}
		rep, err := report(ctx, q, year)
		if err != nil {
			return err
		}
		last, err := lastPublication(ctx, q, year)
		if err != nil {
			return err
		}
		agreement, err := r.agreement(ctx, q, year, b.reading())
		if err != nil {
			return err
		}
		missing := agreement.Missing()
		if err := seen.Check(fillPublish(rep, last, missing)); err != nil {
			return err
		}
		if len(missing) == 0 {
			why = ""
		} else if why == "" {
			return &ui.Invalid{Problems: []ui.Problem{{Field: "why", Text: "Say why it is published all the same"}}}
		}
		version = max(last, public) + 1
		pub := publication{Version: version, Title: b.text.report.Title, Files: int64(len(files)), PublishedAt: db.At(now),
			PublishedBy: by.Name, Agreed: strings.Join(agreement.Agreed(), "; "), NotAgreed: strings.Join(missing, "; "),
			Why: why}
		if err := insertPublication(ctx, q, year, pub); db.IsUnique(err) {
			return ErrStale
		} else if err != nil {
			return err
		}
		if err := insertContents(ctx, q, year, version, files); err != nil {
			return err
		}
		detail := fmt.Sprintf("version %d", version)
		if n := len(b.ledger.release.Hidden); n > 0 {
			detail += ", with " + lang.Plural(n, "number", "numbers") + " about children hidden"
		}
		if b.ledger.release.Corrects() {
			detail += "; it corrects numbers that were published before"
		}
		if err := r.note(ctx, q, by, "published", year, detail, audittrail.Because(why)); err != nil {
			return err
		}
		if agreement.Asking != nil {
			if err := endAsking(ctx, q, agreement.Asking.ID, db.At(now), by.Name, askPublished); err != nil {
				return err
			}
		}
		if err := b.ledger.release.Keep(ctx, q, release.By{Subject: releaseName(b.text.year), Version: version,
			At: db.At(now), Person: by.Name}); errors.Is(err, release.ErrMoved) {
			return ErrStale
		} else if err != nil {
			return err
		}
		return r.Outbox.Put(ctx, q, publish.Item{Kind: kindReport, Key: year, Version: version})
	})
	if err == nil {
		err = r.Outbox.Release(ctx, kindReport, year)
	}
	if err != nil {
		return version, b.problems, fmt.Errorf("publish report %s: %w", year, err)
	}
	return version, b.problems, nil
}

// WithdrawReport takes a report off the public site, which then says that it was and
// why. Its files are kept in the workspace. It returns nil only when the public
// store no longer has them, publish.ErrWaiting when they are still public and it
// is tried again, and ErrUnpublished when there is nothing to take.
func (r *Room) WithdrawReport(ctx context.Context, by web.Person, year, why string) error {
	public, err := r.Outbox.State(ctx, kindReport, year)
	if err != nil {
		return fmt.Errorf("withdraw report %s: %w", year, err)
	}
	if !public.StillPublic() { // else it is decided already, and only tried again
		err = r.Work.Tx(ctx, func(q db.Q) error {
			rep, err := report(ctx, q, year)
			if err != nil {
				return err
			}
			if rep.State != Published && public.Settled && public.Shown == 0 {
				return ErrUnpublished
			}
			if err := r.note(ctx, q, by, "withdrew", year, why); err != nil {
				return err
			}
			payload, err := json.Marshal(withdrawal{Why: why, By: by.Name})
			if err != nil {
				return err
			}
			return r.Outbox.Take(ctx, q, publish.Item{Kind: kindReport, Key: year, Payload: string(payload)})
		})
	}
	if err == nil {
		err = r.Outbox.Release(ctx, kindReport, year)
	}
	return db.Wrap(err, "withdraw report %s", year)
}

// publicSalt gives the installation's salt, which is made when it is first asked for.
func (r *Room) publicSalt(ctx context.Context) (string, error) {
	salt, err := readSalt(ctx, r.Work)
	if !errors.Is(err, db.ErrNotFound) {
		return salt, err
	}
	err = r.Work.Tx(ctx, func(q db.Q) error { return keepSalt(ctx, q, rand.Text()+rand.Text()) })
	if err != nil {
		return "", err
	}
	return readSalt(ctx, r.Work)
}
