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
	"kith/internal/kit/publish"
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

// Publish has a version of a page put on the public site, and tries to at once. It
// returns ErrChanged when that is no longer the newest version, so that nobody
// publishes words they have not seen; ErrNothingToPublish when it is on the site
// already; publish.ErrBeingTaken while the page is being taken off it; and
// publish.ErrWaiting when it is decided and the public store does not have it yet.
func (r *Room) Publish(ctx context.Context, by web.Person, slug string, version int64) error {
	now, err := r.Outbox.State(ctx, kindPage, slug)
	if err != nil {
		return fmt.Errorf("publish page %s: %w", slug, err)
	}
	if now.Waiting() && now.Version == version { // decided already: only try again
		return r.release(ctx, "publish page", slug)
	}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		p, err := pageBySlug(ctx, q, slug)
		if err != nil {
			return err
		}
		if p.Version != version {
			return ErrChanged
		}
		if !p.Waiting() && now.Settled {
			return ErrNothingToPublish
		}
		if err := r.note(ctx, q, by, "published", slug, p.Title); err != nil {
			return err
		}
		return r.Outbox.Put(ctx, q, publish.Item{Kind: kindPage, Key: slug, Version: version})
	})
	if err != nil {
		return fmt.Errorf("publish page %s: %w", slug, err)
	}
	return r.release(ctx, "publish page", slug)
}

func (r *Room) release(ctx context.Context, what, slug string) error {
	if err := r.Outbox.Release(ctx, kindPage, slug); err != nil {
		return fmt.Errorf("%s %s: %w", what, slug, err)
	}
	return nil
}

// Unpublish takes a page off the public site; its words stay in the workspace. It
// returns nil only when the public store no longer has the page, and
// publish.ErrWaiting when it is still public: then it is tried again by itself, and
// by calling this again.
func (r *Room) Unpublish(ctx context.Context, by web.Person, slug string) error {
	now, err := r.Outbox.State(ctx, kindPage, slug)
	if err != nil {
		return fmt.Errorf("unpublish page %s: %w", slug, err)
	}
	if now.StillPublic() { // decided already: only try again
		return r.release(ctx, "unpublish page", slug)
	}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		p, err := pageBySlug(ctx, q, slug)
		if err != nil {
			return err
		}
		if p.State == Draft && now.Settled && now.Shown == 0 {
			return ErrNotPublished
		}
		if err := r.note(ctx, q, by, "took off the site", slug, p.Title); err != nil {
			return err
		}
		return r.Outbox.Take(ctx, q, publish.Item{Kind: kindPage, Key: slug})
	})
	if err != nil {
		return fmt.Errorf("unpublish page %s: %w", slug, err)
	}
	return r.release(ctx, "unpublish page", slug)
}

// ErrNoProfile: nothing tells what the partnership is called and how to reach it.
var ErrNoProfile = errors.New("there is no profile of the partnership to publish")

// PublishFrame has the partnership's name, contacts, structure and membership
// shown on the public sites. It returns publish.ErrWaiting as Publish does.
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
		return r.Outbox.Put(ctx, q, publish.Item{Kind: kindFrame, Key: frameKey, Payload: string(text)})
	})
	if err != nil {
		return fmt.Errorf("publish the frame of the sites: %w", err)
	}
	if err := r.Outbox.Release(ctx, kindFrame, frameKey); err != nil {
		return fmt.Errorf("publish the frame of the sites: %w", err)
	}
	return nil
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
