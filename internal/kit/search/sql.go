package search

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf8"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// documentColumns are the columns of a Document, in the order of its fields.
const documentColumns = `kind, record, item, permission, scope, href, title, details, body, day`

func documentsOf(ctx context.Context, q db.Reader, kind string, records []string) ([]Document, error) {
	args := []any{kind}
	return db.All[Document](ctx, q, `SELECT `+documentColumns+` FROM search_documents WHERE kind = $1 AND `+
		db.Among(&args, "record", records), args...)
}

// ownBits is how much of a place tells apart what has one day: so much that two among
// 100,000 have the same in one of 30,000 installations.
const ownBits = 47

// firstDay is the day of what is older.
var firstDay = period.MustDate("1970-01-01")

// place is where a document stands among all: the largest first. What has no day, such
// as a course beside its sessions, stands before what has one.
func (d Document) place() int64 {
	const latest = 1<<(63-ownBits) - 1
	days := latest
	if !d.Day.IsZero() {
		days = min(max(0, firstDay.DaysUntil(d.Day)), latest-1)
	}
	sum := sha256.Sum256([]byte(d.Kind + "\x00" + d.Record + "\x00" + d.Item))
	return int64(days)<<ownBits | int64(binary.BigEndian.Uint64(sum[:])>>(64-ownBits))
}

// put keeps the documents of records as they are now. Most changes of a record change
// none of its words, and write nothing.
func put(ctx context.Context, q db.Q, kind string, records []string, docs []Document) error {
	was, err := documentsOf(ctx, q, kind, records)
	if err != nil {
		return err
	}
	added := slices.DeleteFunc(slices.Clone(docs), func(d Document) bool { return slices.Contains(was, d) })
	for _, w := range was {
		if slices.Contains(docs, w) {
			continue
		}
		for _, statement := range []string{
			`DELETE FROM search_words WHERE rowid IN (
				SELECT place FROM search_documents WHERE kind = $1 AND record = $2 AND item = $3)`,
			`DELETE FROM search_documents WHERE kind = $1 AND record = $2 AND item = $3`,
		} {
			if _, err := db.Exec(ctx, q, statement, kind, w.Record, w.Item); err != nil {
				return err
			}
		}
	}
	return insert(ctx, q, added)
}

// replace makes all documents of a kind again, and the vocabulary of its classes.
func replace(ctx context.Context, q db.Q, kind string, docs []Document) error {
	type audience struct {
		Permission web.Permission
		Scope      string
	}
	had, err := db.All[audience](ctx, q, `SELECT DISTINCT permission, scope FROM search_documents WHERE kind = $1`, kind)
	if err != nil {
		return err
	}
	for _, a := range had {
		c := classOf(kind, a.Permission, a.Scope)
		if _, err := db.Exec(ctx, q, `DELETE FROM search_vocabulary WHERE class = $1`, string(c)); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		`DELETE FROM search_words WHERE rowid IN (SELECT place FROM search_documents WHERE kind = $1)`,
		`DELETE FROM search_documents WHERE kind = $1`,
	} {
		if _, err := db.Exec(ctx, q, statement, kind); err != nil {
			return err
		}
	}
	return insert(ctx, q, docs)
}

func insert(ctx context.Context, q db.Q, docs []Document) error {
	vocabulary := map[vocabularyWord]bool{}
	for some := range slices.Chunk(docs, step) {
		var rows, stems [][]any
		taken, err := takenAmong(ctx, q, some)
		if err != nil {
			return err
		}
		for _, d := range some {
			place, err := free(ctx, q, d.place(), taken)
			if err != nil {
				return err
			}
			rows = append(rows, []any{place, d.Kind, d.Record, d.Item, string(d.Permission), d.Scope, d.Href, d.Title, d.Details,
				d.Body, d.Day})
			stems = append(stems, []any{place, d.indexed()})
			c := classOf(d.Kind, d.Permission, d.Scope)
			for _, w := range d.vocabulary() {
				vocabulary[vocabularyWord{c, w}] = true
			}
		}
		err = db.Insert(ctx, q, `INSERT INTO search_documents (place, `+documentColumns+`)`, rows, "")
		if err == nil {
			err = db.Insert(ctx, q, `INSERT INTO search_words (rowid, stems)`, stems, "")
		}
		if err != nil {
			return err
		}
	}
	return insertVocabulary(ctx, q, vocabulary)
}

