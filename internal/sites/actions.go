package sites

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// A PageDraft is what a new page, or the next version of one, is made of.
type PageDraft struct {
	Slug, Section string
	Words
	OwnerID  string
	ReviewOn db.Date
	Note     string // what changed, for those who look at the versions
}

// Create adds a page, as a draft. ErrSlugTaken when its address is taken.
func (r *Room) Create(ctx context.Context, by web.Person, d PageDraft) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		now := db.At(r.Now())
		ok, err := insertPage(ctx, q, Page{Slug: d.Slug, Section: d.Section, Words: d.Words, OwnerID: d.OwnerID, ReviewOn: d.ReviewOn, UpdatedAt: now, UpdatedBy: by.Name})
		if err != nil {
			return err
		}
		if !ok {
			return ErrSlugTaken
		}
		if err := insertVersion(ctx, q, Version{Slug: d.Slug, Version: 1, Words: d.Words, Note: d.Note, SavedAt: now, SavedBy: by.Name}); err != nil {
			return err
		}
		return r.note(ctx, q, by, "added", d.Slug, d.Title)
	})
	if err != nil {
		return fmt.Errorf("add page %s: %w", d.Slug, err)
	}
	return nil
}

// Save keeps the next version of a page that was opened at a version. It returns
// ErrChanged when somebody else has saved since.
func (r *Room) Save(ctx context.Context, by web.Person, d PageDraft, version int64) error {
	err := r.Work.Tx(ctx, func(q db.Q) error { return r.save(ctx, q, by, d, version, "saved") })
	if err != nil {
		return fmt.Errorf("save page %s: %w", d.Slug, err)
	}
	return nil
}

func (r *Room) save(ctx context.Context, q db.Q, by web.Person, d PageDraft, version int64, act string) error {
	now := db.At(r.Now())
	ok, err := updatePage(ctx, q, Page{Slug: d.Slug, Words: d.Words, OwnerID: d.OwnerID, ReviewOn: d.ReviewOn, UpdatedAt: now, UpdatedBy: by.Name}, version)
	if err != nil {
		return err
	}
	if !ok {
		if _, err := pageBySlug(ctx, q, d.Slug); err != nil {
			return err
		}
		return ErrChanged
	}
	if err := insertVersion(ctx, q, Version{Slug: d.Slug, Version: version + 1, Words: d.Words, Note: d.Note, SavedAt: now, SavedBy: by.Name}); err != nil {
		return err
	}
	return r.note(ctx, q, by, act, d.Slug, d.Title)
}

// Restore makes an earlier version's words the newest version. Nothing that was
// saved is lost by it.
func (r *Room) Restore(ctx context.Context, by web.Person, slug string, version int64) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := pageBySlug(ctx, q, slug)
		if err != nil {
			return err
		}
		v, err := versionOf(ctx, q, slug, version)
		if err != nil {
			return err
		}
		d := PageDraft{Slug: slug, Words: v.Words, OwnerID: p.OwnerID, ReviewOn: p.ReviewOn, Note: fmt.Sprintf("Version %d brought back", version)}
		return r.save(ctx, q, by, d, p.Version, "brought back")
	})
	if err != nil {
		return fmt.Errorf("restore version %d of page %s: %w", version, slug, err)
	}
	return nil
}

// Publish puts a version of a page on the public site. It returns ErrChanged when
// that is no longer the newest version, so that nobody publishes words they have
// not seen, and ErrNothingToPublish when it is on the site already.
//
// The two stores cannot share a transaction. The public store is written last,
// inside the workspace's transaction: if it fails, the workspace says nothing
// happened; if only the workspace's own commit fails after it, publishing again
// mends it.
func (r *Room) Publish(ctx context.Context, by web.Person, slug string, version int64) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := pageBySlug(ctx, q, slug)
		if err != nil {
			return err
		}
		if p.Version == version && !p.Waiting() {
			return ErrNothingToPublish
		}
		now := db.At(r.Now())
		ok, err := markPublished(ctx, q, slug, version, now)
		if err != nil {
			return err
		}
		if !ok {
			return ErrChanged
		}
		if err := r.note(ctx, q, by, "published", slug, p.Title); err != nil {
			return err
		}
		return r.changePublic(ctx, func(pub db.Q) error { return putPublished(ctx, pub, publishedOf(p, now)) })
	})
	if err != nil {
		return fmt.Errorf("publish page %s: %w", slug, err)
	}
	return nil
}

