package audittrail

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// origin is the first line of a head, which says what it is the head of.
const origin = "kith audit trail"

// A head says that at a time there were N links, of which the last has a hash.
type head struct {
	N    int64
	Hash string
	At   time.Time
}

func (h head) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n%s\n", origin, h.N, h.Hash, h.At.Format(time.RFC3339))
}

var errNoHead = errors.New("it is no head of an audit trail")

// readHead reads what a signed note says, whoever signed it.
func readHead(text string) (head, error) {
	lines := strings.SplitN(text, "\n", 5)
	if len(lines) != 5 || lines[0] != origin {
		return head{}, errNoHead
	}
	n, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || n < 1 {
		return head{}, errNoHead
	}
	at, err := time.Parse(time.RFC3339, lines[3])
	if err != nil {
		return head{}, errNoHead
	}
	return head{N: n, Hash: lines[2], At: at}, nil
}

// The files of the folder.
const (
	keyFile   = "key"     // signs; for nobody else to read
	pubFile   = "key.pub" // checks
	headsFile = "heads"   // every head that was signed here, one after the other
)

// signer reads the key, and makes one where there is none.
func (c *Chain) signer() (note.Signer, error) {
	at := filepath.Join(c.Dir, keyFile)
	b, err := os.ReadFile(at)
	if errors.Is(err, fs.ErrNotExist) {
		if err := c.makeKey(at); err != nil {
			return nil, fmt.Errorf("make the key of the audit trail: %w", err)
		}
		b, err = os.ReadFile(at)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of the audit trail: %w", err)
	}
	return note.NewSigner(strings.TrimSpace(string(b)))
}

// makeKey makes a key unless another process has made one meanwhile.
func (c *Chain) makeKey(at string) error {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return err
	}
	private, public, err := note.GenerateKey(rand.Reader, "kith-audit")
	if err != nil {
		return err
	}
	// Written whole beside it and linked: who reads it never reads half a key.
	temp, err := os.CreateTemp(c.Dir, keyFile+"-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.WriteString(private + "\n")
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err := os.Link(temp.Name(), at); errors.Is(err, fs.ErrExist) {
		return nil
	} else if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.Dir, pubFile), []byte(public+"\n"), 0o600)
}

// keep appends a head to the file of those that were signed here.
func (c *Chain) keep(signed string) error {
	f, err := os.OpenFile(filepath.Join(c.Dir, headsFile), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(signed + "\n")
	return errors.Join(err, f.Sync(), f.Close())
}

// ReadHeads reads signed heads, as the file of a folder has them or as they were kept
// elsewhere: one after the other, with any empty lines between.
func ReadHeads(text string) []string {
	var out []string
	for _, part := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), origin+"\n")[1:] {
		out = append(out, origin+"\n"+strings.TrimRight(part, "\n")+"\n")
	}
	return out
}

// Kept gives what a folder has to check heads with: the signed heads and the public key
// (""; where there is none).
func Kept(dir string) (heads []string, key string, err error) {
	b, err := os.ReadFile(filepath.Join(dir, headsFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, "", err
	}
	k, err := os.ReadFile(filepath.Join(dir, pubFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, "", err
	}
	return ReadHeads(string(b)), strings.TrimSpace(string(k)), nil
}
