package annual

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// A Drafted is how far the report is that is being written.
type Drafted struct {
	Year, Title       string
	Written, Chapters int // chapters that have words, of all
}

// LastDay is the last day by which the law has the report of a year published: the end of the
// September after the year. (Working Together to Safeguard Children 2023, chapter 2.)
func (d Drafted) LastDay() period.Date { return lawDay(d.Year) }

func lawDay(year string) period.Date {
	y, err := period.ParseYear(year)
	if err != nil {
		return period.Date{}
	}
	return period.NewDate(y.End().Year, 9, 30)
}

// Draft gives the newest report when it is not published yet; nil when there is none.
func (r *Room) Draft(ctx context.Context) (*Drafted, error) {
	all, err := reports(ctx, r.Work)
	if err != nil || len(all) == 0 || all[0].State != Draft {
		return nil, db.Wrap(err, "the report that is being written")
	}
	out := &Drafted{Year: all[0].Year, Title: all[0].Title}
	list, err := chapters(ctx, r.Work, out.Year)
	for _, c := range list {
		out.Chapters++
		if strings.TrimSpace(c.Markdown) != "" {
			out.Written++
		}
	}
	return out, db.Wrap(err, "the chapters of %s", out.Year)
}

// Any reports whether a report was begun.
func (r *Room) Any(ctx context.Context) (bool, error) {
	all, err := reports(ctx, r.Work)
	return len(all) > 0, db.Wrap(err, "whether there is a report")
}

// Days are the last days by which reports have to be published that are not.
func (r *Room) Days(ctx context.Context, p web.Person, year string) ([]web.Day, error) {
	if !p.May(access.ReportRead) {
		return nil, nil
	}
	all, err := reports(ctx, r.Work)
	if err != nil {
		return nil, db.Wrap(err, "days of reports in %s", year)
	}
	var out []web.Day
	for _, x := range all {
		if x.Version > 0 || period.YearOf(lawDay(x.Year)).String() != year {
			continue
		}
		out = append(out, web.Day{Row: "Report", Title: "Last day by law for " + x.Year, Href: href(x.Year),
			From: lawDay(x.Year), Law: true})
	}
	return out, nil
}

// Todos are what needs a person on their Home page.
func (r *Room) Todos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	out, err := r.ownerTodos(ctx, p)
	if err != nil {
		return nil, db.Wrap(err, "report to-dos")
	}
	asked, err := r.contributionTodos(ctx, p)
	if err != nil {
		return nil, db.Wrap(err, "report to-dos")
	}
	signing, err := r.signingTodos(ctx, p)
	out = slices.Concat(out, asked, signing)
	if err != nil || !p.May(access.ReportEdit) {
		return out, db.Wrap(err, "report to-dos")
	}
	all, err := reports(ctx, r.Work)
	if err != nil {
		return nil, fmt.Errorf("report to-dos: %w", err)
	}
	unsettled, err := r.Outbox.Unsettled(ctx, kindReport)
	if err != nil {
		return nil, fmt.Errorf("report to-dos: %w", err)
	}
	for _, rep := range all {
		at := href(rep.Year)
		switch s := unsettled[rep.Year]; {
		case s.StillPublic() && s.Tries > 0:
			out = append(out, web.Todo{Title: rep.Title + " is still public and should not be", Words: s.Words() + ". " +
				s.Tried(), Href: at, Act: "See what to do", Late: true})
		case s.Waiting() && s.Tries > 0:
			out = append(out, web.Todo{Title: rep.Title + " could not be published", Words: s.Words() + ". " + s.Tried(),
				Href: at, Act: "See what to do", Late: true})
		case rep.State == Draft:
			out = append(out, web.Todo{Title: rep.Title, Words: "The report is a draft.", Href: at, Act: "Go on with it"})
		case rep.ChangedSince():
			out = append(out, web.Todo{Title: rep.Title, Words: "The text has changed since the report was published.", Href: at,
				Act: "Look at it"})
		}
	}
	return out, nil
}

// signingTodos lists the reports that wait for the reader to agree them, and to whoever writes
// them how far those who were asked are.
func (r *Room) signingTodos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	if !p.May(access.ReportSign) && !askedRules.MayAll(p, access.Change) {
		return nil, nil
	}
	all, err := openAskings(ctx, r.Work)
	if err != nil {
		return nil, err
	}
	today := r.Now.Today()
	var out []web.Todo
	for _, x := range all {
		rep, err := report(ctx, r.Work, x.Year)
		if err != nil {
			return nil, err
		}
		a := Agreement{Asking: &x}
		if a.Signers, err = signers(ctx, r.Work, x.ID); err != nil {
			return nil, err
		}
		switch mine := a.of(p); {
		case len(mine) > 0 && mine[0].Waiting():
			words := fmt.Sprintf("%s asks you to agree it for %s.", x.AskedBy, partnersOf(mine))
			if x.Words != "" {
				words += " " + x.Words
			}
			out = append(out, web.Todo{Title: rep.Title + " waits for you", Words: words, Due: x.DueOn,
				Late: x.DueOn.Before(today), Href: draftHref(x.Year), Act: "Read it and answer",
				Also: []web.TodoLink{{Text: "Agree", Href: href(x.Year) + "/agree"},
					{Text: "Ask for a change", Href: href(x.Year) + "/request-change"},
					{Text: "Decline, with a reason", Href: href(x.Year) + "/decline"}}})
		case len(mine) > 0 && mine[0].Last.Answer != register.Agreed:
			out = append(out, web.Todo{Title: rep.Title, Words: "You " + mine[0].Last.Answer.Words() + " for " +
				partnersOf(mine) + ".", Href: draftHref(x.Year), Act: "See it", Others: true})
		case askedRules.MayAll(p, access.Change):
			var parts []string
			for _, s := range a.Signers {
				words := s.Last.Answer.Words()
				switch {
				case s.Waiting():
					words = "not yet"
				case s.Last.Answer == register.Agreed && rep.ChangedAt.After(s.Last.At.Time):
					words = "agreed to an earlier text"
				}
				parts = append(parts, s.Organisation+": "+words)
			}
			out = append(out, web.Todo{Title: "The partners are asked to agree " + rep.Title,
				Words: lang.Sentence(lang.Join(parts)) + ".", Due: x.DueOn,
				Late: x.DueOn.Before(today) && len(a.Waiting()) > 0,
				Href: href(x.Year) + "#agreement", Act: "See it", Others: true})
		}
	}
	return out, nil
}
