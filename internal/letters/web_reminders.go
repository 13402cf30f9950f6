package letters

import (
	"net/http"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/lang"
	"kith/internal/kit/remind"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

func (r *Room) listReminders(w http.ResponseWriter, req *http.Request) error {
	page := remindersPage{Base: base(req, "Reminders", "Reminders", "")}
	for _, k := range r.Remind.Kinds() {
		s, err := r.Remind.Setting(req.Context(), r.Work, k)
		if err != nil {
			return err
		}
		k.Title, k.Words = page.Put(k.Title), page.Put(k.Words)
		page.Kinds = append(page.Kinds, reminderRow{Kind: k, Active: s.Active, When: whenWords(s)})
	}
	var err error
	if page.History, err = audittrail.Of(req.Context(), r.Work, settingsSubject, remindersID); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "reminders", page)
}

// whenWords says when a kind reminds: "14, 7 and 1 days before; 1 and 7 days late".
func whenWords(s remind.Setting) string {
	words := func(list []int, after string) string {
		var out []string
		for _, n := range list {
			out = append(out, lang.Number(n))
		}
		if len(out) == 0 {
			return ""
		}
		last := list[len(list)-1]
		if len(list) > 1 {
			last = 2
		}
		return lang.Join(out) + " " + lang.Noun(last, "day", "days") + after
	}
	before, after := words(s.Before, " before"), words(s.After, " late")
	if before != "" && after != "" {
		before += "; "
	}
	return before + after
}

type reminderFormPage struct {
	ui.FormPage
	Words string
}

func (r *Room) reminderForm(w http.ResponseWriter, req *http.Request, k remind.Kind) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		b := base(req, k.Title, "Reminders", remindersPath, k.Title, "")
		return web.Render(w, status, r.pages, "reminder-form", reminderFormPage{Words: b.Put(k.Words),
			FormPage: ui.FormPage{Base: b, Form: f, Cancel: remindersPath}})
	}
}

func (r *Room) editReminder(w http.ResponseWriter, req *http.Request) error {
	k, ok := r.Remind.Kind(req.PathValue("id"))
	if !ok {
		return web.ErrNotFound
	}
	s, err := r.Remind.Setting(req.Context(), r.Work, k)
	if err != nil {
		return err
	}
	return r.reminderForm(w, req, k)(http.StatusOK, fillReminder(s))
}

func (r *Room) saveReminder(w http.ResponseWriter, req *http.Request) error {
	k, ok := r.Remind.Kind(req.PathValue("id"))
	if !ok {
		return web.ErrNotFound
	}
	return web.Submit(w, req, r.reminderForm(w, req, k), func(f *web.Form) (web.Done, error) {
		s := readReminder(f, k.ID)
		if !f.OK() {
			return web.Done{}, nil
		}
		return web.Done{To: remindersPath, Words: "Saved."}, r.SaveReminder(req.Context(), web.PersonOf(req), k, s, f.Seen())
	})
}

type sentPage struct {
	ui.Base
	List  ui.List
	Kinds []ui.Choice
	Sent  []sentRow
}

// A sentRow is a reminder with its kind's name.
type sentRow struct {
	remind.Sent
	What string
}

func (r *Room) listSent(w http.ResponseWriter, req *http.Request) error {
	page := sentPage{Base: base(req, "Reminders sent", "Reminders", remindersPath, "Sent", ""),
		List: ui.ReadList(remindersPath+"/sent", req.URL.Query(), "-at")}
	page.List.One, page.List.Many = "reminder", "reminders"
	titles := map[string]string{}
	for _, k := range r.Remind.Kinds() {
		titles[k.ID] = page.Put(k.Title)
		page.Kinds = append(page.Kinds, ui.Choice{Value: k.ID, Text: page.Put(k.Title)})
	}
	f := remind.Filter{Text: page.List.Value("q"), Kind: page.List.Value("kind"), Lost: page.List.Value("lost") == "yes"}
	f.Limit, f.Offset = page.List.Window()
	all, total, err := remind.Find(req.Context(), r.Work, f)
	if err != nil {
		return err
	}
	page.List.Total = total
	for _, s := range all {
		s.Problem = lang.Sentence(s.Problem)
		page.Sent = append(page.Sent, sentRow{Sent: s, What: titles[s.Kind]})
	}
	return web.Render(w, http.StatusOK, r.pages, "sent", page)
}
