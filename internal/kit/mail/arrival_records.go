package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
)

// leaving gives the addresses that mail leaves for the world from: those of Settings, else those
// of the mail server.
func (a *arrival) leaving(ctx context.Context) ([]net.IP, error) {
	names := strings.Fields(a.how.Leaves)
	if len(names) == 0 {
		names = []string{a.how.Host}
	}
	var out []net.IP
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			out = append(out, ip)
			continue
		}
		all, err := a.dns.LookupIPAddr(ctx, name)
		if err != nil && !notFound(err) {
			return nil, err
		}
		for _, x := range all {
			out = append(out, x.IP)
		}
	}
	return out, nil
}

// inside reports whether an address is of a network that no receiver sees.
func inside(ip net.IP) bool {
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()
}

// checkSPF evaluates for each address that mail leaves from whether SPF lets it pass.
func (a *arrival) checkSPF(ctx context.Context) (Finding, error) {
	f := Finding{ID: "spf", Title: "SPF: who may send for " + a.spfDomain}
	var err error
	if f.Found, err = a.txt(ctx, a.spfDomain, "v=spf1"); err != nil {
		return f.unanswered(a.spfDomain, err), nil
	}
	from, err := a.leaving(ctx)
	if err != nil {
		return f.unanswered(a.how.Host, err), nil
	}
	if len(from) == 0 {
		f.Tone, f.Words = Watch, "The mail server "+a.how.Host+" has no address in the DNS, so SPF cannot be evaluated. Ask "+
			"your IT service from which addresses its e-mail leaves, and enter them under How e-mail is sent."
		return f, nil
	}
	var refused []net.IP
	worst := spf.Pass
	for _, ip := range from {
		if inside(ip) {
			f.Tone, f.Words = Watch, "The mail server is at "+ip.String()+", which is inside a network: receivers see another "+
				"address. Ask your IT service from which addresses its e-mail leaves, and enter them under How e-mail is sent."
			return f, nil
		}
		got, why := spf.CheckHostWithSender(ip, a.domain, a.envelope, spf.WithContext(ctx), spf.WithResolver(a.dns))
		if got == spf.TempError {
			return f.unanswered(a.spfDomain, why), nil
		}
		if got == spf.PermError {
			return f.brokenSPF(why), nil
		}
		if got != spf.Pass {
			refused = append(refused, ip)
			if worst == spf.Pass || got == spf.Fail {
				worst = got
			}
		}
	}
	if len(refused) == 0 {
		a.spf = true
		f.Tone, f.Words = Good, "It lets "+sentence(from)+" send for "+a.spfDomain+"."
		return f, nil
	}
	f.Name, f.Value = a.spfDomain, withAddresses(f.Found, refused)
	switch worst {
	case spf.Fail:
		f.Tone, f.Words = Bad, "It says that "+sentence(refused)+" may not send for "+a.spfDomain+": such e-mail is "+
			"refused. Ask your IT service to change the record to the one below."
	case spf.None:
		f.Tone, f.Words = Bad, "No record says who may send for "+a.spfDomain+", so many systems take its e-mail for junk. "+
			"Ask "+
			"your IT service to publish the record below."
	default:
		f.Tone, f.Words = Watch, "It does not say that "+sentence(refused)+" may send for "+a.spfDomain+": such e-mail may "+
			"be "+
			"taken for junk. Ask your IT service to change the record to the one below."
	}
	return f, nil
}

// brokenSPF is a finding of a record that receivers cannot evaluate.
func (f Finding) brokenSPF(why error) Finding {
	f.Tone = Bad
	what := "has a fault (" + oneLine(why.Error()) + ")"
	switch {
	case errors.Is(why, spf.ErrMultipleRecords), len(f.Found) > 1:
		what = "is there more than once: all have to be one record"
	case errors.Is(why, spf.ErrLookupLimitReached):
		what = "needs more than 10 look-ups, which is not allowed"
	case errors.Is(why, spf.ErrVoidLookupLimitReached):
		what = "names more than two systems that do not exist any more"
	}
	f.Words = "The record " + what + ". Receivers then treat it as if there were none. Ask your IT service to put it " +
		"right."
	return f
}

