package sites

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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

// subject is what the audit trail calls a page.
const subject = "page"

// AddPage adds a page, as a draft. It returns ErrTaken when there is one at its
// address.
func (r *Room) AddPage(ctx context.Context, by web.Person, d PageDraft) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p := r.pageOf(by, d, 1)
		if err := insertPage(ctx, q, p); err != nil {
			return db.TakenAs(err, ErrTaken)
		}
		return r.keepVersion(ctx, q, by, p, d.Note, "added")
	})
	return db.Wrap(err, "add page %s", d.Slug)
}

// SavePage keeps the next version of a page from a form that showed what was seen.
// It returns *web.Changed when somebody saved it meanwhile.
func (r *Room) SavePage(ctx context.Context, by web.Person, d PageDraft, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		was, err := lockPage(ctx, q, d.Slug)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, subject, d.Slug, fillPage(was), "added", "saved",
			"brought back"); err != nil {
			return err
		}
		return r.nextVersion(ctx, q, by, d, was, "saved")
	})
	return db.Wrap(err, "save page %s", d.Slug)
}

// nextVersion keeps a draft as the version after that of a page that is held.
func (r *Room) nextVersion(ctx context.Context, q db.Q, by web.Person, d PageDraft, was Page, act string) error {
	if err := updatePage(ctx, q, r.pageOf(by, d, was.Version+1)); err != nil {
		return err
	}
	p, err := pageBySlug(ctx, q, d.Slug) // with the words that tell who owns it
	if err != nil {
		return err
	}
	return r.keepVersion(ctx, q, by, p, d.Note, act, audittrail.Between(fillPage(was), fillPage(p)))
}

func (r *Room) pageOf(by web.Person, d PageDraft, version int64) Page {
	return Page{Slug: d.Slug, Section: d.Section, Words: d.Words, OwnerID: d.OwnerID, ReviewOn: d.ReviewOn,
		Version: version, UpdatedAt: db.At(r.Now()), UpdatedBy: by.Name}
}

// keepVersion keeps what a page says from now on among its versions.
func (r *Room) keepVersion(ctx context.Context, q db.Q, by web.Person, p Page, note, act string,
	more ...audittrail.More) error {
	v := Version{Slug: p.Slug, Version: p.Version, Words: p.Words, Note: note, SavedAt: p.UpdatedAt, SavedBy: p.UpdatedBy}
	if err := insertVersion(ctx, q, v); err != nil {
		return err
	}
	return r.note(ctx, q, by, act, p.Slug, p.Title, more...)
}

// RestoreVersion makes an earlier version's words the newest version. Nothing that
// was saved is lost by it.
func (r *Room) RestoreVersion(ctx context.Context, by web.Person, slug string, version int64) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		p, err := lockPage(ctx, q, slug)
		if err != nil {
			return err
		}
		v, err := versionOf(ctx, q, slug, version)
		if err != nil {
			return err
		}
		d := PageDraft{Slug: slug, Words: v.Words, OwnerID: p.OwnerID, ReviewOn: p.ReviewOn,
			Note: fmt.Sprintf("Version %d brought back", version)}
		return r.nextVersion(ctx, q, by, d, p, "brought back")
	})
	return db.Wrap(err, "restore version %d of page %s", version, slug)
}

// PublishPage has a version of a page put on the public site, and tries to at once. It
// returns ErrChanged when that is no longer the newest version, so that nobody
// publishes words they have not seen; ErrMayNotPublish; ErrNothingToPublish when it is on the
// site already; publish.ErrBeingTaken while the page is being taken off it; and
// publish.ErrWaiting when it is decided and the public store does not have it yet.
func (r *Room) PublishPage(ctx context.Context, by web.Person, slug string, version int64) error {
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
		if !pageRules.May(by, publishDo, p.of()) {
			return ErrMayNotPublish
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
		return db.Wrap(err, "publish page %s", slug)
	}
	return r.release(ctx, "publish page", slug)
}

func (r *Room) release(ctx context.Context, what, slug string) error {
	return db.Wrap(r.Outbox.Release(ctx, kindPage, slug), "%s %s", what, slug)
}

// UnpublishPage takes a page off the public site; its words stay in the workspace. It
// returns nil only when the public store no longer has the page, and
// publish.ErrWaiting when it is still public: then it is tried again by itself, and
// by calling this again.
func (r *Room) UnpublishPage(ctx context.Context, by web.Person, slug string) error {
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
		if !pageRules.May(by, publishDo, p.of()) {
			return ErrMayNotPublish
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

// ErrNoProfile says that nothing tells what the partnership is called and how to reach it.
var ErrNoProfile = errors.New("there is no profile of the partnership to publish")

// PublishFrame has the partnership's name, contacts, structure and membership
// shown on the public sites, as a page showed them that was seen. It returns
// *web.Changed when they are others by now, and publish.ErrWaiting as PublishPage
// does.
func (r *Room) PublishFrame(ctx context.Context, by web.Person, seen web.Seen) error {
	if r.Partnership == nil {
		return ErrNoProfile
	}
	p, err := r.profile(ctx)
	if err != nil {
		return err
	}
	if strings.TrimSpace(p.Name) == "" {
		return ErrNoProfile
	}
	text, err := p.text()
	if err != nil {
		return err
	}
	if err := seen.Check(fillFrame(text)); err != nil {
		return err
	}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		if err := r.note(ctx, q, by, "published", "frame", "Name, contacts and structure"); err != nil {
			return err
		}
		return r.Outbox.Put(ctx, q, publish.Item{Kind: kindFrame, Key: frameKey, Payload: text})
	})
	if err != nil {
		return fmt.Errorf("publish the frame of the sites: %w", err)
	}
	return db.Wrap(r.Outbox.Release(ctx, kindFrame, frameKey), "publish the frame of the sites")
}

// profile is what may be published of the partnership now.
func (r *Room) profile(ctx context.Context) (Profile, error) {
	p, err := r.Partnership.PublicProfile(ctx)
	if err != nil {
		return p, fmt.Errorf("read the partnership's profile: %w", err)
	}
	p.Facts, err = factsOf(ctx, r.Work)
	return p, err
}

// publishedOf makes of a page what the public sees.
func publishedOf(p Page, at db.Time) publishedPage {
	body := string(Render(p.Markdown))
	sum := sha256.Sum256([]byte(p.Title + "\x00" + p.Summary + "\x00" + body))
	return publishedPage{
		Slug: p.Slug, Section: p.Section, Title: p.Title, Summary: p.Summary, Body: body, Shelves: joinShelves(p.Shelves),
		Quiet: p.Quiet, Leaving: p.leaving(),
		SHA: hex.EncodeToString(sum[:]), Version: p.Version, PublishedAt: at,
	}
}

func (r *Room) note(ctx context.Context, q db.Q, by web.Person, act, slug, detail string,
	more ...audittrail.More) error {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}.Note(ctx, q, by, act, subject, slug, detail,
		more...)
}
