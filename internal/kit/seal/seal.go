// Package seal keeps secrets in the database that the program has to read again, such as the
// key of an app that shows codes: who copies the database alone cannot use them.
//
// A secret is encrypted (AES-256-GCM) with a key that is not in the database, and bound to
// its table, row and column, so that one moved to another place does not open there. The
// key is 32 bytes: in a file of the installation's folder, or given to every node that
// shares a database. The database has a mark of the key, so that a node with another key
// says so at once and seals nothing that the others cannot read.
//
// A Box without a key works as far as it can: it opens and seals nothing and returns
// ErrNoKey. Whatever needs no sealed secret goes on.
//
// Table: seal_mark.
package seal

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kith/internal/kit/db"
)

// Errors of sealed secrets.
var (
	ErrNoKey    = errors.New("the key of the sealed secrets is not here")
	ErrDamaged  = errors.New("a sealed secret does not open: it was changed, or moved from another place")
	ErrBadKey   = errors.New("the key of the sealed secrets cannot be used")
	errKeyForm  = fmt.Errorf("%w: it has to be 64 signs of 0 to 9 and a to f (openssl rand -hex 32)", ErrBadKey)
	errTwoKeys  = fmt.Errorf("%w: KITH_SECRET_KEY and KITH_SECRET_KEY_FILE are both set; set one", ErrBadKey)
	errMadeElse = errors.New("another key than the one the secrets in the database are sealed with")
)

// File is the name of the key's file in an installation's folder.
const File = "secret.key"

// prefix begins what is sealed, with the number of its form.
const prefix = "sealed.1."

const keyBytes = 32

// A Place is where a secret stands.
type Place struct{ Table, Row, Column string }

func (p Place) data() []byte { return []byte(p.Table + "\x00" + p.Row + "\x00" + p.Column) }

// A Box seals and opens secrets. The zero Box has no key.
type Box struct {
	aead cipher.AEAD
	why  error // why there is no key
}

// New makes a box with a key of 32 bytes.
func New(key []byte) (*Box, error) {
	if len(key) != keyBytes {
		return nil, errKeyForm
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("use the key of the sealed secrets: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("use the key of the sealed secrets: %w", err)
	}
	return &Box{aead: aead}, nil
}

// Ready reports whether there is a key.
func (b *Box) Ready() bool { return b != nil && b.aead != nil }

// Why says why there is no key; nil when there is.
func (b *Box) Why() error {
	if b.Ready() {
		return nil
	}
	if b == nil || b.why == nil {
		return ErrNoKey
	}
	return b.why
}

// Sealed reports whether a text is sealed.
func Sealed(text string) bool { return strings.HasPrefix(text, prefix) }

// Seal seals a secret for its place. It returns ErrNoKey.
func (b *Box) Seal(at Place, secret string) (string, error) {
	if !b.Ready() {
		return "", ErrNoKey
	}
	return prefix + base64.RawURLEncoding.EncodeToString(b.aead.Seal(nil, nil, []byte(secret), at.data())), nil
}

// Open gives the secret that stands at a place. It returns ErrNoKey, or ErrDamaged for what
// is not sealed, or not for this place, or not with this key.
func (b *Box) Open(at Place, sealed string) (string, error) {
	if !b.Ready() {
		return "", ErrNoKey
	}
	text, ok := strings.CutPrefix(sealed, prefix)
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil && ok {
		var secret []byte
		if secret, err = b.aead.Open(nil, nil, raw, at.data()); err == nil {
			return string(secret), nil
		}
	}
	return "", ErrDamaged
}

// A Given is the key that a process was started with: as it is written, or the path of its
// file. Empty fields are none.
type Given struct{ Key, File string }

// Environment reads what was given by KITH_SECRET_KEY and KITH_SECRET_KEY_FILE.
func Environment() Given {
	return Given{Key: os.Getenv("KITH_SECRET_KEY"), File: os.Getenv("KITH_SECRET_KEY_FILE")}
}

// Load finds the key: the one given, else the one in the folder, which is made where the
// database has no mark of another. It returns a box without a key, which says why, where
// there is none or it is not the one that the secrets are sealed with; and ErrBadKey for one
// that cannot be read.
func Load(ctx context.Context, d *db.DB, dir string, from Given) (*Box, error) {
	key, err := from.read()
	if err != nil {
		return nil, err
	}
	mark, err := markIn(ctx, d)
	if err != nil {
		return nil, fmt.Errorf("look for the key of the sealed secrets: %w", err)
	}
	if key == nil {
		key, err = inFolder(dir, mark == "")
	}
	if errors.Is(err, fs.ErrNotExist) {
		return &Box{why: fmt.Errorf("%w: %s was not found", ErrNoKey, filepath.Join(dir, File))}, nil
	} else if err != nil {
		return nil, err
	}
	if mark == "" {
		if mark, err = putMark(ctx, d, markOf(key)); err != nil {
			return nil, fmt.Errorf("note which key the secrets are sealed with: %w", err)
		}
	}
	if mark != markOf(key) {
		return &Box{why: fmt.Errorf("%w: there is %w", ErrNoKey, errMadeElse)}, nil
	}
	return New(key)
}

// read gives the key; nil for none.
func (g Given) read() ([]byte, error) {
	switch {
	case g.Key != "" && g.File != "":
		return nil, errTwoKeys
	case g.File != "":
		key, err := read(g.File)
		if err != nil && !errors.Is(err, ErrBadKey) {
			err = fmt.Errorf("%w: %w", ErrBadKey, err)
		}
		return key, err
	case g.Key != "":
		return parse(g.Key)
	}
	return nil, nil
}

func read(at string) ([]byte, error) {
	b, err := os.ReadFile(at)
	if err != nil {
		return nil, fmt.Errorf("read the key of the sealed secrets: %w", err)
	}
	key, err := parse(string(b))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", at, err)
	}
	return key, nil
}