// withAddresses writes the record that lets some addresses send besides what there is.
func withAddresses(found []string, add []net.IP) string {
	record := "v=spf1 ~all"
	if len(found) > 0 {
		record = strings.TrimSpace(found[0])
	}
	terms := strings.Fields(record)
	at := len(terms)
	for i, t := range terms {
		t = strings.ToLower(t)
		if strings.HasSuffix(t, "all") && len(t) <= len("?all") || strings.HasPrefix(t, "redirect=") {
			at = i
			break
		}
	}
	var fresh []string
	for _, ip := range add {
		kind := "ip6:"
		if ip.To4() != nil {
			kind = "ip4:"
		}
		fresh = append(fresh, kind+ip.String())
	}
	return strings.Join(append(append(append([]string(nil), terms[:at]...), fresh...), terms[at:]...), " ")
}

// Published reports whether the record of a key is published and is the key's: a letter is signed
// with it and verified as a receiver does. why says what is amiss, "" where nothing is.
func (o *Outbox) Published(ctx context.Context, k Key) (why string, found []string, err error) {
	dns := o.DNS
	if dns == nil {
		dns = net.DefaultResolver
	}
	signer, err := o.signer(k)
	if err != nil {
		return "The key cannot be read, as the key of the sealed secrets is not there or another.", nil, nil
	}
	var b bytes.Buffer
	const letter = "From: a@%s\r\nSubject: A check\r\n\r\nA check.\r\n"
	if err := dkim.Sign(&b, strings.NewReader(fmt.Sprintf(letter, k.Domain)), &dkim.SignOptions{Domain: k.Domain,
		Selector: k.Selector, Signer: signer}); err != nil {
		return "", nil, fmt.Errorf("sign a letter to check: %w", err)
	}
	name, _ := k.Record()
	var away error
	checks, err := dkim.VerifyWithOptions(&b, &dkim.VerifyOptions{LookupTXT: func(domain string) ([]string, error) {
		all, err := dns.LookupTXT(ctx, domain)
		if err != nil && !notFound(err) {
			away = err
		}
		found = all
		return all, err
	}})
	switch {
	case away != nil:
		return "", found, away
	case err != nil:
		return "", found, fmt.Errorf("check a signature: %w", err)
	case len(checks) == 1 && checks[0].Err == nil:
		return "", found, nil
	case len(found) == 0:
		return "There is no record " + name + ".", found, nil
	case len(found) > 1:
		return "The record " + name + " is there more than once.", found, nil
	}
	return "The record " + name + " is not the one of this key.", found, nil
}

// checkDKIM looks whether the key that mail is signed with is published as it is.
func (a *arrival) checkDKIM(ctx context.Context) (Finding, error) {
	f := Finding{ID: "dkim", Title: "DKIM: the signature of " + a.domain}
	keys, err := Keys(ctx, a.q)
	if err != nil {
		return f, err
	}
	var waits *Key
	for _, k := range keys {
		if k.Domain != a.domain || k.State == KeyRetired {
			continue
		}
		if k.State == KeyWaiting {
			waits = &k
			continue
		}
		why, found, err := a.o.Published(ctx, k)
		f.Found = found
		if err != nil {
			name, _ := k.Record()
			return f.unanswered(name, err), nil
		}
		if why == "" {
			a.signed = true
			f.Tone, f.Words = Good, "E-mails are signed with the key "+k.Selector+", and its record is published as it has to "+
				"be."
			return f, nil
		}
		f.Name, f.Value = k.Record()
		f.Tone, f.Words = Bad, why+" E-mails are signed with it, and receivers find the signature wrong. Ask your IT "+
			"service "+
			"to publish the record below."
		return f, nil
	}
	if waits == nil {
		f.Tone, f.Words = Watch, "E-mails are not signed here. Make a key under E-mail and ask your IT service to publish "+
			"its "+
			"record, "+
			"unless their mail server signs what leaves it."
		return f, nil
	}
	why, found, err := a.o.Published(ctx, *waits)
	f.Found = found
	switch {
	case err != nil:
		name, _ := waits.Record()
		return f.unanswered(name, err), nil
	case why == "":
		f.Tone, f.Words = Watch, "The record of the key "+waits.Selector+" is published. Begin to sign with it, under E-mail."
	default:
		f.Name, f.Value = waits.Record()
		f.Tone, f.Words = Watch, why+" E-mails are not signed until it is published. Ask your IT service to publish the "+
			"record "+
			"below."
	}
	return f, nil
}

