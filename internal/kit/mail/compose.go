package mail

import (
	"bytes"
	"cmp"
	"context"
	netmail "net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/net/idna"
)

// lineWidth is how many characters a line of a letter has at most, where it can be broken.
const lineWidth = 76

// compose writes a letter as it goes out, signed where there is a key, and gives the address
// that it comes from.
func (o *Outbox) compose(ctx context.Context, site Site, e Entry) (raw []byte, from string, err error) {
	if site.From == "" {
		return nil, "", &Refusal{Ours: true, Words: "no address that e-mails come from is set; enter it in Settings"}
	}
	sender, err := netmail.ParseAddress(site.From)
	if err != nil {
		return nil, "", &Refusal{Ours: true, Words: "the address that e-mails come from is not one; correct it in Settings",
			Detail: err.Error()}
	}
	if sender.Name == "" {
		sender.Name = oneLine(site.Name)
	}
	to, err := asciiDomain(e.ToAddress)
	if err != nil {
		return nil, "", &Refusal{Permanent: true, Address: true, Words: "what stands after the @ is no name of a mail system",
			Detail: err.Error()}
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.From(sender.String()); err != nil {
		return nil, "", err
	}
	// The name is written as the header needs it: people are called Robert "Bob"
	// Smith, and what comes with a file may hold anything.
	receiver := netmail.Address{Name: oneLine(e.ToName), Address: to}
	if err := m.To(receiver.String()); err != nil {
		return nil, "", &Refusal{Permanent: true, Address: true, Words: "the address is not one", Detail: err.Error()}
	}
	m.Subject(oneLine(e.Subject))
	m.SetDateWithValue(o.Now())
	// One id for each row of the outbox: a message sent twice after a crash is
	// recognised as one. Its second part is the token by which a report is believed.
	m.SetMessageIDWithValue(e.ID + "." + e.Token + "@" + DomainOf(sender.Address))
	// Nobody's out-of-office answers it (RFC 3834).
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	if e.Unsubscribe != "" {
		m.SetGenHeader("List-Unsubscribe", "<"+e.Unsubscribe+">")
	}
	m.SetBodyString(gomail.TypeTextPlain, wrap(e.Body))
	if e.Calendar != "" {
		if err := m.AttachReader("event.ics", strings.NewReader(e.Calendar),
			gomail.WithFileContentType(gomail.ContentType("text/calendar; charset=utf-8; method="+
				calendarMethod(e.Calendar)))); err != nil {
			return nil, "", err
		}
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, "", err
	}
	raw, err = o.sign(ctx, DomainOf(sender.Address), b.Bytes())
	return raw, sender.Address, err
}

// calendarMethod is what a calendar file asks of the program that opens it, such as REQUEST.
// The type of the attached file has to say the same.
func calendarMethod(file string) string {
	_, after, _ := strings.Cut(file, "\nMETHOD:")
	method, _, _ := strings.Cut(after, "\r")
	return cmp.Or(strings.Trim(method, " \n"), "PUBLISH")
}

// oneLine makes one line of a text for a header.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }),
		" ")
}

// wrap breaks long lines between words. An address of a page is never broken.
func wrap(body string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(body, "\r\n", "\n")) {
		line = strings.TrimSuffix(line, "\n")
		at := 0
		for i, word := range strings.Split(line, " ") {
			n := utf8.RuneCountInString(word)
			switch {
			case i == 0:
			case at+1+n > lineWidth:
				b.WriteString("\n")
				at = 0
			default:
				b.WriteString(" ")
				at++
			}
			b.WriteString(word)
			at += n
		}
		b.WriteString("\n")
	}
	return b.String()
}

// DomainOf gives what stands after the @ of an address.
func DomainOf(address string) string { return address[strings.LastIndex(address, "@")+1:] }

// asciiDomain writes the domain of an address as mail systems know it.
func asciiDomain(address string) (string, error) {
	at := strings.LastIndex(address, "@")
	domain, err := idna.Lookup.ToASCII(address[at+1:])
	return address[:at+1] + domain, err
}

// ascii reports whether a text has plain letters only.
func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
