package sites

import (
	"context"
	"fmt"

	"kith/internal/kit/db"
	"kith/internal/kit/publish"
)

// What the room publishes.
const (
	kindPage  = "sites.page"  // a page; its key is its slug
	kindFrame = "sites.frame" // the partnership's profile, under one key
	frameKey  = "profile"
)

// pages releases pages.
type pages struct{ r *Room }

// Release makes the public page of a saved version. Its words are in the
// workspace's versions, so the outbox carries none.
func (p pages) Release(ctx context.Context, public db.Q, i publish.Item) error {
	page, err := pageBySlug(ctx, p.r.Work, i.Key)
	if err != nil {
		return fmt.Errorf("read page %s: %w", i.Key, err)
	}
	v, err := versionOf(ctx, p.r.Work, i.Key, i.Version)
	if err != nil {
		return fmt.Errorf("read version %d of page %s: %w", i.Version, i.Key, err)
	}
	page.Words, page.Version = v.Words, v.Version
	if err := putPublished(ctx, public, publishedOf(page, i.DecidedAt)); err != nil {
		return err
	}
	return p.r.PublicSearch.Changed(ctx, public, subject, i.Key)
}

// Withdraw takes a page off the site.
func (p pages) Withdraw(ctx context.Context, public db.Q, i publish.Item) error {
	if err := deletePublished(ctx, public, i.Key); err != nil {
		return err
	}
	return p.r.PublicSearch.Changed(ctx, public, subject, i.Key)
}

// Settled notes which version is on the site.
func (p pages) Settled(ctx context.Context, work db.Q, i publish.Item) error {
	if i.Gone {
		return markDraft(ctx, work, i.Key)
	}
	return markPublished(ctx, work, i.Key, i.Version, i.DecidedAt)
}

// frames releases the partnership's profile, which the outbox carries.
type frames struct{}

// Release makes a profile what every public page shows.
func (frames) Release(ctx context.Context, public db.Q, i publish.Item) error {
	return putSetting(ctx, public, "profile", i.Payload, i.DecidedAt)
}

// Withdraw is never asked for: a site without whom to call is worse than none.
func (frames) Withdraw(context.Context, db.Q, publish.Item) error { return nil }

// Settled has nothing to note: the outbox knows.
func (frames) Settled(context.Context, db.Q, publish.Item) error { return nil }
