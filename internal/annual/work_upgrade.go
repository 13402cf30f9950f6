package annual

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"golang.org/x/net/html"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/release"
)

// Earlier versions of the program published a report as whole pages, each in the
// frame of that day, with two comments round the content. What they published is
// taken over once: from then on it is content, served in the frame of today, and
// the workspace has it too.

// Upgrade takes over what earlier versions published. It may be interrupted and
// run again, and by several nodes at once.
func (r *Room) Upgrade(ctx context.Context) error {
	old, err := wholeReleases(ctx, r.Public)
	if err != nil {
		return fmt.Errorf("look for reports of an earlier version: %w", err)
	}
	for _, x := range old {
		err := r.Public.Tx(ctx, func(q db.Q) error { return takeOver(ctx, q, x.Year, x.Version) })
		if err != nil {
			return fmt.Errorf("take over report %s, version %d: %w", x.Year, x.Version, err)
		}
	}
	if r.Work == nil {
		return nil
	}
	unknown, err := withoutContents(ctx, r.Work)
	if err != nil {
		return fmt.Errorf("look for reports without files: %w", err)
	}
	for _, x := range unknown {
		files, err := contents(ctx, r.Public, x.Year, x.Version)
		if err == nil && len(files) > 0 {
			err = r.Work.Tx(ctx, func(q db.Q) error { return insertContents(ctx, q, x.Year, x.Version, files) })
		}
		if err != nil {
			return fmt.Errorf("keep report %s, version %d: %w", x.Year, x.Version, err)
		}
	}
	if err := r.adopt(ctx); err != nil {
		return fmt.Errorf("take over what was published about children: %w", err)
	}
	if n, err := withdrawnFiles(ctx, r.Public); err != nil || n == 0 {
		return err
	}
	// Only now that the workspace has them.
	err = r.Public.Tx(ctx, func(q db.Q) error { return deleteWithdrawn(ctx, q) })
	if err != nil {
		return fmt.Errorf("take the files of withdrawn reports off the public store: %w", err)
	}
	return nil
}

// adopt puts the numbers about children that earlier versions of the program published into
// the ledger of what was released: readers have them, whatever has become of the reports.
func (r *Room) adopt(ctx context.Context) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		l, err := release.ReadLedger(ctx, q)
		if err != nil || !l.IsEmpty() {
			return err
		}
		defs, err := r.Figures.Definitions(ctx, q)
		if err != nil {
			return err
		}
		all, err := everyPublication(ctx, q)
		if err != nil {
			return err
		}
		for _, x := range all {
			known, err := knownFrom(ctx, q, x.Year, x.Version)
			if err != nil {
				return fmt.Errorf("the figures of report %s, version %d: %w", x.Year, x.Version, err)
			}
			y, err := yearOf(x.Year)
			if err != nil {
				return err
			}
			by := release.By{Subject: releaseName(y), Version: x.Version, At: x.PublishedAt, Person: x.PublishedBy}
			if err := release.Adopt(ctx, q, defs, by, known); err != nil {
				return err
			}
		}
		return nil
	})
	if db.IsUnique(err) { // another node does it at the same moment
		return nil
	}
	return err
}

