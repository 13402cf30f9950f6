package annual

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// draftHref is where a report is read whole, and answered by those who were asked.
func draftHref(year string) string { return href(year) + "/draft/" }

// among gives where somebody stands in a list of people; -1 where they do not.
func among(list []web.Person, id string) int {
	return slices.IndexFunc(list, func(p web.Person) bool { return p.ID == id })
}

// tell queues news of a report to people.
func (r *Room) tell(ctx context.Context, q db.Q, by web.Person, to []web.Person, n mail.News) error {
	site, err := r.Site(ctx, q)
	if err != nil {
		return err
	}
	n.Where = "open Yearly reports"
	return r.Mail.Tell(ctx, q, site, by, to, n)
}

// asked writes what somebody who is asked to agree a report reads, in a letter or a reminder.
func (a Asking) asked(rep Report, s Signer) (subject, words, about string) {
	subject = fmt.Sprintf("For you to agree: %s, by %s", rep.Title, a.DueOn.Words())
	words = fmt.Sprintf("%s asks you to agree %s for %s. Please answer by %s.", a.AskedBy, rep.Title, s.Organisation,
		a.DueOn.Words())
	about = "You can read it whole there, and then agree, ask for a change or decline."
	if s.Last.Answer != "" {
		about = "Its text has changed since you answered. " + about
	}
	return subject, words, about
}

// tellSigners writes to those who are asked to agree a report, each once for their partners.
func (r *Room) tellSigners(ctx context.Context, q db.Q, by web.Person, rep Report, a Asking, list []Signer) error {
	for i, s := range list {
		same := func(x Signer) bool { return x.PersonID == s.PersonID }
		if slices.ContainsFunc(list[:i], same) {
			continue
		}
		s.Organisation = partnersOf(slices.DeleteFunc(slices.Clone(list), func(x Signer) bool { return !same(x) }))
		subject, words, about := a.asked(rep, s)
		to := []web.Person{{ID: s.PersonID, Name: s.Name, Email: s.Email}}
		if err := r.tell(ctx, q, by, to, mail.News{Subject: subject, Words: words, Quoted: a.Words, About: about,
			Path: draftHref(rep.Year)}); err != nil {
			return err
		}
	}
	return nil
}

// tellCalledBack writes to those who were asked that they are asked no more.
func (r *Room) tellCalledBack(ctx context.Context, q db.Q, by web.Person, rep Report, list []Signer) error {
	var to []web.Person
	for _, s := range list {
		if among(to, s.PersonID) < 0 {
			to = append(to, web.Person{ID: s.PersonID, Name: s.Name, Email: s.Email})
		}
	}
	return r.tell(ctx, q, by, to, mail.News{Subject: "Called back: " + rep.Title, Words: by.Name + " has called back " +
		"what you were asked: you need not answer about " + rep.Title + ". You are asked again when it is ready.",
		Path: draftHref(rep.Year)})
}

// tellAsker writes to whoever asked the partners that one of them answered; where they write the
// report no more, to those who publish it.
func (r *Room) tellAsker(ctx context.Context, q db.Q, by web.Person, rep Report, a Asking, partner string,
	as register.Answer, words, chapter string) error {
	to, err := r.People.WhoMay(ctx, q, access.ReportEdit)
	if err != nil {
		return err
	}
	if i := among(to, a.AskedByID); i >= 0 {
		to = to[i : i+1]
	} else if to, err = r.People.WhoMay(ctx, q, access.ReportPublish); err != nil {
		return err
	}
	about := ""
	if chapter != "" {
		about = "Chapter: " + chapter
	}
	return r.tell(ctx, q, by, to, mail.News{Subject: partner + " " + as.Words() + ": " + rep.Title,
		Words: by.Name + " " + as.Words() + " for " + partner + ".", Quoted: words, About: about, Path: href(rep.Year)})
}

// tellGiven writes to somebody who was given a chapter.
func (r *Room) tellGiven(ctx context.Context, q db.Q, by web.Person, to []web.Person, c Chapter) error {
	rep, err := report(ctx, q, c.Year)
	if err != nil {
		return err
	}
	words, about := by.Name+" asks you to write this chapter of "+rep.Title+": "+c.readTitle()+".", ""
	if !c.DueOn.IsZero() {
		about = "Please have it ready to read by " + c.DueOn.Words() + "."
	}
	return r.tell(ctx, q, by, to, mail.News{Subject: "A chapter for you: " + c.readTitle(), Words: words, About: about,
		Path: chapterHref(c)})
}

// tellStage writes to whoever gave a chapter how far its owner says that it is.
func (r *Room) tellStage(ctx context.Context, q db.Q, by web.Person, c Chapter) error {
	list, err := r.People.WhoMay(ctx, q, access.ReportEdit)
	if err != nil {
		return err
	}
	i := among(list, c.GivenByID)
	if i < 0 {
		return nil
	}
	words := strings.ToLower(c.StageWords()[:1]) + c.StageWords()[1:]
	return r.tell(ctx, q, by, list[i:i+1], mail.News{Subject: c.StageWords() + ": " + c.readTitle(),
		Words: by.Name + " says that the chapter " + c.readTitle() + " of the report " + c.Year + " is " + words + ".",
		Path:  chapterHref(c)})
}

// asks writes what somebody who is asked to contribute reads, in a letter or a reminder.
func (c Contribution) asks() (subject, words string) {
	to := "the yearly report " + c.Year
	if c.Chapter != "" {
		to += ", for its chapter " + c.Chapter
	}
	return "Your contribution: " + c.For() + ", by " + c.DueOn.Words(),
		c.AskedBy + " asks you to contribute to " + to + "."
}

// tellContributor writes to somebody who is asked to contribute.
func (r *Room) tellContributor(ctx context.Context, q db.Q, by web.Person, c Contribution) error {
	subject, words := c.asks()
	return r.tell(ctx, q, by, c.writer(), mail.News{Subject: subject, Words: words, Quoted: c.Asked,
		About: "Please write it there by " + c.DueOn.Words() + ", or decline.", Path: contributionHref(c.ID)})
}

// tellNotNeeded writes to them that they are asked no more.
func (r *Room) tellNotNeeded(ctx context.Context, q db.Q, by web.Person, c Contribution) error {
	return r.tell(ctx, q, by, c.writer(), mail.News{Subject: "No longer needed: your contribution to " + c.For(),
		Words: by.Name + " asks for your contribution no more.", Path: contributionHref(c.ID)})
}

// writer is who is asked to contribute.
func (c Contribution) writer() []web.Person {
	return []web.Person{{ID: c.PersonID, Name: c.Person, Email: c.Email}}
}

// tellContributed writes to whoever asked what was answered.
func (r *Room) tellContributed(ctx context.Context, q db.Q, by web.Person, c Contribution) error {
	list, err := r.People.WhoMay(ctx, q, access.ReportEdit)
	if err != nil {
		return err
	}
	if i := among(list, c.AskedByID); i >= 0 {
		list = list[i : i+1]
	}
	did := "gave"
	if c.State == NotGiven {
		did = "declined"
	}
	about := c.For()
	if c.Chapter != "" {
		about += ", of the yearly report " + c.Year
	}
	return r.tell(ctx, q, by, list, mail.News{Subject: c.StateWords() + ": contribution to " + c.For(),
		Words:  by.Name + " " + did + " the contribution to " + about + ".",
		Quoted: strings.TrimSpace(c.Text), Path: contributionHref(c.ID)})
}