// checkDMARC looks what receivers are told to do with mail that does not pass, and whether ours
// does.
func (a *arrival) checkDMARC(ctx context.Context) (Finding, error) {
	f := Finding{ID: "dmarc", Title: "DMARC: what receivers do with e-mail that is not proven"}
	lookup := func(name string) ([]string, error) {
		all, err := a.txt(ctx, name, "v=dmarc1")
		f.Found = all
		return all, err
	}
	name := a.domain
	record, err := dmarc.LookupWithOptions(name, &dmarc.LookupOptions{LookupTXT: lookup})
	of := false
	if org := organisation(a.domain); errors.Is(err, dmarc.ErrNoPolicy) && org != a.domain {
		name, of = org, true
		record, err = dmarc.LookupWithOptions(name, &dmarc.LookupOptions{LookupTXT: lookup})
	}
	switch {
	case len(f.Found) > 1:
		f.Tone, f.Words = Bad, "The record _dmarc."+name+" is there more than once, so receivers pass over it. Ask your IT "+
			"service to leave one."
		return f, nil
	case errors.Is(err, dmarc.ErrNoPolicy):
		f.Tone, f.Name, f.Value = Watch, "_dmarc."+a.domain, "v=DMARC1; p=none; rua=mailto:"+a.from
		f.Words = "There is no record, and large mail systems want one. Ask your IT service to publish the record below, " +
			"and " +
			"to tighten it once their reports show that all is well."
		return f, nil
	case dmarc.IsTempFail(err):
		return f.unanswered("_dmarc."+name, err), nil
	case err != nil:
		f.Tone, f.Words = Bad, "The record _dmarc."+name+" has a fault, so receivers pass over it ("+oneLine(err.Error())+
			"). Ask your IT service to put it right."
		return f, nil
	}
	policy := record.Policy
	if of && record.SubdomainPolicy != "" {
		policy = record.SubdomainPolicy
	}
	spfPasses := a.spf && aligned(a.spfDomain, a.domain, record.SPFAlignment == dmarc.AlignmentStrict)
	does := map[dmarc.Policy]string{dmarc.PolicyNone: "take it all the same", dmarc.PolicyQuarantine: "put it with the " +
		"junk",
		dmarc.PolicyReject: "refuse it"}[policy]
	var by []string
	if a.signed {
		by = append(by, "its signature (DKIM)")
	}
	if spfPasses {
		by = append(by, "where it comes from (SPF)")
	}
	told := "Receivers are told to " + does + " where it is not proven to be from " + a.domain + " " +
		"(p=" + string(policy) + "). "
	switch {
	case len(by) > 0:
		f.Tone, f.Words = Good, told+"Ours is, by "+strings.Join(by, " and by ")+"."
		if len(by) == 1 && spfPasses {
			f.Tone = Watch
			f.Words += " E-mail that somebody passes on is proven by a signature alone, so have it signed too."
		}
	case policy == dmarc.PolicyNone:
		f.Tone, f.Words = Watch, told+"Ours is not proven: see SPF and DKIM above."
	default:
		f.Tone, f.Words = Bad, told+"Ours is not proven, so it does not arrive: see SPF and DKIM above. Nothing has to be "+
			"changed "+
			"in this record."
	}
	if a.spf && !spfPasses {
		f.Words += " SPF passes for " + a.spfDomain + ", which does not count for " + a.domain + "."
	}
	return f, nil
}
