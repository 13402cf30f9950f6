package imports

import (
	"context"
	"errors"
	"io"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
)

// How much of an import's files is kept in the store: in all, and in one row. What
// is larger is read by the process that received it or by none.
const (
	maxKept  = 64 << 20
	partSize = 512 << 10
)

// keepFile stores a file in parts. An empty file has one part.
func keepFile(ctx context.Context, q db.Q, id string, number int, f intake.File) error {
	return eachPart(f, func(part int, content []byte) error {
		_, err := db.Exec(ctx, q, `
			INSERT INTO imports_kept (import_id, file, part, name, content) VALUES ($1, $2, $3, $4, $5)`,
			id, number, part, f.Name, content)
		return err
	})
}

// eachPart reads a file a part at a time.
func eachPart(f intake.File, do func(part int, content []byte) error) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	b := make([]byte, partSize)
	for part := 1; ; part++ {
		n, err := io.ReadFull(in, b)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if n == 0 && part > 1 {
			return nil
		}
		if err := do(part, b[:n]); err != nil || n < partSize {
			return err
		}
	}
}

func keptFiles(ctx context.Context, q db.Reader, id string) ([]string, error) {
	return db.All[string](ctx, q, `SELECT name FROM imports_kept WHERE import_id = $1 AND part = 1 ORDER BY file`, id)
}

// keptReader reads a file that is kept, a part at a time.
func keptReader(ctx context.Context, q db.Reader, id string, number int) io.Reader {
	return &partReader{part: func(n int) (keptPart, error) {
		return db.Get[keptPart](ctx, q, `
			SELECT content FROM imports_kept WHERE import_id = $1 AND file = $2 AND part = $3`, id, number, n)
	}}
}

// A partReader reads parts one after another.
type partReader struct {
	part func(n int) (keptPart, error)
	n    int
	rest []byte
}

// Read implements io.Reader.
func (k *partReader) Read(p []byte) (int, error) {
	for len(k.rest) == 0 {
		k.n++
		row, err := k.part(k.n)
		if errors.Is(err, db.ErrNotFound) {
			return 0, io.EOF
		}
		if err != nil {
			return 0, err
		}
		k.rest = row.Content
	}
	n := copy(p, k.rest)
	k.rest = k.rest[n:]
	return n, nil
}

type keptPart struct{ Content []byte }

func dropKept(ctx context.Context, q db.Q, id string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM imports_kept WHERE import_id = $1`, id)
	return err
}
