package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
)

// A Resolver looks names up in the DNS. *net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// ResolverAt gives a resolver that asks one name server, such as 10.0.0.53:53; the machine's own
// for "".
func ResolverAt(at string) Resolver {
	if at == "" {
		return net.DefaultResolver
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, at)
	}}
}

// The tones of a finding, as ui has them.
const (
	Good  = "good"
	Watch = "watch"
	Bad   = "bad"
)

// A Finding is one line of the answer to "Will our e-mail arrive?".
type Finding struct {
	ID    string // spf, dkim, dmarc, returns or way
	Title string
	Tone  string
	Words string   // what was found, and what to ask for
	Found []string // the records as they are published
	// Name and Value are of the TXT record to ask for; "" where nothing is to be changed.
	Name, Value string
}

// arrivalTime is how long all look-ups of a check may take together.
const arrivalTime = 20 * time.Second

// An arrival is what one check knows.
type arrival struct {
	o           *Outbox
	q           db.Reader
	dns         Resolver
	how         Sender
	from        string // the address that mail is from
	domain      string // of from
	envelope    string // the address that mail comes back to
	spf, signed bool   // whether they pass for a receiver, and are of the domain as DMARC wants it
	spfDomain   string
}

// CheckArrival looks up and evaluates, as a receiver would, what says of our mail that it is
// ours: SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) of the address that it is from.
func (o *Outbox) CheckArrival(ctx context.Context, q db.Reader) ([]Finding, error) {
	ctx, cancel := context.WithTimeout(ctx, arrivalTime)
	defer cancel()
	how, err := o.Using(ctx, q)
	if err != nil {
		return nil, err
	}
	switch how.How {
	case ByNone:
		return []Finding{{ID: "way", Title: "Sending", Tone: Watch, Words: "No way to send e-mail is set, so nothing is " +
			"sent. " +
			"E-mails are kept in the outbox."}}, nil
	case ByNotify:
		return []Finding{{ID: "way", Title: "Sending", Tone: Good, Words: "GOV.UK Notify sends from an address of its own " +
			"and " +
			"looks after SPF, DKIM and DMARC itself. There is nothing to ask your IT service for."}}, nil
	}
	site, err := o.Site(ctx, q)
	if err != nil {
		return nil, err
	}
	sender, err := netmail.ParseAddress(site.From)
	if err != nil {
		return []Finding{{ID: "way", Title: "Sending", Tone: Bad, Words: "No address that e-mails come from is set. Enter " +
			"it " +
			"under The partnership."}}, nil
	}
	a := &arrival{o: o, q: q, dns: o.DNS, how: how, from: sender.Address,
		domain: strings.ToLower(DomainOf(sender.Address))}
	if a.dns == nil {
		a.dns = net.DefaultResolver
	}
	a.envelope = returnPath(how, a.from, "0000000000000000")
	a.spfDomain = strings.ToLower(DomainOf(a.envelope))
	var out []Finding
	for _, look := range []func(context.Context) (Finding, error){a.checkSPF, a.checkDKIM, a.checkDMARC, a.checkReturns} {
		f, err := look(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// notFound reports whether a look-up found that there is nothing, rather than nothing out.
func notFound(err error) bool {
	var d *net.DNSError
	return errors.As(err, &d) && d.IsNotFound
}

// txt gives the TXT records of a name that begin with a text; none where there are none.
func (a *arrival) txt(ctx context.Context, name, begins string) ([]string, error) {
	all, err := a.dns.LookupTXT(ctx, name)
	if err != nil && !notFound(err) {
		return nil, err
	}
	return slices.DeleteFunc(all, func(s string) bool {
		return !strings.HasPrefix(strings.ToLower(strings.TrimSpace(s)), begins)
	}), nil
}

// unanswered is a finding of a name server that did not answer.
func (f Finding) unanswered(name string, err error) Finding {
	f.Tone, f.Words = Watch, "The name server did not answer for "+name+", so nothing can be said. Try again in a few "+
		"minutes. ("+oneLine(err.Error())+")"
	return f
}

// organisation gives the domain that an organisation registered: council.gov.uk for
// mail.council.gov.uk.
func organisation(domain string) string {
	if d, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return d
	}
	return domain
}

// aligned reports whether a domain counts as that of the From address, by DMARC's mode.
func aligned(domain, from string, strict bool) bool {
	return domain == from || !strict && organisation(domain) == organisation(from)
}

// checkReturns looks whether what comes back, and answers of people, can arrive.
func (a *arrival) checkReturns(ctx context.Context) (Finding, error) {
	f := Finding{ID: "returns", Title: "What comes back"}
	domain := a.spfDomain
	mx, err := a.dns.LookupMX(ctx, domain)
	var hosts []string
	for _, m := range mx {
		hosts = append(hosts, m.Host)
		f.Found = append(f.Found, fmt.Sprintf("%s MX %d %s", domain, m.Pref, m.Host))
	}
	switch {
	case err != nil && !notFound(err):
		return f.unanswered(domain, err), nil
	case len(hosts) == 0, len(hosts) == 1 && hosts[0] == ".":
		f.Tone = Bad
		f.Words = "Nothing receives e-mail at " + domain + ", so many systems do not take e-mail from it, and you never " +
			"hear " +
			"of an e-mail that did not arrive. Use an address at a domain that has a mailbox."
	case a.how.Returns == "":
		f.Tone = Watch
		f.Words = "What cannot be delivered comes back to " + a.from + ". Add it by hand in the outbox, or give a mailbox " +
			"for it that hands it on by itself."
	default:
		f.Tone, f.Words = Good, "What cannot be delivered comes back to "+a.how.Returns+", each with a sign by which it is "+
			"known again."
	}
	return f, nil
}

// sentence joins addresses for people.
func sentence(list []net.IP) string {
	var out []string
	for _, ip := range list {
		out = append(out, ip.String())
	}
	return lang.Join(out)
}
