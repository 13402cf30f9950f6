package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/internal/kit/lang"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Find what was changed in, or taken out of, the record of who did what."`
	Seal   auditSealCommand   `cmd:"" help:"Seal what is not sealed yet, and print the signed head to keep elsewhere."`
	Erase  auditEraseCommand  `cmd:"" help:"Take a person's name and the words about them out of the record of who did what."`
}

type auditVerifyCommand struct {
	Heads []string `placeholder:"FILE" help:"Signed heads that were kept elsewhere; may be given again."`
	Key   []string `placeholder:"FILE" help:"Public key (key.pub) of another node; may be given again."`
	installationOptions
}

// Help gives examples.
func (auditVerifyCommand) Help() string {
	return examples("kith audit verify --dir /srv/kith",
		"kith audit verify --dir /srv/kith --heads /mnt/elsewhere/heads")
}

// Run checks the audit trail. The answer is no when anything is not as it was sealed.
func (o *auditVerifyCommand) Run(ctx context.Context, c *cli) error {
	a, err := OpenExisting(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	kept, key, err := audittrail.Kept(a.Chain.Dir)
	if err != nil {
		return err
	}
	for _, name := range o.Heads {
		b, err := os.ReadFile(name)
		if err != nil {
			return misused("--heads: %v", err)
		}
		more := audittrail.ReadHeads(string(b))
		if len(more) == 0 {
			return misused("--heads: %s has no head of an audit trail", name)
		}
		kept = append(kept, more...)
	}
	keys := []string{key}
	for _, name := range o.Key {
		b, err := os.ReadFile(name)
		if err != nil {
			return misused("--key: %v", err)
		}
		keys = append(keys, strings.TrimSpace(string(b)))
	}
	r, err := audittrail.Verify(ctx, a.Work, kept, keys...)
	if err != nil {
		return err
	}
	for _, fault := range r.Faults {
		fmt.Fprintln(c.err, fault)
	}
	if r.More > 0 {
		fmt.Fprintf(c.err, "and %s more\n", lang.Plural(r.More, "fault", "faults"))
	}
	if !r.OK() {
		return &refused{}
	}
	fmt.Fprintln(c.out, verified(r))
	return nil
}

// verified says what a check found where nothing is wrong.
func verified(r *audittrail.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s sealed", lang.Plural(int(r.Sealed), "act is", "acts are"))
	if !r.Until.IsZero() {
		fmt.Fprintf(&b, ", until %s", lang.DateTime(r.Until))
	}
	b.WriteString(". None was changed or taken away.")
	if r.Open > 0 {
		fmt.Fprintf(&b, "\n%s not sealed yet: a running program does so each minute.",
			lang.Plural(r.Open, "newer act is", "newer acts are"))
	}
	if r.Unproven > 0 {
		fmt.Fprintf(&b, "\n%s signed by keys that are not at hand: give the other node's key.pub by --key.",
			lang.Plural(r.Unproven, "head is", "heads are"))
	}
	return b.String()
}

type auditSealCommand struct{ installationOptions }

// Help gives an example.
func (auditSealCommand) Help() string {
	return examples("kith audit seal --dir /srv/kith | mail -s 'Audit head' records@example.org")
}

// Run seals the audit trail and prints its newest head.
func (o *auditSealCommand) Run(ctx context.Context, c *cli) error {
	a, err := OpenExisting(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	if _, err := a.Chain.Seal(ctx); err != nil {
		return err
	}
	head, err := audittrail.NewestHead(ctx, a.Work)
	if errors.Is(err, db.ErrNotFound) {
		return &refused{"nobody has done anything yet"}
	} else if err != nil {
		return err
	}
	_, err = fmt.Fprint(c.out, head)
	return err
}

type auditEraseCommand struct {
	Person string `required:"" placeholder:"ID" help:"Who: the last part of the address of their page."`
	Reason string `required:"" placeholder:"TEXT" help:"Why; it stands in the record, so without their name."`
	installationOptions
}

// Help gives an example.
func (auditEraseCommand) Help() string {
	return examples(`kith audit erase --dir /srv/kith --person 01jc5m0q6y --reason "Request of 3 May, agreed by the board"`)
}

// Run takes a person out of the audit trail.
func (o *auditEraseCommand) Run(ctx context.Context, c *cli) error {
	a, err := OpenExisting(ctx, o.config(), c.log)
	if err != nil {
		return err
	}
	defer a.Close()
	if _, err := a.Identity.PersonByID(ctx, o.Person); err != nil {
		return fmt.Errorf("person %s: %w", o.Person, err)
	}
	if _, err := a.Chain.Seal(ctx); err != nil {
		return err
	}
	trail := audittrail.Trail{Now: a.Now, NewID: ids.New}
	err = a.Work.Tx(ctx, func(q db.Q) error {
		return trail.Erase(ctx, q, audittrail.Entry{SubjectID: o.Person, Reason: o.Reason})
	})
	if errors.Is(err, audittrail.ErrOpenLinks) {
		return &refused{"somebody did something at this moment; try again"}
	} else if err != nil {
		return err
	}
	if _, err := a.Chain.Seal(ctx); err != nil {
		return err
	}
	fmt.Fprintln(c.out, "Their name and the words about them are gone. That something was done, and when, stays.")
	return nil
}