func parse(text string) ([]byte, error) {
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != keyBytes {
		return nil, errKeyForm // never what was read: it is a secret, if a mistyped one
	}
	return key, nil
}

// inFolder reads the key of a folder, which is made first where there may be a new one.
func inFolder(dir string, make bool) ([]byte, error) {
	at := filepath.Join(dir, File)
	key, err := read(at)
	if !errors.Is(err, fs.ErrNotExist) || !make {
		return key, err
	}
	key = fresh()
	// Written whole beside it and linked: who reads it never reads half a key.
	temp, err := os.CreateTemp(dir, File+"-*") // 0600
	if err != nil {
		return nil, fmt.Errorf("make the key of the sealed secrets: %w", err)
	}
	defer os.Remove(temp.Name())
	_, err = temp.WriteString(hex.EncodeToString(key) + "\n")
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return nil, fmt.Errorf("make the key of the sealed secrets: %w", err)
	}
	if err := os.Link(temp.Name(), at); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the key of the sealed secrets: %w", err)
	}
	return read(at)
}

func fresh() []byte {
	key := make([]byte, keyBytes)
	rand.Read(key)
	return key
}

// markOf is what the database has of a key: enough to tell another, and nothing to open with.
func markOf(key []byte) string {
	sum := sha256.Sum256(append([]byte("kith secret key\x00"), key...))
	return hex.EncodeToString(sum[:])
}

func markIn(ctx context.Context, q db.Reader) (string, error) {
	return db.Get[string](ctx, q, `SELECT COALESCE((SELECT mark FROM seal_mark WHERE id = 1), '')`)
}

// putMark notes the mark of a key, unless another process noted one meanwhile, and gives
// the one that stands.
func putMark(ctx context.Context, d *db.DB, mark string) (stands string, err error) {
	err = d.Tx(ctx, func(q db.Q) error {
		_, err := db.Exec(ctx, q, `INSERT INTO seal_mark (id, mark) VALUES (1, $1) ON CONFLICT DO NOTHING`, mark)
		if err != nil {
			return err
		}
		stands, err = markIn(ctx, q)
		return err
	})
	return stands, err
}
