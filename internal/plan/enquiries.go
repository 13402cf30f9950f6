package plan

import (
	"context"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// enquirySubject is what the audit trail calls a line of enquiry.
const enquirySubject = "line of enquiry"

// A Verdict is how the scrutineer judges what a line of enquiry was about.
type Verdict string

// The judgements.
const (
	Assured      Verdict = "assured"
	PartlySure   Verdict = "partly"
	NotAssured   Verdict = "not-assured"
	notYetJudged Verdict = ""
)

// verdicts lists the judgements in the order to show them.
var verdicts = []Verdict{Assured, PartlySure, NotAssured}

// Words names the judgement.
func (v Verdict) Words() string {
	switch v {
	case Assured:
		return "Assured"
	case PartlySure:
		return "Partly assured"
	case NotAssured:
		return "Not assured"
	}
	return "Open"
}

// Tone is how the judgement's tag looks.
func (v Verdict) Tone() string {
	switch v {
	case Assured:
		return "good"
	case PartlySure:
		return "watch"
	case NotAssured:
		return "bad"
	}
	return "quiet"
}

// An Enquiry is a question that the scrutineer follows, over several notes, to a judgement.
// Its fields are in the order of the columns that queries select.
type Enquiry struct {
	ID         string
	Question   string
	Why        string
	AuthorID   db.Opt
	OpenedOn   period.Date
	DueOn      period.Date // when it is to be judged; zero when no day is set
	ClosedOn   period.Date
	Judgement  Verdict
	Conclusion string
	Author     string // read only
	Notes      int64  // of it; read only
}

// of gives whose a line of enquiry is.
func (e Enquiry) of() access.Object { return access.Object{PersonID: string(e.AuthorID)} }

// problems lists what is wrong with a line of enquiry as it is to be kept.
func (e Enquiry) problems(today period.Date) []ui.Problem {
	var out []ui.Problem
	add := func(field, text string) { out = append(out, ui.Problem{Field: field, Text: text}) }
	if e.Question == "" {
		add("question", "Enter the question")
	}
	if !e.DueOn.IsZero() && e.DueOn.Before(e.OpenedOn) {
		add("due", "Enter a day from "+e.OpenedOn.Words()+" on")
	}
	if e.ClosedOn.IsZero() {
		return out
	}
	if e.ClosedOn.After(today) || e.ClosedOn.Before(e.OpenedOn) {
		add("on", "Enter a day from "+e.OpenedOn.Words()+" to today")
	}
	if e.Judgement == notYetJudged {
		add("judgement", "Choose how it is judged")
	}
	if e.Conclusion == "" {
		add("conclusion", "Say what it comes to")
	}
	return out
}

const enquiryColumns = `s.id, s.question, s.why, s.author_id, s.opened_on, s.due_on, s.closed_on, s.judgement,
	s.conclusion, COALESCE(w.name, ''), (SELECT count(*) FROM plan_scrutiny n WHERE n.enquiry_id = s.id)
	FROM plan_enquiries s LEFT JOIN people w ON w.id = s.author_id`

// enquiries lists the lines of enquiry, the open ones first.
func enquiries(ctx context.Context, q db.Reader) ([]Enquiry, error) {
	return db.All[Enquiry](ctx, q, `SELECT `+enquiryColumns+`
		ORDER BY CASE WHEN s.closed_on IS NULL THEN 0 ELSE 1 END, s.opened_on DESC, s.id`)
}

// enquiriesOf lists the open lines of enquiry that a person may change.
func enquiriesOf(ctx context.Context, q db.Reader, by web.Person) ([]Enquiry, error) {
	var args []any
	return db.All[Enquiry](ctx, q, `SELECT `+enquiryColumns+`
		WHERE s.closed_on IS NULL AND `+scrutinyRules.Where(&args, by, access.Change)+` ORDER BY s.due_on, s.id`, args...)
}

func enquiry(ctx context.Context, q db.Reader, id string) (Enquiry, error) {
	return db.Get[Enquiry](ctx, q, `SELECT `+enquiryColumns+` WHERE s.id = $1`, id)
}

// lockEnquiry reads a line of enquiry to be changed in this transaction.
func lockEnquiry(ctx context.Context, q db.Q, id string) (Enquiry, error) {
	if err := db.Must(ctx, q, `UPDATE plan_enquiries SET question = question WHERE id = $1`, id); err != nil {
		return Enquiry{}, err
	}
	return enquiry(ctx, q, id)
}

func insertEnquiry(ctx context.Context, q db.Q, e Enquiry, now time.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO plan_enquiries (id, question, folded, why, author_id, opened_on, due_on, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.ID, e.Question, db.Fold(e.Question+" "+e.Why), e.Why, e.AuthorID, e.OpenedOn, e.DueOn, db.At(now))
	return err
}

func updateEnquiry(ctx context.Context, q db.Q, e Enquiry) error {
	return db.Must(ctx, q, `
		UPDATE plan_enquiries SET question = $2, folded = $3, why = $4, due_on = $5, closed_on = $6, judgement = $7,
			conclusion = $8
		WHERE id = $1`, e.ID, e.Question, db.Fold(e.Question+" "+e.Why), e.Why, e.DueOn, e.ClosedOn, string(e.Judgement),
		e.Conclusion)
}

func deleteEnquiry(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM plan_enquiries WHERE id = $1`, id)
}

func readEnquiry(f *web.Form) Enquiry {
	return Enquiry{Question: f.Text("question", "", 300), Why: f.Text("why", "", 3000), DueOn: f.Date("due", "")}
}

func fillEnquiry(e Enquiry) *web.Form {
	f := web.NewForm("question", e.Question, "why", e.Why)
	f.SetDate("due", e.DueOn)
	return f
}

// fillVerdict fills the form that judges a line of enquiry.
func fillVerdict(e Enquiry) *web.Form {
	f := web.NewForm("judgement", string(e.Judgement), "conclusion", e.Conclusion)
	f.SetDate("on", e.ClosedOn)
	return f
}
