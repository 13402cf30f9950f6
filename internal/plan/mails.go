package plan

import (
	"context"
	"fmt"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/mail"
	"kith/internal/kit/web"
)

// doers lists who can open an action and do it: of its owner and its organisation.
func (r *Room) doers(ctx context.Context, q db.Reader, a Action) ([]web.Person, error) {
	list, err := r.People.WhoMay(ctx, q, access.PlanRead)
	return slices.DeleteFunc(list, func(p web.Person) bool { return !actionRules.May(p, actionDo, a.of()) }), err
}

// owners lists whom an action waits for: its owner where they can open it, and else whoever of
// its organisation can. Nobody is written to about what they cannot open.
func (r *Room) owners(ctx context.Context, q db.Reader, a Action) ([]web.Person, error) {
	list, err := r.doers(ctx, q, a)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(list, func(p web.Person) bool { return p.ID == string(a.OwnerID) }); i >= 0 {
		return list[i : i+1], nil
	}
	return list, nil
}

// officers lists who looks after an action for the partnership: whoever took it on, where they
// still may, and else everybody who may.
func (r *Room) officers(ctx context.Context, q db.Reader, a Action) ([]web.Person, error) {
	list, err := r.People.WhoMay(ctx, q, access.PlanManage)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(list, func(p web.Person) bool { return p.ID == string(a.OfficerID) }); i >= 0 {
		return list[i : i+1], nil
	}
	return list, nil
}

// helping lists those who help with an action and can open it.
func (r *Room) helping(ctx context.Context, q db.Reader, a Action) ([]web.Person, error) {
	if a.Helpers == "" {
		return nil, nil
	}
	list, err := r.People.WhoMay(ctx, q, access.PlanRead)
	return slices.DeleteFunc(list, func(p web.Person) bool { return !actionRules.May(p, actionHelp, a.of()) }), err
}

// colleagues lists to whom an action can be handed: people of its organisation, or of its
// owner's, who could open it.
func (r *Room) colleagues(ctx context.Context, q db.Reader, a Action) ([]web.Person, error) {
	of := string(a.OrganisationID)
	if of == "" {
		of = a.OwnersOf
	}
	list, err := r.People.WhoMay(ctx, q, access.PlanRead)
	return slices.DeleteFunc(list, func(p web.Person) bool { return of == "" || p.OrganisationID != of }), err
}

// canHelp lists who can be asked to help with an action: who can open the plan, and for those who
// do it only their own colleagues.
func (r *Room) canHelp(ctx context.Context, q db.Reader, by web.Person, a Action) ([]web.Person, error) {
	list, err := r.colleagues(ctx, q, a)
	if actionRules.May(by, access.Change, a.of()) {
		list, err = r.People.WhoMay(ctx, q, access.PlanRead)
	}
	return slices.DeleteFunc(list, func(p web.Person) bool {
		return p.ID == string(a.OwnerID) || slices.Contains(a.helpers(), p.ID)
	}), err
}

// among gives the one of some people who has an id, alone; nil for none.
func among(list []web.Person, id string) []web.Person {
	if i := slices.IndexFunc(list, func(p web.Person) bool { return p.ID == id }); i >= 0 {
		return list[i : i+1]
	}
	return nil
}

// tellAssigned writes to those whose an action has become.
func (r *Room) tellAssigned(ctx context.Context, q db.Q, by web.Person, a Action) error {
	to, err := r.owners(ctx, q, a)
	if err != nil {
		return err
	}
	words := "this action is yours, for " + a.Organisation + "."
	if a.Organisation == "" {
		words = "this action is yours."
	}
	return r.write(ctx, q, by, to, "Action for you: "+short(a.Title), words, "", a)
}

// tellOf writes to whoever has to act, or to know, when somebody has said something.
func (r *Room) tellOf(ctx context.Context, q db.Q, by web.Person, a Action, s Said, owners bool) error {
	to, err := r.officers(ctx, q, a)
	if owners {
		to, err = r.owners(ctx, q, a)
	}
	if err != nil {
		return err
	}
	if owners || s.Kind == Comment {
		helping, err := r.helping(ctx, q, a)
		if err != nil {
			return err
		}
		to = append(slices.Clone(to), helping...)
	}
	if s.Kind == Handed {
		return r.tellAssigned(ctx, q, by, a)
	}
	subject, words := "About your action: ", s.Person+" "+s.Did()+"."
	if s.Kind == Comment {
		words = s.Person + " wrote:"
	}
	if !owners {
		subject = "About an action: "
		switch s.Kind {
		case SaidDone:
			subject, words = "Said to be done: ", words+" Please agree, or ask again."
		case Asked:
			subject, words = "Longer asked for: ", words+" Please agree, or say no."
		}
	}
	return r.write(ctx, q, by, to, subject+short(a.Title), words, s.Says(), a)
}

// tellScrutiny writes to those who keep the plan what the scrutineer did.
func (r *Room) tellScrutiny(ctx context.Context, q db.Q, by web.Person, subject, did, quoted, path string) error {
	if !by.May(access.PlanScrutinise) {
		return nil // it was written for them
	}
	to, err := r.People.WhoMay(ctx, q, access.PlanManage)
	if err != nil {
		return err
	}
	return r.mail(ctx, q, by, to, short(subject), by.Name+" "+did, quoted, "", path)
}

// tellAuthor writes to the scrutineer that the partners have answered.
func (r *Room) tellAuthor(ctx context.Context, q db.Q, by web.Person, s Scrutiny) error {
	list, err := r.People.WhoMay(ctx, q, access.PlanScrutinise)
	if err != nil {
		return err
	}
	to := slices.DeleteFunc(list, func(p web.Person) bool { return !scrutinyRules.May(p, access.Change, s.of()) })
	return r.mail(ctx, q, by, to, "Answered: "+short(s.Subject), "the partners have answered.", s.Response, "",
		scrutinyHref(s.ID))
}

// write queues an e-mail about an action.
func (r *Room) write(ctx context.Context, q db.Q, by web.Person, to []web.Person, subject, words, quoted string,
	a Action) error {
	return r.mail(ctx, q, by, to, subject, words, quoted,
		fmt.Sprintf("Action: %s\nDue: %s\n", a.Title, a.DueOn.Words()), actionHref(a.ID))
}

// mail queues an e-mail to people, but not to whoever did what it tells of.
func (r *Room) mail(ctx context.Context, q db.Q, by web.Person, to []web.Person, subject, words, quoted, about,
	path string) error {
	site, err := r.Site(ctx, q)
	if err != nil {
		return err
	}
	return r.Mail.Tell(ctx, q, site, by, to, mail.News{Subject: subject, Words: words, Quoted: quoted, About: about,
		Path: path, Where: "open Priorities and actions"})
}
