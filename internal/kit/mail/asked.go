package mail

import (
	"cmp"
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/seal"
)

// Another way to send mail waits here while a second person is asked for it, its password or key
// sealed for this place alone.
//
// Table: mail_asked.

func askedPlace(id string) seal.Place {
	return seal.Place{Table: "mail_asked", Row: id, Column: "secret"}
}

// KeepAsked keeps another way to send mail under an id until a time, in the caller's transaction.
// secret is its password or key as it was entered; "" for none. It returns seal.ErrNoKey.
func (o *Outbox) KeepAsked(ctx context.Context, q db.Q, id string, s Sender, secret string, until db.Time) error {
	s.Secret = ""
	if secret != "" {
		var err error
		if s.Secret, err = o.Seal.Seal(askedPlace(id), secret); err != nil {
			return err
		}
	}
	_, err := db.Exec(ctx, q, `INSERT INTO mail_asked
		(id, how, host, port, security, username, secret, template, base, returns, leaves, until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		id, string(s.How), s.Host, s.Port, cmp.Or(s.Security, StartTLS), s.Username, s.Secret, s.Template, s.Base,
		s.Returns, s.Leaves, until)
	return db.Wrap(err, "keep how mail is to be sent")
}

// Asked gives the way that waits under an id, its secret sealed. It returns db.ErrNotFound.
func Asked(ctx context.Context, q db.Reader, id string) (Sender, error) {
	s, err := db.Get[savedSender](ctx, q, `SELECT how, host, port, security, username, secret, template, base, returns,
		leaves FROM mail_asked WHERE id = $1`, id)
	return s.sender(), err
}

// UseAsked sends mail the way that waits under an id from now on, in the caller's transaction, and
// forgets it there. It gives what is used, and returns db.ErrNotFound, seal.ErrNoKey or
// seal.ErrDamaged.
func (o *Outbox) UseAsked(ctx context.Context, q db.Q, id string) (Sender, error) {
	s, err := Asked(ctx, q, id)
	if err != nil {
		return s, err
	}
	if err := HoldSender(ctx, q); err != nil {
		return s, err
	}
	was, err := o.Using(ctx, q)
	if err != nil {
		return s, err
	}
	if s.Secret != "" {
		secret, err := o.Seal.Open(askedPlace(id), s.Secret)
		if err != nil {
			return s, err
		}
		if s.Secret, err = o.SealSecret(secret); err != nil {
			return s, err
		}
	} else if s.KeepsSecret(was) {
		s.Secret = was.Secret
	}
	if err := SaveSender(ctx, q, s); err != nil {
		return s, err
	}
	return s, ForgetAsked(ctx, q)
}

// ForgetAsked forgets every way that waits, with its secret, in the caller's transaction.
func ForgetAsked(ctx context.Context, q db.Q) error {
	_, err := db.Exec(ctx, q, `DELETE FROM mail_asked`)
	return db.Wrap(err, "forget how mail was to be sent")
}

// forgetLate forgets what waited until it was too late.
func (o *Outbox) forgetLate(ctx context.Context) error {
	return o.DB.Tx(ctx, func(q db.Q) error {
		_, err := db.Exec(ctx, q, `DELETE FROM mail_asked WHERE until <= $1`, db.At(o.Now()))
		return db.Wrap(err, "forget how mail was to be sent")
	})
}
