package imports

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/register"
)

// judge decides, once files are read, whether what they bring may be loaded beside what
// is loaded already. It reports whether they bring the partnership's first authority.
func (r *Room) judge(ctx context.Context, q db.Reader, rep *Report, o Options) (first bool, err error) {
	c, err := r.coverage(ctx, q)
	if err != nil {
		return false, err
	}
	if err := MayBeOf(c, rep.Batch.Authority, rep.Batch.Year, o.Cover); err != nil {
		return false, err
	}
	same, err := sameFiles(ctx, q, rep)
	if err != nil {
		return false, err
	}
	if same.ID != "" {
		rep.Same, rep.SameWords = same.ID, r.said(c, same)
		return false, nil
	}
	if err := r.notFinal(ctx, q, c, rep); err != nil {
		return false, err
	}
	return rep.Batch.Authority != "" && c.None(), r.notElsewhere(ctx, q, c, rep)
}

// notFinal refuses provisional counts of what is loaded as final.
func (r *Room) notFinal(ctx context.Context, q db.Reader, c register.Coverage, rep *Report) error {
	if !rep.Batch.Part.Provisional {
		return nil
	}
	held, err := currentImports(ctx, q, rep.key())
	if err != nil {
		return err
	}
	for _, im := range held {
		if im.Provisional == 0 {
			return intake.Refuse("", "these counts are provisional, and final ones are loaded already: %s", r.said(c, im))
		}
	}
	return nil
}

// notElsewhere refuses files that are loaded already, byte for byte or saved anew with the
// same rows, under another authority, year or kind: somebody chose wrongly, then or now. It
// asks where another import took the place of that one. A table without rows is
// the same everywhere. A short one may stay the same from one year to the next, so a
// year's files are those of another when they hold half of its rows; two places never
// have the same rows. Files with dates in their rows may hold several years and are
// imported once for each: their reader takes the rows of the year, and none twice.
func (r *Room) notElsewhere(ctx context.Context, q db.Reader, c register.Coverage, rep *Report) error {
	b := rep.Batch
	k, _ := r.Kind(b.As)
	var again int
	var name string
	var was Import
	b.Doubts = slices.DeleteFunc(slices.Clone(b.Doubts), func(s string) bool {
		return strings.HasPrefix(s, wasReplaced) || strings.HasPrefix(s, mostRows) || strings.HasPrefix(s, savedAnew)
	})
	for _, f := range slices.Concat(rep.Files, b.From) {
		if f.Rows == 0 {
			continue
		}
		loaded, err := r.loadedWith(ctx, q, f)
		if err != nil {
			return err
		}
		if len(loaded) == 0 {
			if err := r.notAlike(ctx, q, c, rep, f); err != nil {
				return err
			}
		}
		for _, im := range loaded {
			switch {
			case im.State == "replaced":
				otherYear := !k.Rolling && im.Year != yearText(b.Year) && 2*f.Rows >= int(b.Rows)
				if im.Authority != b.Authority || im.Kind != b.As && !r.together(im.Kind, b.As) || otherYear {
					b.Doubts = append(b.Doubts, fmt.Sprintf("%s%s: %s.", wasReplaced, f.Name, r.said(c, im)))
					break
				}
				continue
			case im.Authority != b.Authority:
				return r.elsewhere(c, f.Name, im)
			case im.Kind != b.As && !r.together(im.Kind, b.As):
				return r.elsewhere(c, f.Name, im)
			case im.Months != monthsText(b.Part):
				return r.elsewhere(c, f.Name, im)
			case k.Partnership && im.Year == yearText(b.Year):
				otherwise, err := readOtherwise(ctx, q, im.ID, f)
				if err != nil {
					return err
				}
				if otherwise {
					continue
				}
				b.Doubts = append(b.Doubts, fmt.Sprintf("%s%s: %s.", savedAnew, f.Name, r.said(c, im)))
			case im.Year != yearText(b.Year) && k.NeedsYear:
				again += f.Rows
				if name == "" {
					name, was = f.Name, im
				}
			default:
				continue
			}
			break // one import that has the file is enough
		}
	}
	if again > 0 && again*2 >= int(b.Rows) {
		return r.elsewhere(c, name, was)
	}
	return nil
}

// notAlike asks about a file most of whose rows are those of one that is loaded, or was, under
// another authority or year: an export of another day, or with other numbers. Of a list, whose
// rows have dates, each year may be imported from files that are alike; of two years of a
// return many children are the same, and nearly all only when the year is wrong.
func (r *Room) notAlike(ctx context.Context, q db.Reader, c register.Coverage, rep *Report, f intake.LoadedFile) error {
	const ofAnother, ofAnotherYear = 0.5, 0.8
	b := rep.Batch
	k, _ := r.Kind(b.As)
	if f.Sketch == "" {
		return nil
	}
	held, err := sketches(ctx, q, b.As)
	if err != nil {
		return err
	}
	for _, h := range held {
		alike := intake.Alike(f.Sketch, h.Sketch)
		if alike < ofAnother {
			continue
		}
		im, err := importByID(ctx, q, h.ImportID)
		if err != nil {
			return err
		}
		if im.Authority != b.Authority || !k.Rolling && im.Year != yearText(b.Year) && alike >= ofAnotherYear {
			b.Doubts = append(b.Doubts, fmt.Sprintf("%s%s are those of a file that was imported as something else: %s. Look "+
				"whether it is the same export, of another day or with other numbers.", mostRows, f.Name, r.said(c, im)))
			return nil
		}
	}
	return nil
}

// mostRows begins what is said of a file that has most of its rows in common with another.
const mostRows = "Most rows of "

// wasReplaced begins what is said of a file that was loaded as something else, before
// another took its place.
const wasReplaced = "The same file was loaded before as something else, and another took its place since: "

// savedAnew begins what is said of a file of the whole partnership whose rows are loaded
// already: they would take their own place, and nothing new is in it.
const savedAnew = "The same rows are loaded already, byte for byte or saved anew: "

// loadedWith lists the imports of a file by its SHA-256 or its content, and those counted
// from it elsewhere.
func (r *Room) loadedWith(ctx context.Context, q db.Reader, f intake.LoadedFile) ([]Import, error) {
	out, err := importsWith(ctx, q, f)
	if err != nil {
		return nil, err
	}
	for _, k := range r.kinds {
		if k.CountedFrom == nil {
			continue
		}
		ids, err := k.CountedFrom(ctx, q, f.SHA256)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			im, err := importByID(ctx, q, id)
			if err != nil {
				return nil, err
			}
			out = append(out, im)
		}
	}
	return out, nil
}

// together reports whether the files of one kind may be given with those of the other.
func (r *Room) together(one, other string) bool {
	a, _ := r.Kind(one)
	b, _ := r.Kind(other)
	return slices.Contains(a.With, other) || slices.Contains(b.With, one)
}

// elsewhere refuses a file that is loaded already as something else.
func (r *Room) elsewhere(c register.Coverage, file string, im Import) error {
	return intake.Refuse(file, "this file is loaded already, byte for byte or saved anew: %s. If that was a mistake, "+
		"withdraw that import and import the file again", r.said(c, im))
}

// said tells of an import when it was, by whom, and as what.
func (r *Room) said(c register.Coverage, im Import) string {
	k, _ := r.Kind(im.Kind)
	words := fmt.Sprintf("%s imported it on %s as %s", im.By, lang.DateTime(im.EndedAt.Time), k.Name())
	if im.Year != "" {
		words += " of " + im.Period()
	}
	if im.Authority != "" {
		words += " for " + c.Named(im.Authority)
	}
	return words
}
