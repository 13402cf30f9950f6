package annual

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/publish"
	"kith/internal/kit/web"
)

// note keeps who did what to a report, in the same transaction.
func (r *Room) note(ctx context.Context, q db.Q, by web.Person, now time.Time, act, year, detail string) error {
	return audittrail.Note(ctx, q, audittrail.Entry{
		ID: r.NewID(), At: db.At(now), PersonID: by.ID, Person: by.Name,
		Act: act, Subject: "yearly report", SubjectID: year, Detail: detail,
	})
}

// AddReport begins a year's report. It returns ErrExists when there is one.
func (r *Room) AddReport(ctx context.Context, by web.Person, year period.Year, title, lead string) error {
	now := r.Now()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := insertReport(ctx, q, year.String(), title, lead, now); err != nil {
			return exists(err)
		}
		return r.note(ctx, q, by, now, "began", year.String(), title)
	})
	if err != nil {
		return fmt.Errorf("begin report %s: %w", year, err)
	}
	return nil
}

// RenameReport changes a report's title and the sentence under its summary's.
func (r *Room) RenameReport(ctx context.Context, by web.Person, year, title, lead string) error {
	now := r.Now()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := updateReport(ctx, q, year, title, lead); err != nil {
			return err
		}
		if err := touch(ctx, q, year, now); err != nil {
			return err
		}
		return r.note(ctx, q, by, now, "renamed", year, title)
	})
	if err != nil {
		return fmt.Errorf("rename report %s: %w", year, err)
	}
	return nil
}

func exists(err error) error {
	if db.IsUnique(err) {
		return ErrExists
	}
	return err
}

// AddChapter adds a chapter at the end of a part, and gives its id. It returns
// ErrExists when the part has a chapter of that name.
func (r *Room) AddChapter(ctx context.Context, by web.Person, year, part, title, markdown string) (string, error) {
	now := r.Now()
	c := Chapter{ID: r.NewID(), Year: year, Part: part, Slug: Slug(title), Title: title, Markdown: clean(markdown), ChangedAt: db.At(now), ChangedBy: by.Name}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := touch(ctx, q, year, now); err != nil {
			return err
		}
		if err := insertChapter(ctx, q, c); err != nil {
			return exists(err)
		}
		if err := insertVersion(ctx, q, Version{c.ID, 1, title, c.Markdown, db.At(now), by.Name, ""}); err != nil {
			return err
		}
		return r.note(ctx, q, by, now, "added a chapter to", year, title)
	})
	if err != nil {
		return "", fmt.Errorf("add chapter %q to report %s: %w", title, year, err)
	}
	return c.ID, nil
}

// clean keeps a text as every browser and system would have it.
func clean(markdown string) string {
	return strings.TrimRight(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(markdown), " \n") + "\n"
}

// SaveChapter saves a text over the version it was opened at, and gives the new
// version. It returns ErrStale, and saves nothing, when that is no longer the
// chapter's version.
func (r *Room) SaveChapter(ctx context.Context, by web.Person, id string, version int64, title, markdown string) (int64, error) {
	now := r.Now()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		return r.save(ctx, q, by, now, id, version, title, clean(markdown), "")
	})
	if err != nil {
		return 0, fmt.Errorf("save chapter %s over version %d: %w", id, version, err)
	}
	return version + 1, nil
}

func (r *Room) save(ctx context.Context, q db.Q, by web.Person, now time.Time, id string, version int64, title, markdown, why string) error {
	c, err := chapter(ctx, q, id)
	if err != nil {
		return err
	}
	ok, err := saveText(ctx, q, id, version, title, markdown, now, by.Name)
	if err != nil {
		return err
	}
	if !ok {
		return ErrStale
	}
	if err := insertVersion(ctx, q, Version{id, version + 1, title, markdown, db.At(now), by.Name, why}); err != nil {
		return err
	}
	if err := touch(ctx, q, c.Year, now); err != nil {
		return err
	}
	return r.note(ctx, q, by, now, "saved a chapter of", c.Year, title)
}

// RestoreVersion makes an earlier text the chapter's text again, as a new
// version: nothing is lost. It returns ErrStale as SaveChapter does.
func (r *Room) RestoreVersion(ctx context.Context, by web.Person, id string, from, over int64) error {
	now := r.Now()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		v, err := version(ctx, q, id, from)
		if err != nil {
			return err
		}
		return r.save(ctx, q, by, now, id, over, v.Title, v.Markdown, fmt.Sprintf("Version %d restored", from))
	})
	if err != nil {
		return fmt.Errorf("restore version %d of chapter %s: %w", from, id, err)
	}
	return nil
}

// MoveChapter moves a chapter one place up or down in its part. At the end of
// the part it stays where it is.
func (r *Room) MoveChapter(ctx context.Context, by web.Person, id string, up bool) error {
	now := r.Now()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := chapter(ctx, q, id)
		if err != nil {
			return err
		}
		all, err := chapters(ctx, q, c.Year)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(x Chapter) bool { return x.Part != c.Part })
		from := slices.IndexFunc(all, func(x Chapter) bool { return x.ID == id })
		to := from + 1
		if up {
			to = from - 1
		}
		if to < 0 || to >= len(all) {
			return nil
		}
		all[from], all[to] = all[to], all[from]
		for i, x := range all {
			if err := setPosition(ctx, q, x.ID, int64(i+1)); err != nil {
				return err
			}
		}
		if err := touch(ctx, q, c.Year, now); err != nil {
			return err
		}
		return r.note(ctx, q, by, now, "moved a chapter of", c.Year, c.Title)
	})
	if err != nil {
		return fmt.Errorf("move chapter %s: %w", id, err)
	}
	return nil
}

