package letters

import (
	"net"
	netmail "net/mail"
	"slices"
	"strconv"
	"strings"

	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/remind"
	"kith/internal/kit/web"
)

// fillEmail fills the form of how mail is sent. Its secret is never shown.
func fillEmail(s mail.Sender) *web.Form {
	port := ""
	if s.Port > 0 {
		port = strconv.FormatInt(s.Port, 10)
	}
	return web.NewForm("how", string(s.How), "host", s.Host, "port", port, "security", s.Security, "username", s.Username,
		"template", s.Template, "base", s.Base, "returns", s.Returns, "leaves", strings.Join(strings.Fields(s.Leaves), "\n"))
}

// readEmail reads how mail is sent, and the secret if one was entered. was is what there is.
func readEmail(f *web.Form, was mail.Sender) (mail.Sender, string) {
	s := mail.Sender{How: mail.How(f.OneOf("how", "Choose how e-mail is sent", string(mail.BySMTP), string(mail.ByNotify),
		string(mail.ByNone)))}
	var secret string
	switch s.How {
	case mail.BySMTP:
		s.Host = strings.ToLower(f.Text("host", "Enter the mail server’s name", 253))
		s.Port = int64(f.Int("port", "Enter the port, such as 587", 1, 65535))
		s.Security = f.OneOf("security", "Choose whether the line is encrypted", mail.StartTLS, mail.TLS, mail.Plain)
		s.Username = f.Text("username", "", 200)
		secret = f.Value("password")
		s.Returns = f.Email("returns", "")
		s.Leaves = strings.Join(f.Lines("leaves", 20), " ")
		checkSMTP(f, s, was, secret)
	case mail.ByNotify:
		s.Template = strings.ToLower(f.Text("template", "Enter the id of the template", 36))
		s.Base = f.Link("base")
		secret = strings.TrimSpace(f.Value("key"))
		if secret != "" && !mail.NotifyKey(secret) {
			f.Add("key", "Enter the whole key: a name, and two groups of 36 signs")
		}
		if kept := was.How == s.How && was.Secret != "" && was.Base == s.Base; secret == "" && !kept {
			f.Add("key", "Enter the API key")
		}
	}
	f.Set("password", "")
	f.Set("key", "")
	return s, secret
}

// checkSMTP says what is wrong with a mail server.
func checkSMTP(f *web.Form, s, was mail.Sender, secret string) {
	if strings.ContainsAny(s.Host, " /:@") {
		f.Add("host", "Enter the name alone, such as smtp.example.gov.uk")
	}
	if s.Security == mail.Plain && s.Username != "" && !mail.OnThisMachine(s.Host) {
		f.Add("security", "Choose encryption: the password would be readable on the way")
	}
	kept := was.How == s.How && was.Host == s.Host && was.Secret != ""
	if s.Username != "" && secret == "" && !kept {
		f.Add("password", "Enter the password")
	}
	if s.Username == "" && secret != "" {
		f.Add("username", "Enter the user name that the password is of")
	}
	if a, err := netmail.ParseAddress(s.Returns); s.Returns != "" && (err != nil || strings.Contains(a.Address, "+")) {
		f.Add("returns", "Enter an address without a + in it")
	}
	for _, x := range strings.Fields(s.Leaves) {
		if net.ParseIP(x) == nil && !strings.Contains(x, ".") {
			f.Add("leaves", "“"+x+"” is no address, such as 192.0.2.10")
			break
		}
	}
}

// fillReminder fills the form of when a kind reminds.
func fillReminder(s remind.Setting) *web.Form {
	on := ""
	if s.Active {
		on = "yes"
	}
	return web.NewForm("active", on, "before", numbers(s.Before), "after", numbers(s.After))
}

func numbers(list []int) string {
	var out []string
	for _, n := range list {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, ", ")
}

// The furthest that somebody is reminded before and after a day.
const (
	mostBefore = 90
	mostAfter  = 60
	mostDays   = 6 // reminders of one thing, before and after each
)

func readReminder(f *web.Form, kind string) remind.Setting {
	s := remind.Setting{Kind: kind, Active: f.Yes("active")}
	s.Before = readDays(f, "before", mostBefore)
	slices.Reverse(s.Before)
	s.After = readDays(f, "after", mostAfter)
	if s.Active && f.OK() && len(s.Before)+len(s.After) == 0 {
		f.Add("before", "Enter how many days before or after, or switch it off")
	}
	return s
}

// readDays reads numbers of days, from the least to the most.
func readDays(f *web.Form, field string, most int) []int {
	var out []int
	for _, word := range strings.FieldsFunc(f.Value(field), func(r rune) bool { return strings.ContainsRune(" ,;", r) }) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > most {
			f.Add(field, "Enter numbers of days from 1 to "+lang.Number(most)+", with commas between: 14, 7, 1")
			return nil
		}
		out = append(out, n)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > mostDays {
		f.Add(field, "Enter at most "+lang.Words(mostDays)+" numbers: whoever is written to more often stops reading")
	}
	return out
}
