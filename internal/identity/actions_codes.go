package identity

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/mail"
)

// A Purpose is what a code by e-mail lets its reader do, without an account.
type Purpose struct {
	ID    string // its part of addresses: "training"
	Title string // of the page that asks: "Your training bookings"
	Does  string // what the reader can do with it: "see your training bookings and give places back"
	Home  string // where a reader goes who has shown it; "" for a code that another page asks for
	// Known reports whether somebody of an address may have a code. It is asked by a job, so
	// that neither the page's answer nor its time tells.
	Known func(ctx context.Context, q db.Reader, address string) (bool, error)
}

// Codes are codes by e-mail: eight digits, bound to an address and a purpose, for half an
// hour and five tries. The e-mail has a link as well, which shows a page with a button:
// mail programs open links, and none presses a button.
type Codes struct {
	room     *Room
	purposes map[string]Purpose
}

// Bounds of codes by e-mail.
const (
	codeDigits = 8
	codeLife   = 30 * time.Minute
	codeTries  = 5
	guestLife  = 30 * time.Minute
)

// CodeKind is the kind of job that sends a code.
const CodeKind = "code"

// Offer adds a purpose. It is called before anything is served.
func (c *Codes) Offer(p Purpose) { c.purposes[p.ID] = p }

// Purpose finds a purpose.
func (c *Codes) Purpose(id string) (Purpose, bool) {
	p, ok := c.purposes[id]
	return p, ok
}

// An askedCode is what the job is told.
type askedCode struct{ Purpose, Address string }

// Ask has a code sent to an address, if somebody of it may have one; the answer is the same
// when nobody may. It returns ErrTooMany or ErrBusy.
func (c *Codes) Ask(ctx context.Context, purpose, address string, v Visit) error {
	r, asked := c.room, askedCode{purpose, cleanEmail(address)}
	if err := r.mayAsk(ctx, CodeKind+" "+purpose, asked.Address, v); err != nil {
		return fmt.Errorf("ask for a code: %w", err)
	}
	told, err := json.Marshal(asked)
	if err != nil {
		return fmt.Errorf("ask for a code: %w", err)
	}
	err = r.Work.Tx(ctx, func(q db.Q) error { return r.Jobs.Enqueue(ctx, q, CodeKind, string(told)) })
	return db.Wrap(err, "ask for a code")
}

// send is the job that makes a code and sends it, if there is somebody to send it to.
func (c *Codes) send(ctx context.Context, told string) error {
	var asked askedCode
	if err := json.Unmarshal([]byte(told), &asked); err != nil {
		return fmt.Errorf("send a code: %w", err)
	}
	p, ok := c.Purpose(asked.Purpose)
	if !ok {
		return nil // of a version of the program that had it
	}
	r := c.room
	err := r.Work.Tx(ctx, func(q db.Q) error {
		known, err := p.Known(ctx, q, asked.Address)
		if err != nil || !known {
			return err
		}
		site, err := r.Site(ctx, q)
		if err != nil {
			return err
		}
		code, secret, err := c.make(ctx, q, p.ID, asked.Address)
		if err != nil {
			return err
		}
		link := ""
		if p.Home != "" {
			link = site.Link(codeLink + secret)
		}
		return r.Mail.Queue(ctx, q, mail.Message{ToAddress: asked.Address, Subject: "Your code",
			Body: codeEmail(p, code, link, site.Name)})
	})
	return db.Wrap(err, "send a code")
}

// Hand makes a code for an address, as send does, for whoever hands it over where no e-mail is
// sent; and says until when it works. The caller says who may, and notes that it was done. It
// returns db.ErrNotFound when nobody of the address may have a code.
func (c *Codes) Hand(ctx context.Context, q db.Q, purpose, address string) (code string, until time.Time, err error) {
	p, ok := c.Purpose(purpose)
	if !ok {
		return "", until, db.ErrNotFound
	}
	address = cleanEmail(address)
	known, err := p.Known(ctx, q, address)
	if err == nil && !known {
		err = db.ErrNotFound
	}
	if err == nil {
		code, _, err = c.make(ctx, q, purpose, address)
	}
	return code, c.room.Now().Add(codeLife), db.Wrap(err, "make a code to hand over")
}

// make makes a code for an address, in the place of an earlier one, and the secret of its
// link.
func (c *Codes) make(ctx context.Context, q db.Q, purpose, address string) (code, secret string, err error) {
	if code, err = eightDigits(); err != nil {
		return "", "", err
	}
	secret = ids.Secret()
	now := c.room.Now()
	if err := deleteOldCodes(ctx, q, db.At(now)); err != nil {
		return "", "", err
	}
	return code, secret, putCode(ctx, q, purpose, address, codeHash(purpose, address, code), hashed(secret),
		db.At(now.Add(codeLife)))
}