// RemoveChapter takes a chapter out of the report. It is kept, with every text
// it had, and can be put back. It returns ErrStale as SaveChapter does.
func (r *Room) RemoveChapter(ctx context.Context, by web.Person, id string, version int64) error {
	now := r.Now()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := chapter(ctx, q, id)
		if err != nil {
			return err
		}
		ok, err := removeChapter(ctx, q, id, version, now)
		if err != nil {
			return err
		}
		if !ok {
			return ErrStale
		}
		if err := touch(ctx, q, c.Year, now); err != nil {
			return err
		}
		return r.note(ctx, q, by, now, "took a chapter out of", c.Year, c.Title)
	})
	if err != nil {
		return fmt.Errorf("remove chapter %s: %w", id, err)
	}
	return nil
}

// PutBackChapter puts a chapter back that was taken out. It returns ErrExists
// when another has its name by now, and db.ErrNotFound for one of another year.
func (r *Room) PutBackChapter(ctx context.Context, by web.Person, year, id string) error {
	now := r.Now()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := putBack(ctx, q, id); err != nil {
			return exists(err)
		}
		c, err := chapter(ctx, q, id)
		if err != nil {
			return err
		}
		if c.Year != year {
			return db.ErrNotFound
		}
		if err := touch(ctx, q, c.Year, now); err != nil {
			return err
		}
		return r.note(ctx, q, by, now, "put a chapter back into", c.Year, c.Title)
	})
	if err != nil {
		return fmt.Errorf("put back chapter %s: %w", id, err)
	}
	return nil
}

// SaveTiles replaces the tiles that frame the summary. It returns ErrStale when
// somebody else saved them since version was read.
func (r *Room) SaveTiles(ctx context.Context, by web.Person, year string, version int64, list []Tile) error {
	now := r.Now()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if _, err := report(ctx, q, year); err != nil {
			return err
		}
		ok, err := saveTiles(ctx, q, year, version, now)
		if err != nil {
			return err
		}
		if !ok {
			return ErrStale
		}
		if err := replaceTiles(ctx, q, year, list); err != nil {
			return err
		}
		return r.note(ctx, q, by, now, "changed the tiles of", year, fmt.Sprintf("%d tiles", len(list)))
	})
	if err != nil {
		return fmt.Errorf("save tiles of report %s: %w", year, err)
	}
	return nil
}

// Publish builds a year's report, keeps its files as a new version and has them
// put on the public site, which it tries at once; earlier versions stay as they
// were. It returns the problems and ErrProblems when the texts are not sound,
// ErrStale when somebody else published at the same moment,
// publish.ErrBeingTaken while the report is being withdrawn, and
// publish.ErrWaiting when the public store does not have it yet.
func (r *Room) Publish(ctx context.Context, by web.Person, year string) (version int64, problems []Problem, err error) {
	now := r.Now() // before the texts are read: what is saved from now on is a later change
	b, err := r.Build(ctx, year)
	if err != nil {
		return 0, nil, fmt.Errorf("publish report %s: %w", year, err)
	}
	if Failing(b.Problems) {
		return 0, b.Problems, ErrProblems
	}
	// The public store may have versions that this workspace does not know, from
	// before it was brought back from a backup. If it cannot be asked, the
	// workspace's own count has to do.
	public, err := lastReleased(ctx, r.Public, year)
	if err != nil {
		public = 0
	}
	files := stored(b.Files)
	err = r.Work.Tx(ctx, func(q db.Q) error {
		last, err := lastPublication(ctx, q, year)
		if err != nil {
			return err
		}
		version = max(last, public) + 1
		pub := publication{Version: version, Title: b.Title, Files: int64(len(files)), PublishedAt: db.At(now), PublishedBy: by.Name}
		if err := insertPublication(ctx, q, year, pub); db.IsUnique(err) {
			return ErrStale
		} else if err != nil {
			return err
		}
		if err := insertContents(ctx, q, year, version, files); err != nil {
			return err
		}
		if err := r.note(ctx, q, by, now, "published", year, fmt.Sprintf("version %d", version)); err != nil {
			return err
		}
		return r.Outbox.Put(ctx, q, publish.Item{Kind: kindReport, Key: year, Version: version})
	})
	if err == nil {
		err = r.Outbox.Release(ctx, kindReport, year)
	}
	if err != nil {
		return version, b.Problems, fmt.Errorf("publish report %s: %w", year, err)
	}
	return version, b.Problems, nil
}

// Withdraw takes a report off the public site, which then says that it was and
// why. Its files are kept in the workspace. It returns nil only when the public
// store no longer has them, publish.ErrWaiting when they are still public and it
// is tried again, and ErrUnpublished when there is nothing to take.
func (r *Room) Withdraw(ctx context.Context, by web.Person, year, why string) error {
	public, err := r.Outbox.State(ctx, kindReport, year)
	if err != nil {
		return fmt.Errorf("withdraw report %s: %w", year, err)
	}
	now := r.Now()
	if !public.StillPublic() { // else it is decided already, and only tried again
		err = r.Work.Tx(ctx, func(q db.Q) error {
			rep, err := report(ctx, q, year)
			if err != nil {
				return err
			}
			if rep.State != Published && public.Settled && public.Shown == 0 {
				return ErrUnpublished
			}
			if err := r.note(ctx, q, by, now, "withdrew", year, why); err != nil {
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
	if err != nil {
		return fmt.Errorf("withdraw report %s: %w", year, err)
	}
	return nil
}
