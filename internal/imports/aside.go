package imports

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
)

// What a replaced import had brought is kept aside whole, where its kind can pack it,
// and comes back when the import that took its place is withdrawn: a wrong file is
// undone by one act, and no figure is left empty by it.

// setAside keeps what an import brought, before that is taken away.
func setAside(ctx context.Context, q db.Q, k intake.Kind, id string) error {
	if k.Pack == nil {
		return nil
	}
	content, err := k.Pack(ctx, q, id)
	if err != nil {
		return fmt.Errorf("keep import %s aside: %w", id, err)
	}
	return insertAside(ctx, q, id, content)
}

// keepBeside keeps what is of a part of a year, or provisional, packed, where no figure of
// a year is counted from it. It does nothing to the rest.
func keepBeside(ctx context.Context, q db.Q, id string, b *intake.Batch) error {
	if !b.Part.Beside() {
		return nil
	}
	content, err := b.Hold()
	if err != nil {
		return fmt.Errorf("keep import %s beside: %w", id, err)
	}
	return insertAside(ctx, q, id, content)
}

// Beside says of which parts of years, and of what that is provisional, files of a kind are
// kept beside the years: of an authority, or of all where it is "".
func (r *Room) Beside(ctx context.Context, q db.Reader, kind, authority string) ([]string, error) {
	list, err := keptBeside(ctx, q, kind, authority)
	if err != nil {
		return nil, fmt.Errorf("list what is kept beside the years of %s: %w", kind, err)
	}
	var out []string
	for _, im := range list {
		if words := im.Period(); !slices.Contains(out, words) {
			out = append(out, words)
		}
	}
	return out, nil
}

// bringBack loads again what the import id had replaced, as far as it was kept, and
// lists it.
func (r *Room) bringBack(ctx context.Context, q db.Q, id string) ([]Import, error) {
	replaced, err := replacedBy(ctx, q, id)
	if err != nil {
		return nil, err
	}
	var back []Import
	for _, im := range replaced {
		k, ok := r.Kind(im.Kind)
		content, err := asideOf(ctx, q, im.ID)
		if errors.Is(err, db.ErrNotFound) || !ok || k.Unpack == nil {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !im.Part().Beside() {
			if err := k.Unpack(ctx, q, im.ID, content); err != nil {
				return nil, fmt.Errorf("bring import %s back: %w", im.ID, err)
			}
			if err := dropAside(ctx, q, im.ID); err != nil {
				return nil, err
			}
		}
		if err := reopenImport(ctx, q, im.ID); err != nil {
			return nil, err
		}
		back = append(back, im)
	}
	return back, nil
}

// comesBack lists the imports that would come back, or something of them, if an import of a
// kind were withdrawn.
func comesBack(ctx context.Context, q db.Reader, k intake.Kind, id string) ([]Import, error) {
	var out []Import
	if k.ComesBack != nil {
		ids, err := k.ComesBack(ctx, q, id)
		if err != nil {
			return nil, err
		}
		for _, was := range ids {
			im, err := importByID(ctx, q, was)
			if err != nil {
				return nil, err
			}
			out = append(out, im)
		}
		return out, nil
	}
	replaced, err := replacedBy(ctx, q, id)
	if err != nil {
		return nil, err
	}
	for _, im := range replaced {
		_, err := asideOf(ctx, q, im.ID)
		switch {
		case err == nil:
			out = append(out, im)
		case !errors.Is(err, db.ErrNotFound):
			return nil, err
		}
	}
	return out, nil
}