// knownFrom reads the totals in the figures.json of a publication.
func knownFrom(ctx context.Context, q db.Reader, year string, version int64) ([]release.Known, error) {
	f, err := releasedFileAt(ctx, q, year, version, "figures.json")
	if errors.Is(err, db.ErrNotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var list []struct {
		ID, Period, At         string
		Dims                   map[string]string
		Numerator, Denominator *int64
	}
	if err := json.Unmarshal([]byte(f.Body), &list); err != nil {
		return nil, err
	}
	var out []release.Known
	for _, x := range list {
		k := release.Known{Figure: x.ID, Hidden: x.Numerator == nil, Of: x.Denominator}
		if x.Numerator != nil {
			k.Count = *x.Numerator
		}
		if x.At != "" {
			k.At.At, err = period.ParseDate(x.At)
		} else {
			k.At.Period, err = period.Parse(x.Period)
		}
		if err != nil {
			return nil, err
		}
		if len(x.Dims) == 0 { // numbers about children were published by their total only
			out = append(out, k)
		}
	}
	return out, nil
}

// A published is a publication, with who published it and when.
type published struct {
	Year        string
	Version     int64
	PublishedAt db.Time
	PublishedBy string
}

func everyPublication(ctx context.Context, q db.Reader) ([]published, error) {
	return db.All[published](ctx, q, `
		SELECT year, version, published_at, published_by FROM annual_publications ORDER BY published_at, year, version`)
}

// takeOver makes content of the whole pages of one publication.
func takeOver(ctx context.Context, q db.Q, year string, version int64) error {
	files, err := wholeFiles(ctx, q, year, version)
	if err != nil {
		return err
	}
	for i, f := range files {
		if path.Ext(f.Path) != ".html" {
			continue
		}
		body, err := contentOf(f.Body)
		if err != nil {
			return fmt.Errorf("page %s: %w", f.Path, err)
		}
		files[i].Body, files[i].SHA256 = body, fmt.Sprintf("%x", sha256.Sum256([]byte(body)))
	}
	if err := insertContents(ctx, q, year, version, files); err != nil {
		return err
	}
	return deleteWhole(ctx, q, year, version)
}

// contentOf takes the content out of a whole page. Addresses of the public site,
// which its frame names, lead to wherever it is now.
func contentOf(page string) (string, error) {
	var out strings.Builder
	inside, found, site := false, false, ""
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		kind := z.Next()
		raw := string(z.Raw()) // before Token, which may write over it
		switch kind {
		case html.ErrorToken:
			if err := z.Err(); !errors.Is(err, io.EOF) {
				return "", err
			}
			if !found || inside {
				return "", errors.New("it does not say where its content begins and ends")
			}
			if site == "" {
				return out.String(), nil
			}
			return relink(out.String(), func(at string) string {
				if rest, ok := strings.CutPrefix(at, site+"/"); ok {
					return "/" + rest
				}
				return at
			})
		case html.CommentToken:
			switch z.Token().Data {
			case "report begins":
				inside, found = true, true
				continue
			case "report ends":
				inside = false
			}
		case html.StartTagToken:
			if t := z.Token(); !found && site == "" && attribute(t, "class") == "site-name" {
				site = strings.TrimSuffix(attribute(t, "href"), "/")
			}
		}
		if inside {
			out.WriteString(raw)
		}
	}
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// A yearVersion names a publication.
type yearVersion struct {
	Year    string
	Version int64
}

func wholeReleases(ctx context.Context, q db.Reader) ([]yearVersion, error) {
	return db.All[yearVersion](ctx, q, `SELECT DISTINCT year, version FROM annual_files ORDER BY year, version`)
}

func wholeFiles(ctx context.Context, q db.Reader, year string, version int64) ([]storedFile, error) {
	return db.All[storedFile](ctx, q, `
		SELECT path, content_type, title, '', body, sha256
		FROM annual_files WHERE year = $1 AND version = $2 ORDER BY path`, year, version)
}

func deleteWhole(ctx context.Context, q db.Q, year string, version int64) error {
	_, err := db.Exec(ctx, q, `DELETE FROM annual_files WHERE year = $1 AND version = $2`, year, version)
	return err
}

// withoutContents lists the publications that the workspace has no files of.
func withoutContents(ctx context.Context, q db.Reader) ([]yearVersion, error) {
	return db.All[yearVersion](ctx, q, `
		SELECT p.year, p.version FROM annual_publications p
		WHERE NOT EXISTS (SELECT 1 FROM annual_contents c WHERE c.year = p.year AND c.version = p.version)
		ORDER BY p.year, p.version`)
}

func withdrawnFiles(ctx context.Context, q db.Reader) (int64, error) {
	return db.Get[int64](ctx, q, `
		SELECT COUNT(*) FROM annual_contents c JOIN annual_released r ON r.year = c.year AND r.version = c.version
		WHERE r.withdrawn_at IS NOT NULL`)
}

func deleteWithdrawn(ctx context.Context, q db.Q) error {
	_, err := db.Exec(ctx, q, `
		DELETE FROM annual_contents WHERE EXISTS (SELECT 1 FROM annual_released r
			WHERE r.year = annual_contents.year AND r.version = annual_contents.version AND r.withdrawn_at IS NOT NULL)`)
	return err
}