// takenAmong tells which of the places that documents would have are taken.
func takenAmong(ctx context.Context, q db.Reader, docs []Document) (map[int64]bool, error) {
	at, args := make([]int64, len(docs)), []any{}
	for i, d := range docs {
		at[i] = d.place()
	}
	list, err := db.All[int64](ctx, q, `SELECT place FROM search_documents WHERE place IN `+db.In(&args, at), args...)
	taken := map[int64]bool{}
	for _, p := range list {
		taken[p] = true
	}
	return taken, err
}

// free gives the first place from one on that no document has.
func free(ctx context.Context, q db.Reader, place int64, taken map[int64]bool) (int64, error) {
	for taken[place] {
		place++
		n, err := db.Get[int](ctx, q, `SELECT count(*) FROM search_documents WHERE place = $1`, place)
		if err != nil {
			return 0, err
		}
		taken[place] = taken[place] || n > 0
	}
	taken[place] = true
	return place, nil
}

// A vocabularyWord is a word of documents of a class.
type vocabularyWord struct {
	class class
	text  string
}

// insertVocabulary adds words in one order, so that transactions with the same new
// ones wait for each other and do not lock. A word stays when its last document goes:
// what is offered is first seen to find something.
func insertVocabulary(ctx context.Context, q db.Q, words map[vocabularyWord]bool) error {
	list := make([]vocabularyWord, 0, len(words))
	for w := range words {
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b vocabularyWord) int {
		return cmp.Or(strings.Compare(string(a.class), string(b.class)), strings.Compare(a.text, b.text))
	})
	rows := make([][]any, len(list))
	for i, w := range list {
		first, _ := utf8.DecodeRuneInString(w.text)
		rows[i] = []any{string(w.class), string(first), utf8.RuneCountInString(w.text), w.text}
	}
	return db.Insert(ctx, q, `INSERT INTO search_vocabulary (class, first, letters, word)`, rows, `ON CONFLICT DO NOTHING`)
}

// like lists the words of classes that begin with one of two letters and have about
// so many.
func like(ctx context.Context, q db.Reader, classes []class, first, second string, least, most int) ([]string, error) {
	args := []any{least, most, first, second}
	return db.All[string](ctx, q, `SELECT DISTINCT word FROM search_vocabulary WHERE class IN `+
		db.In(&args, classes)+` AND first IN ($3, $4) AND letters BETWEEN $1 AND $2`, args...)
}

// places lists where what matches stands, the latest first.
func places(ctx context.Context, q db.Reader, m db.Match, limit int) ([]int64, error) {
	return db.All[int64](ctx, q, `SELECT rowid FROM search_words WHERE `+db.StemsHave(q, "search_words", "stems", 1)+
		` ORDER BY `+db.LatestRow(q)+` LIMIT $2`, m.On(q), limit)
}

// documentsAt reads the documents at places, in their order.
func documentsAt(ctx context.Context, q db.Reader, at []int64) ([]Document, error) {
	if len(at) == 0 {
		return nil, nil
	}
	var args []any
	rows, err := q.QueryContext(ctx, `SELECT `+documentColumns+`, place FROM search_documents WHERE place IN `+
		db.In(&args, at), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[int64]Document{}
	for rows.Next() {
		var d Document
		var place int64
		if err := rows.Scan(&d.Kind, &d.Record, &d.Item, &d.Permission, &d.Scope, &d.Href, &d.Title, &d.Details,
			&d.Body, &d.Day, &place); err != nil {
			return nil, err
		}
		found[place] = d
	}
	var out []Document
	for _, p := range at {
		if d, there := found[p]; there {
			out = append(out, d)
		}
	}
	return out, rows.Err()
}

func fingerprints(ctx context.Context, q db.Reader) (map[string]string, error) {
	rows, err := db.All[struct{ Kind, Print string }](ctx, q, `SELECT kind, fingerprint FROM search_sources`)
	out := map[string]string{}
	for _, r := range rows {
		out[r.Kind] = r.Print
	}
	return out, err
}

func putFingerprint(ctx context.Context, q db.Q, kind, print string) error {
	_, err := db.Exec(ctx, q, `INSERT INTO search_sources (kind, fingerprint) VALUES ($1, $2)
		ON CONFLICT (kind) DO UPDATE SET fingerprint = excluded.fingerprint`, kind, print)
	return err
}
