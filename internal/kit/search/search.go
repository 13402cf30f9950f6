// Package search finds what the rooms keep by words that people type.
//
// A room offers Sources: which of its records can be found, by what words, and by
// whom. An Index keeps a Document of each, with the stems of its words made in Go and
// indexed by FTS5 and tsvector alike, so that both engines find the same in the same
// order. A document is written in the transaction that changes its record (Changed is
// told by the audit trail), and Refresh makes those of a source again whose program
// has changed, or which an installation does not have yet.
//
// Who may find a document is part of each of its stems: they begin with its class,
// which stands for its kind, the permission it needs and, where a record is only for
// some people, its scope. A question asks for the classes of the person who asks and
// for no others. So what somebody may not see is never read, counted, offered as the
// nearest word or waited for. What must not be there at all, a source leaves out.
//
// Results come by group; in each those with all words in the title first, then what
// has no day, then the latest, then by a number of the record's own that never changes.
//
// Tables, in both stores: search_documents, search_words, search_vocabulary and
// search_sources.
package search

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// A Document is one thing that can be found.
type Document struct {
	Kind       string         // of its Source, which sets it
	Record     string         // which record of the kind it is of
	Item       string         // which thing in the record, such as one of a committee's meetings; "" for itself
	Permission web.Permission // what somebody must hold to find it: one of the Source's
	// Scope is whom it is for besides: "" for all who hold the permission, or a key
	// that a person's Question has, such as "organisation:" and an id.
	Scope   string
	Href    string
	Title   string
	Details string // one line under the title, found by as well
	Body    string // other words that it is found by, shown where one of them was
	Day     db.Date
}

// A Line is what stands under the title of something found, as it is today.
type Line struct {
	Details   string
	Tone, Tag string // how it stands, for the tag component: "warn", "Due soon"
}

// A Source is one kind of record that can be found.
type Source struct {
	Kind  string // what the audit trail calls it: "action"
	Group Group  // under which heading it is shown
	// Permissions are those that its documents may need. A document with another is a
	// fault of the program and is refused.
	Permissions []web.Permission
	// Confidential says that the store gives the records only to who has said what for
	// (db.ForSearch).
	Confidential bool
	Scoped       bool // whether a document may have a scope: one that must not is refused
	Version      int  // counts up when Read makes something else of the same records
	// Fixed says that the documents come from the program and its settings, and not
	// from records: they are looked at whenever an installation is opened.
	Fixed bool
	// Read gives the documents of some records, without those that are not there or not
	// to be found; of all when records is nil.
	Read func(ctx context.Context, q db.Reader, records []string) ([]Document, error)
	// Follows are kinds of record that have a part in the words of this one, each with
	// how to find the records of this kind that one of them is in; nil is in all.
	Follows map[string]func(ctx context.Context, q db.Reader, record string) ([]string, error)
	// Describe says how records stand now that were found; nil where their Details say
	// enough. It reads only those that are shown.
	Describe func(ctx context.Context, q db.Reader, records []string) (map[string]Line, error)
}

// An Index is what can be found in one store. A nil Index keeps nothing.
type Index struct {
	DB      *db.DB
	sources []Source
}

// Offer adds what a room offers.
func (x *Index) Offer(sources ...Source) {
	for _, s := range sources {
		if _, there := x.source(s.Kind); there {
			panic("two sources offer " + s.Kind)
		}
		x.sources = append(x.sources, s)
	}
}

func (x *Index) source(kind string) (Source, bool) {
	i := slices.IndexFunc(x.sources, func(s Source) bool { return s.Kind == kind })
	if i < 0 {
		return Source{}, false
	}
	return x.sources[i], true
}

// Changed brings the documents of records up to date in the transaction that added,
// changed or removed them, and those of records that follow them; all of the kind when
// no record is named. A kind that no source offers is passed over.
func (x *Index) Changed(ctx context.Context, q db.Q, kind string, records ...string) error {
	if x == nil {
		return nil
	}
	for _, s := range x.sources {
		changed, all := records, len(records) == 0
		if s.Kind != kind {
			follows, there := s.Follows[kind]
			if !there {
				continue
			}
			changed = nil
			all = all || follows == nil
			for _, r := range records {
				if all {
					break
				}
				list, err := follows(ctx, q, r)
				if err != nil {
					return fmt.Errorf("find what changes with %s %s: %w", kind, r, err)
				}
				changed = append(changed, list...)
			}
		}
		if err := x.bring(ctx, q, s, changed, all); err != nil {
			return fmt.Errorf("bring what can be found of %s up to date: %w", s.Kind, err)
		}
	}
	return nil
}

