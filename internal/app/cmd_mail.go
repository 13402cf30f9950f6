package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"kith/internal/kit/db"
	"kith/internal/kit/mail"
)

type mailCommand struct {
	Bounce mailBounceCommand `cmd:"" help:"Take in an e-mail that a mail system sent back, from standard input."`
	From   mailFromCommand   `cmd:"" help:"Set the address that e-mails come from."`
	Reset  mailResetCommand  `cmd:"" help:"Send e-mail as kith serve is started, and not as Settings say."`
}

type mailFromCommand struct {
	Address string `arg:"" help:"The address, such as partnership@example.org."`
	installationOptions
}

// Help says when it is needed, and gives an example.
func (mailFromCommand) Help() string {
	return "In the workspace a second person has to agree to another address; use this where there is nobody else.\n\n" +
		examples("kith mail from --dir /srv/kith partnership@example.org")
}

// Run sets the address.
func (o *mailFromCommand) Run(ctx context.Context, c *cli) error {
	a, err := OpenExisting(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Partnership.SetFrom(ctx, o.Address); err != nil {
		return misused("%v", err)
	}
	fmt.Fprintf(c.out, "E-mails come from %s.\n", o.Address)
	return nil
}

type mailResetCommand struct {
	installationOptions
}

// Help says when it is needed, and gives an example.
func (mailResetCommand) Help() string {
	return "In the workspace a second person has to agree to another way to send e-mail; use this where there is nobody " +
		"else. What Settings say of it is forgotten: e-mail goes as kith serve is started (--mail), and where that says " +
		"nothing somebody alone can choose in Settings again.\n\n" + examples("kith mail reset --dir /srv/kith")
}

// Run forgets what Settings say.
func (o *mailResetCommand) Run(ctx context.Context, c *cli) error {
	a, err := OpenExisting(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Letters.ResetEmail(ctx); err != nil {
		return err
	}
	fmt.Fprintln(c.out, "E-mail goes as kith serve is started.")
	return nil
}

type mailBounceCommand struct {
	installationOptions
}

// Help gives examples.
func (mailBounceCommand) Help() string {
	return examples("kith mail bounce --dir /srv/kith < returned.eml",
		`returns: "|/usr/local/bin/kith mail bounce --dir /srv/kith"    (a line of /etc/aliases)`)
}

// Run takes one message in. One that is none of ours, or no report, is said and is no failure:
// a mail system would send the failure back once more.
func (o *mailBounceCommand) Run(ctx context.Context, c *cli) error {
	a, err := OpenExisting(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	var n mail.Noted
	err = a.Work.Tx(ctx, func(q db.Q) (err error) {
		n, err = a.Mail.TakeReport(ctx, q, "command", c.in)
		return err
	})
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if n.Address != "" {
		fmt.Fprintf(c.out, "%s: ", n.Address)
	}
	fmt.Fprintln(c.out, n.Words)
	return nil
}
