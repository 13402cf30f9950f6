package mail

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/emersion/go-msgauth/dkim"

	"kith/internal/kit/db"
	"kith/internal/kit/seal"
)

// The states of a key.
const (
	KeyWaiting = "waiting" // its record is not published yet
	KeySigning = "signing"
	KeyRetired = "retired" // mail that was signed with it may still be under way
)

// A Key is one that mail is signed with (DKIM, RFC 6376).
type Key struct {
	Selector  string
	Domain    string
	Private   string // PEM, sealed
	Public    string // as the record has it, in base64
	State     string
	MadeAt    db.Time
	ChangedAt db.Time
}

// Record gives the name and the value of the DNS record (TXT) that publishes the key.
func (k Key) Record() (name, value string) {
	return k.Selector + "._domainkey." + k.Domain, "v=DKIM1; k=rsa; p=" + k.Public
}

// keyBits is what receivers take and one TXT record still holds.
const keyBits = 2048

const keyColumns = `selector, domain, private, public, state, made_at, changed_at FROM mail_keys`

// Keys lists the keys, newest first.
func Keys(ctx context.Context, q db.Reader) ([]Key, error) {
	return db.All[Key](ctx, q, `SELECT `+keyColumns+` ORDER BY made_at DESC, selector DESC`)
}

// ErrKeyWaits is returned where a key for the domain waits already to be published.
var ErrKeyWaits = errors.New("a key of the domain waits to be published")

// MakeKey makes a key for a domain, which signs nothing until its record is published, in the
// caller's transaction. It returns seal.ErrNoKey and ErrKeyWaits.
func (o *Outbox) MakeKey(ctx context.Context, q db.Q, domain string) (Key, error) {
	all, err := Keys(ctx, q)
	if err != nil {
		return Key{}, err
	}
	taken := map[string]bool{}
	for _, k := range all {
		taken[k.Selector] = true
		if k.Domain == domain && k.State == KeyWaiting {
			return Key{}, ErrKeyWaits
		}
	}
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return Key{}, fmt.Errorf("make a key: %w", err)
	}
	k := Key{Domain: domain, State: KeyWaiting, MadeAt: db.At(o.Now()), ChangedAt: db.At(o.Now())}
	for n := 'a'; k.Selector == "" || taken[k.Selector]; n++ {
		k.Selector = "kith" + o.Now().Format("200601") + string(n)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return Key{}, fmt.Errorf("write a key: %w", err)
	}
	k.Private, err = o.Seal.Seal(k.place(), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	if err != nil {
		return Key{}, err
	}
	public, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		return Key{}, fmt.Errorf("write a key: %w", err)
	}
	k.Public = base64.StdEncoding.EncodeToString(public)
	_, err = db.Exec(ctx, q, `INSERT INTO mail_keys (selector, domain, private, public, state, made_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, k.Selector, k.Domain, k.Private, k.Public, k.State, k.MadeAt, k.ChangedAt)
	return k, db.Wrap(err, "keep a key")
}

func (k Key) place() seal.Place {
	return seal.Place{Table: "mail_keys", Row: k.Selector, Column: "private"}
}

// UseKey has a key sign from now on, and retires the one before it, in the caller's
// transaction. Ask first whether its record is published. It returns db.ErrNotFound for one
// that does not wait.
func (o *Outbox) UseKey(ctx context.Context, q db.Q, selector string) error {
	k, err := db.Get[Key](ctx, q, `SELECT `+keyColumns+` WHERE selector = $1 AND state = 'waiting'`, selector)
	if err != nil {
		return err
	}
	if _, err := db.Exec(ctx, q, `UPDATE mail_keys SET state = 'retired', changed_at = $2
		WHERE domain = $1 AND state = 'signing'`, k.Domain, db.At(o.Now())); err != nil {
		return db.Wrap(err, "retire a key")
	}
	return db.Must(ctx, q, `UPDATE mail_keys SET state = 'signing', changed_at = $2 WHERE selector = $1`, selector,
		db.At(o.Now()))
}

// sign puts the signature of the domain's key before a letter; the letter as it is where there
// is no key, or none that can be read: it is not kept back for that.
func (o *Outbox) sign(ctx context.Context, domain string, raw []byte) ([]byte, error) {
	k, err := db.Get[Key](ctx, o.DB, `SELECT `+keyColumns+` WHERE domain = $1 AND state = 'signing'`, domain)
	if errors.Is(err, db.ErrNotFound) {
		return raw, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for the key of mail: %w", err)
	}
	signer, err := o.signer(k)
	if err != nil {
		if o.Log != nil {
			o.Log.Error("mail goes out without a signature", "key", k.Selector, "error", err)
		}
		return raw, nil
	}
	var b bytes.Buffer
	err = dkim.Sign(&b, bytes.NewReader(raw), &dkim.SignOptions{Domain: k.Domain, Selector: k.Selector, Signer: signer,
		Hash: crypto.SHA256, HeaderCanonicalization: dkim.CanonicalizationRelaxed,
		BodyCanonicalization: dkim.CanonicalizationRelaxed,
		HeaderKeys: []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
			"Content-Transfer-Encoding", "Auto-Submitted", "List-Unsubscribe", "Reply-To", "Cc"}})
	if err != nil {
		return nil, fmt.Errorf("sign mail: %w", err)
	}
	return b.Bytes(), nil
}

// signer opens a key.
func (o *Outbox) signer(k Key) (crypto.Signer, error) {
	text, err := o.Seal.Open(k.place(), k.Private)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, seal.ErrDamaged
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read a key: %w", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, seal.ErrDamaged
	}
	return signer, nil
}
