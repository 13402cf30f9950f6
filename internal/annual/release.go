package annual

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"kith/internal/kit/db"
	"kith/internal/kit/publish"
)

// kindReport is what the room publishes: a year's report, under its year.
const kindReport = "annual.report"

// withdrawal is what the outbox carries of one: the public reads why.
type withdrawal struct{ Why, By string }

func withdrawalOf(i publish.Item) (w withdrawal, err error) {
	if err := json.Unmarshal([]byte(i.Payload), &w); err != nil {
		return w, fmt.Errorf("read the withdrawal of report %s: %w", i.Key, err)
	}
	return w, nil
}

// stored makes the files of a build ready to be kept.
func stored(files []File) []storedFile {
	out := make([]storedFile, len(files))
	for i, f := range files {
		out[i] = storedFile{f.Path, f.ContentType, f.Title, f.Description, string(f.Body),
			fmt.Sprintf("%x", sha256.Sum256(f.Body))}
	}
	return out
}

// releaser releases reports. Their files are in the workspace, so the outbox
// carries none.
type releaser struct{ r *Room }

// Release writes a publication to the public store.
func (x releaser) Release(ctx context.Context, public db.Q, i publish.Item) error {
	p, err := publicationOf(ctx, x.r.Work, i.Key, i.Version)
	if err != nil {
		return fmt.Errorf("read publication %d of report %s: %w", i.Version, i.Key, err)
	}
	files, err := contents(ctx, x.r.Work, i.Key, i.Version)
	if err != nil {
		return fmt.Errorf("read the files of report %s, version %d: %w", i.Key, i.Version, err)
	}
	if len(files) == 0 {
		return fmt.Errorf("there are no files of report %s, version %d", i.Key, i.Version)
	}
	if err := putReleased(ctx, public, i.Key, p, files); err != nil {
		return err
	}
	return x.found(ctx, public, i.Key)
}

// Withdraw takes a year's report off the site in every version.
func (x releaser) Withdraw(ctx context.Context, public db.Q, i publish.Item) error {
	w, err := withdrawalOf(i)
	if err != nil {
		return err
	}
	if err := withdrawReleased(ctx, public, i.Key, w.Why, i.DecidedAt); err != nil {
		return err
	}
	return x.found(ctx, public, i.Key)
}

// found brings what the public can find of a year's report up to date.
func (x releaser) found(ctx context.Context, public db.Q, year string) error {
	if err := x.r.PublicSearch.Changed(ctx, public, subject, year); err != nil {
		return err
	}
	return x.r.PublicSearch.Changed(ctx, public, figuresKind, year)
}

// Settled notes in the workspace what the public site shows.
func (x releaser) Settled(ctx context.Context, work db.Q, i publish.Item) error {
	if i.Gone {
		w, err := withdrawalOf(i)
		if err != nil {
			return err
		}
		return setWithdrawn(ctx, work, i.Key, i.DecidedAt, w)
	}
	p, err := publicationOf(ctx, work, i.Key, i.Version)
	if err != nil {
		return fmt.Errorf("read publication %d of report %s: %w", i.Version, i.Key, err)
	}
	return setPublished(ctx, work, i.Key, p, db.At(x.r.Now()))
}