// step is how many records are read and written at a time.
const step = 100

func (x *Index) bring(ctx context.Context, q db.Q, s Source, records []string, all bool) error {
	if all {
		docs, err := s.read(ctx, q, nil)
		if err != nil {
			return err
		}
		return replace(ctx, q, s.Kind, docs)
	}
	for some := range slices.Chunk(records, step) {
		docs, err := s.read(ctx, q, some)
		if err != nil {
			return err
		}
		if err := put(ctx, q, s.Kind, some, docs); err != nil {
			return err
		}
	}
	return nil
}

// read gives the documents of a source, and refuses those that it must not offer.
func (s Source) read(ctx context.Context, q db.Reader, records []string) (docs []Document, err error) {
	err = s.as(ctx, q, func(q db.Reader) error {
		docs, err = s.Read(ctx, q, records)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range docs {
		d := &docs[i]
		d.Kind = s.Kind
		if d.Record == "" || d.Href == "" || d.Scope != "" && !s.Scoped || !slices.Contains(s.Permissions, d.Permission) ||
			records != nil && !slices.Contains(records, d.Record) {
			return nil, fmt.Errorf("the source of %s offers %q for %q, which is not its to offer", s.Kind, d.Record,
				d.Permission)
		}
	}
	return docs, nil
}

// as reads records of a source as the search itself where they are confidential.
func (s Source) as(ctx context.Context, q db.Reader, read func(db.Reader) error) error {
	if !s.Confidential {
		return read(q)
	}
	return db.ReadAs(ctx, q, db.ForSearch, read)
}

// Refresh makes the documents again of each source that is new, or whose program has
// changed since. It may be interrupted and run again, and by several nodes at once.
func (x *Index) Refresh(ctx context.Context) error {
	kept, err := fingerprints(ctx, x.DB)
	if err != nil {
		return fmt.Errorf("read what can be found: %w", err)
	}
	for _, s := range x.sources {
		print, err := x.fingerprint(ctx, s)
		if err != nil {
			return fmt.Errorf("read what can be found of %s: %w", s.Kind, err)
		}
		if kept[s.Kind] == print {
			continue
		}
		if err := x.remake(ctx, s, print); err != nil {
			return err
		}
	}
	return nil
}

// Rebuild makes every document again.
func (x *Index) Rebuild(ctx context.Context) error {
	for _, s := range x.sources {
		print, err := x.fingerprint(ctx, s)
		if err == nil {
			err = x.remake(ctx, s, print)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Stale lists what of the index is not as the records are now: nothing, unless a change
// was made past the rooms' actions. Each is a kind and a record.
func (x *Index) Stale(ctx context.Context) ([]string, error) {
	var out []string
	err := x.DB.Snapshot(ctx, func(q db.Reader) error {
		for _, s := range x.sources {
			now, err := s.read(ctx, q, nil)
			if err != nil {
				return fmt.Errorf("read what can be found of %s: %w", s.Kind, err)
			}
			kept, err := documentsOf(ctx, q, s.Kind, nil)
			if err != nil {
				return err
			}
			differ := map[Document]int{}
			for _, d := range now {
				differ[d]++
			}
			for _, d := range kept {
				differ[d]--
			}
			for d, n := range differ {
				if n != 0 {
					out = append(out, d.Kind+" "+d.Record+" "+d.Item)
				}
			}
		}
		return nil
	})
	slices.Sort(out)
	return slices.Compact(out), err
}

func (x *Index) remake(ctx context.Context, s Source, print string) error {
	err := x.DB.Tx(ctx, func(q db.Q) error {
		// Others who change records meanwhile write their documents after this.
		if err := db.HoldTable(ctx, q, "search_documents"); err != nil {
			return err
		}
		if err := x.bring(ctx, q, s, nil, true); err != nil {
			return err
		}
		return putFingerprint(ctx, q, s.Kind, print)
	})
	return db.Wrap(err, "make what can be found of %s", s.Kind)
}

// stemming counts up when stems are made in another way, or synonyms of documents are.
const stemming = 1

// fingerprint says of what the documents of a source are made.
func (x *Index) fingerprint(ctx context.Context, s Source) (string, error) {
	print := fmt.Sprintf("%d.%d", stemming, s.Version)
	if !s.Fixed {
		return print, nil
	}
	docs, err := s.read(ctx, x.DB, nil)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(docs)
	return fmt.Sprintf("%s.%x", print, sha256.Sum256(text)), err
}