// spend reports whether a code is the one of a purpose and an address, which is then used
// up; otherwise the try counts.
func (c *Codes) spend(ctx context.Context, q db.Q, purpose, address, code string) (right bool, err error) {
	kept, err := tryCode(ctx, q, purpose, address, db.At(c.room.Now()))
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	given := codeHash(purpose, address, cleanCode(code))
	if subtle.ConstantTimeCompare([]byte(kept), []byte(given)) != 1 {
		return false, nil
	}
	return true, deleteCode(ctx, q, purpose, address)
}

// eightDigits makes a code.
func eightDigits() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(100_000_000))
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return fmt.Sprintf("%08d", n), nil
}

func codeHash(purpose, address, code string) string {
	return hashed("code\x00" + purpose + "\x00" + address + "\x00" + code)
}

// Check reports whether a code is the one of a purpose and an address, which is then used
// up. It returns ErrWrongCode, a *Wait or ErrBusy.
func (c *Codes) Check(ctx context.Context, purpose, address, code string, v Visit) error {
	r, door := c.room, CodeKind+" "+purpose
	address = cleanEmail(address)
	leave, err := r.keeper.enter(ctx, attemptKey(door, address, network(v.Address)))
	if err != nil {
		return fmt.Errorf("check a code: %w", err)
	}
	defer leave()
	here, err := r.doorsOf(ctx, door, address, "", v)
	if err != nil {
		return fmt.Errorf("check a code: %w", err)
	}
	if err := r.mayTry(ctx, here); err != nil {
		return fmt.Errorf("check a code: %w", err)
	}
	right := false
	err = r.Work.Tx(ctx, func(q db.Q) (err error) {
		right, err = c.spend(ctx, q, purpose, address, code)
		return err
	})
	if err == nil && !right {
		err = cmp.Or(r.failed(ctx, here), ErrWrongCode)
	}
	return db.Wrap(err, "check a code")
}

// OfLink tells what the link of an e-mail is for and for which address, and uses nothing
// up. It returns ErrLinkSpent.
func (c *Codes) OfLink(ctx context.Context, secret string) (Purpose, string, error) {
	of, err := codeOfLink(ctx, c.room.Work, hashed(secret), db.At(c.room.Now()))
	return c.linked(of, err)
}

// UseLink uses a code up by its link, and tells what and for which address it was. It
// returns ErrLinkSpent.
func (c *Codes) UseLink(ctx context.Context, secret string) (Purpose, string, error) {
	var of askedCode
	err := c.room.Work.Tx(ctx, func(q db.Q) (err error) {
		of, err = spendCodeLink(ctx, q, hashed(secret), db.At(c.room.Now()))
		return err
	})
	return c.linked(of, err)
}

// linked says what a link was for that was found.
func (c *Codes) linked(of askedCode, err error) (Purpose, string, error) {
	p, ok := c.Purpose(of.Purpose)
	if errors.Is(err, db.ErrNotFound) || err == nil && !ok {
		err = ErrLinkSpent
	}
	return p, of.Address, db.Wrap(err, "read the link of a code")
}

// enter lets somebody who has shown a code of an address in for half an hour, and gives the
// secret by which they are known.
func (c *Codes) enter(ctx context.Context, purpose, address, old string) (string, error) {
	secret := ids.Secret()
	err := c.room.Work.Tx(ctx, func(q db.Q) error {
		if err := deleteGuest(ctx, q, hashed(old)); err != nil {
			return err
		}
		return insertGuest(ctx, q, hashed(secret), purpose, address, db.At(c.room.Now().Add(guestLife)))
	})
	return secret, db.Wrap(err, "let a guest in")
}

// leave ends what a code opened.
func (c *Codes) leave(ctx context.Context, secret string) error {
	err := c.room.Work.Tx(ctx, func(q db.Q) error { return deleteGuest(ctx, q, hashed(secret)) })
	return db.Wrap(err, "let a guest go")
}

// WithoutAccount lists the people who have an address and do not sign in: more than one
// where an office has one address.
func (r *Room) WithoutAccount(ctx context.Context, q db.Reader, address string) ([]string, error) {
	list, err := withoutAccount(ctx, q, cleanEmail(address))
	return list, db.Wrap(err, "look for people without an account")
}