// Unpublish takes a page off the public site; its words stay in the workspace.
func (r *Room) Unpublish(ctx context.Context, by web.Person, slug string) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := pageBySlug(ctx, q, slug)
		if err != nil {
			return err
		}
		ok, err := markDraft(ctx, q, slug)
		if err != nil {
			return err
		}
		if !ok {
			return ErrNotPublished
		}
		if err := r.note(ctx, q, by, "took off the site", slug, p.Title); err != nil {
			return err
		}
		return r.changePublic(ctx, func(pub db.Q) error { return deletePublished(ctx, pub, slug) })
	})
	if err != nil {
		return fmt.Errorf("unpublish page %s: %w", slug, err)
	}
	return nil
}

// ErrNoProfile: nothing tells what the partnership is called and how to reach it.
var ErrNoProfile = errors.New("there is no profile of the partnership to publish")

// PublishFrame copies the partnership's name, contacts, structure and membership
// to the public sites.
func (r *Room) PublishFrame(ctx context.Context, by web.Person) error {
	if r.Partnership == nil {
		return ErrNoProfile
	}
	p, err := r.Partnership.PublicProfile(ctx)
	if err != nil {
		return fmt.Errorf("read the partnership's profile: %w", err)
	}
	if strings.TrimSpace(p.Name) == "" {
		return ErrNoProfile
	}
	text, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write the partnership's profile: %w", err)
	}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := r.note(ctx, q, by, "published", "frame", "Name, contacts and structure"); err != nil {
			return err
		}
		return r.changePublic(ctx, func(pub db.Q) error { return putSetting(ctx, pub, "profile", string(text), db.At(r.Now())) })
	})
	if err != nil {
		return fmt.Errorf("publish the frame of the sites: %w", err)
	}
	return nil
}

// Changed says that something else the public sees has changed, such as the
// yearly report, so that every node renders its pages afresh.
func (r *Room) Changed(ctx context.Context) error {
	if err := r.changePublic(ctx, func(db.Q) error { return nil }); err != nil {
		return fmt.Errorf("count a publication: %w", err)
	}
	return nil
}

// changePublic changes the public store and counts the publication up in one
// transaction, so that no node keeps a page from before it.
func (r *Room) changePublic(ctx context.Context, change func(db.Q) error) error {
	err := r.Public.Tx(ctx, func(q db.Q) error {
		if err := change(q); err != nil {
			return err
		}
		return countPublication(ctx, q)
	})
	if err == nil {
		r.faces.stale()
	}
	return err
}

// publishedOf makes of a page what the public sees.
func publishedOf(p Page, at db.Time) published {
	body := string(Render(p.Markdown))
	sum := sha256.Sum256([]byte(p.Title + "\x00" + p.Summary + "\x00" + body))
	return published{
		Slug: p.Slug, Section: p.Section, Title: p.Title, Summary: p.Summary, Body: body, Shelves: joinShelves(p.Shelves), Quiet: p.Quiet,
		SHA: hex.EncodeToString(sum[:]), Version: p.Version, PublishedAt: at,
	}
}

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act, slug, detail string) error {
	return audittrail.Note(ctx, q, audittrail.Entry{
		ID: r.NewID(), At: db.At(r.Now()), PersonID: by.ID, Person: by.Name, Act: act, Subject: "page", SubjectID: slug, Detail: detail,
	})
}
