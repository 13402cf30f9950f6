package letters

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

func (r *Room) confirmAgain(w http.ResponseWriter, req *http.Request) error {
	m, err := r.Mail.Message(req.Context(), req.PathValue("id"))
	if err != nil {
		return err
	}
	at := outboxPath + "/" + m.ID
	if !m.MayGoAgain() {
		return ErrGone
	}
	return web.Confirm(w, req, web.NewForm("state", m.State), base(req, "Send this e-mail again?", "Outbox", outboxPath,
		m.Subject, at, "Send again", ""), "Send it again", at, "It goes to "+m.ToAddress+".")
}

func (r *Room) again(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmAgain, func(web.Seen) (web.Done, error) {
		id := req.PathValue("id")
		return web.Done{To: outboxPath + "/" + id, Words: "It is being sent again."},
			r.SendAgain(req.Context(), web.PersonOf(req), id)
	})
}

type returnedPage struct {
	ui.Base
	Manage    bool
	Addresses []returnedRow
	Reports   []mail.Noted
}

// A returnedRow is an address that mail came back from, with who has it and how many e-mails
// wait for it.
type returnedRow struct {
	mail.Returned
	People  []lost // none for who may not keep people
	Held    int
	TryHref string
}

// shownReports is how many reports the page has.
const shownReports = 50

func (r *Room) listReturned(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	page := returnedPage{Base: base(req, "E-mail that came back", "Outbox", outboxPath, "What came back", ""),
		Manage: web.PersonOf(req).May(access.PeopleManage)}
	all, err := mail.AllReturned(ctx, r.Work)
	if err != nil {
		return err
	}
	held, err := mail.Held(ctx, r.Work)
	if err != nil {
		return err
	}
	people := map[string][]lost{}
	if page.Manage {
		list, err := lostPeople(ctx, r.Work)
		if err != nil {
			return err
		}
		for _, x := range list {
			people[x.Address] = append(people[x.Address], x)
		}
	}
	for _, a := range all {
		a.Words = lang.Sentence(a.Words)
		page.Addresses = append(page.Addresses, returnedRow{Returned: a, People: people[a.Address], Held: held[a.Address],
			TryHref: returnedPath + "/" + url.PathEscape(a.Address) + "/try"})
	}
	if page.Reports, err = mail.Reports(ctx, r.Work, shownReports); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "returned", page)
}

func (r *Room) confirmTry(w http.ResponseWriter, req *http.Request) error {
	address := mail.AddressKey(req.PathValue("address"))
	all, err := mail.ReturnedOf(req.Context(), r.Work, address)
	if err != nil {
		return err
	}
	a, is := all[address]
	if !is {
		return web.ErrNotFound
	}
	return web.Confirm(w, req, web.NewForm("address", address), base(req, "Try this address again?", "Outbox", outboxPath,
		"What came back", returnedPath, "Try again", ""), "Try again", returnedPath, a.On(),
		"What was held for "+address+" is sent. If it comes back again, nothing more is sent there. If the address is "+
			"wrong, "+
			"correct it where the person is kept instead.")
}

func (r *Room) try(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmTry, func(web.Seen) (web.Done, error) {
		n, err := r.TryAgain(req.Context(), web.PersonOf(req), req.PathValue("address"))
		return web.Done{To: returnedPath, Words: "The address is in use again. " + lang.Sentence(lang.Words(n)) + " " +
			lang.Noun(n, "e-mail is", "e-mails are") + " sent that had been held."}, err
	})
}

func (r *Room) reportForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		return web.Render(w, status, r.pages, "report-form", ui.FormPage{Form: f, Cancel: returnedPath,
			Base: base(req, "Add an e-mail that came back", "Outbox", outboxPath, "What came back", returnedPath, "Add", "")})
	}
}

func (r *Room) newReport(w http.ResponseWriter, req *http.Request) error {
	return r.reportForm(w, req)(http.StatusOK, web.NewRecord())
}

const maxReport = 4 << 20

func (r *Room) addReport(w http.ResponseWriter, req *http.Request) error {
	var raw []byte
	upload := web.Upload{MaxBytes: maxReport, MaxFiles: 1,
		Sum: func() string { sum := sha256.Sum256(raw); return hex.EncodeToString(sum[:]) },
		Receive: func(_ string, in io.Reader) (err error) {
			raw, err = io.ReadAll(in)
			return err
		}}
	return web.SubmitFiles(w, req, upload, r.reportForm(w, req), func(f *web.Form) (web.Done, error) {
		if len(raw) == 0 {
			f.Add("file", "Choose the file")
			return web.Done{}, nil
		}
		n, err := r.AddReport(req.Context(), web.PersonOf(req), bytes.NewReader(raw))
		if err != nil {
			return web.Done{}, err
		}
		if n.Outcome == mail.OutcomeUnread || n.Outcome == mail.OutcomeUnknown {
			f.Add("file", n.Words)
			return web.Done{}, nil
		}
		return web.Done{To: returnedPath, Words: n.Address + ": " + n.Words}, nil
	})
}
