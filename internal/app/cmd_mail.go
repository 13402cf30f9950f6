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
