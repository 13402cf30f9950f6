package remind

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/period"
)

// Reminders go out from opens to closes o'clock of a working day in England.
const (
	opens  = 8
	closes = 17
	look   = time.Minute
)

// Run begins what is to be gone through each hour, until ctx ends. A fault is reported and
// tried again.
func (r *Reminders) Run(ctx context.Context, report func(error)) {
	t := time.NewTicker(look)
	defer t.Stop()
	for {
		if err := r.Begin(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// Begin adds the jobs of this hour, where it is a working one and no node has begun it.
func (r *Reminders) Begin(ctx context.Context) error {
	now := r.Now().In(clock.London)
	if !period.IsWorkingDay(period.DateOf(now)) || now.Hour() < opens || now.Hour() >= closes {
		return nil
	}
	hour := now.Format("2006-01-02 15")
	begun, err := hourBegun(ctx, r.Work, hour) // without a write, which each node would otherwise make each minute
	if err != nil || begun {
		return db.Wrap(err, "begin the reminders of %s", hour)
	}
	err = r.Work.Tx(ctx, func(q db.Q) error {
		first, err := beginHour(ctx, q, hour)
		if err != nil || !first {
			return err
		}
		for _, k := range r.kinds {
			if err := r.Jobs.Enqueue(ctx, q, JobKind, k.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return db.Wrap(err, "begin the reminders of %s", hour)
}

// a due is an item with its occasion, and why it cannot be sent, if it cannot.
type due struct {
	Item
	days    int
	problem string
}

// Remind is the job: it sees to one kind.
func (r *Reminders) Remind(ctx context.Context, id string) error {
	k, ok := r.Kind(id)
	if !ok {
		return nil // a version before this one offered it
	}
	s, err := r.Setting(ctx, r.Work, k)
	if err != nil || !s.Active {
		return db.Wrap(err, "remind of %s", id)
	}
	items, err := k.Open(ctx, r.Work)
	if err != nil {
		return fmt.Errorf("remind of %s: %w", id, err)
	}
	seen, err := seenTo(ctx, r.Work, id)
	if err != nil {
		return fmt.Errorf("remind of %s: %w", id, err)
	}
	var lost []due
	var faults []error
	for _, it := range items {
		days, ok := occasion(s, it, r.Now.Today())
		if !ok || seen[keyOf(id, it, days)] {
			continue
		}
		d := due{Item: it, days: days}
		if d.problem, err = r.why(ctx, it); err != nil {
			faults = append(faults, fmt.Errorf("remind of %s: %w", it.Title, err))
			continue
		}
		if d.problem != "" {
			lost = append(lost, d)
			continue
		}
		if err := r.write(ctx, k, d); err != nil {
			faults = append(faults, fmt.Errorf("remind of %s: %w", it.Title, err))
		}
	}
	if err := r.tellOfficers(ctx, k, lost); err != nil {
		faults = append(faults, fmt.Errorf("tell whom a reminder cannot reach: %w", err))
	}
	return errors.Join(faults...)
}

// why says why somebody cannot be reminded; "" where they can.
func (r *Reminders) why(ctx context.Context, it Item) (string, error) {
	if it.Name == "" && it.Address == "" {
		return "nobody is named for it", nil
	}
	if _, err := netmail.ParseAddress(it.Address); err != nil {
		return "there is no e-mail address for " + it.Name, nil
	}
	if back, err := r.Mail.CameBack(ctx, r.Work, it.Address); err != nil || back != "" {
		return back, err
	}
	if it.Public {
		return "", nil
	}
	if it.PersonID == "" {
		return it.Name + " has no account, and the page opens only with one", nil
	}
	if open, err := r.Opens(ctx, it.PersonID, it.Path); err != nil || !open {
		return "the page does not open for " + it.Name + ": they have no account that is in use, or no role for it", err
	}
	return "", nil
}

// write sends one letter and notes it, unless it was sent meanwhile.
func (r *Reminders) write(ctx context.Context, k Kind, d due) error {
	return r.Work.Tx(ctx, func(q db.Q) error {
		first, err := insertSent(ctx, q, d.row(k, db.At(r.Now())))
		if err != nil || !first {
			return err
		}
		if d.Done != nil {
			if err := d.Done(ctx, q); err != nil {
				return err
			}
		}
		site, err := r.Site(ctx, q)
		if err != nil {
			return err
		}
		subject, text := d.Letter(Moment{Today: r.Now.Today(), Due: d.Due})
		way := "To do it, sign in to the workspace."
		if d.Public {
			way = ""
		}
		if link := site.Link(d.Path); link != "" && d.Path != "" {
			way = "Open it here: " + link
		}
		parts := []string{"Dear " + d.Name, text, way, "This reminder was sent by itself.\n" + site.Name}
		return r.Mail.Queue(ctx, q, mail.Message{ToAddress: d.Address, ToName: d.Name, Subject: subject,
			Body: paragraphs(parts)})
	})
}

func (d due) row(k Kind, at db.Time) Sent {
	path := d.Path
	if d.problem != "" && d.FixPath != "" {
		path = d.FixPath
	}
	return Sent{Kind: k.ID, RecordID: d.RecordID, ToAddress: d.Address, DueOn: d.Due, Days: int64(d.days), ToName: d.Name,
		Title: d.Title, Path: path, Problem: d.problem, At: at}
}

// tellOfficers writes one letter to each of those who can put right who is not reached.
func (r *Reminders) tellOfficers(ctx context.Context, k Kind, lost []due) error {
	if len(lost) == 0 {
		return nil
	}
	return r.Work.Tx(ctx, func(q db.Q) error {
		site, err := r.Site(ctx, q)
		if err != nil {
			return err
		}
		var lines []string
		for _, d := range lost {
			row := d.row(k, db.At(r.Now()))
			first, err := insertSent(ctx, q, row)
			if err != nil {
				return err
			}
			if !first {
				continue
			}
			line := d.Title + ", due " + d.Due.Words() + ": " + d.problem + "."
			if link := site.Link(row.Path); link != "" && row.Path != "" {
				line += "\n" + link
			}
			lines = append(lines, line)
		}
		if len(lines) == 0 {
			return nil
		}
		officers, err := r.Holders(ctx, q, k.Officer)
		if err != nil {
			return err
		}
		n := lang.Plural(len(lines), "reminder", "reminders")
		for _, o := range officers {
			if back, err := r.Mail.CameBack(ctx, q, o.Address); err != nil {
				return err
			} else if back != "" {
				continue
			}
			parts := append([]string{"Dear " + o.Name, lang.Sentence(n) + " could not be sent. Please see that somebody " +
				"who can do it is named and has an account with the role for it:"}, lines...)
			parts = append(parts, "This e-mail was sent by itself.\n"+site.Name)
			if err := r.Mail.Queue(ctx, q, mail.Message{ToAddress: o.Address, ToName: o.Name,
				Subject: n + " could not be sent", Body: paragraphs(parts)}); err != nil {
				return err
			}
		}
		return nil
	})
}

func paragraphs(parts []string) string {
	var kept []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n\n") + "\n"
}

func days(n int) string { return lang.Plural(n, "day", "days") }
