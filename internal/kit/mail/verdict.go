package mail

import (
	"fmt"
	"strconv"
	"strings"
)

// Verdict says what a mail server's code means: code is that of SMTP (550), status the enhanced
// one (5.1.1, RFC 3463), "" where there is none. atRecipient says that the recipient was what it
// answered to, so that a bare 550 is about the address.
func Verdict(code int, status, said string, atRecipient bool) *Refusal {
	r := &Refusal{Permanent: code >= 500 || strings.HasPrefix(status, "5"), Detail: said}
	if code > 0 {
		r.Detail = strings.TrimSpace(strings.Join(strings.Fields(fmt.Sprintf("%d %s %s", code, status, said)), " "))
	}
	if strings.HasPrefix(status, "4") {
		r.Permanent = false
	}
	class, detail := statusParts(status)
	switch {
	case class == 1 && detail <= 6, class == 1 && detail == 10: // 5.1.x: addresses
		r.Words, r.Address = "there is no such mailbox", true
		if detail == 2 || detail == 10 {
			r.Words = "nothing receives e-mail under that name after the @"
		}
	case class == 1:
		r.Words, r.Ours = "the address that e-mails come from was refused", true
	case class == 2 && detail == 1:
		r.Words, r.Address = "the mailbox was closed", true
	case class == 2 && detail == 2:
		r.Words = "the mailbox is full"
	case class == 2 && detail == 3, class == 3 && detail == 4:
		r.Words = "it is larger than their mail system takes"
	case class == 4 && detail == 4:
		r.Words, r.Address = "nothing receives e-mail under that name after the @", true
	case class == 4:
		r.Words = "their mail system could not be reached"
	case class == 6 && detail == 7:
		r.Words, r.Address = "an address with an accent or of another script is not taken there", true
	case class == 7 && (detail == 8 || detail == 0) && (code == 535 || code == 530 || code == 534 || code == 538):
		r.Words, r.Ours = "the user name or password for the mail server is wrong", true
	case code == 535, code == 530, code == 534, code == 538:
		r.Words, r.Ours = "the user name or password for the mail server is wrong", true
	case class == 7:
		r.Words = "their mail system did not trust it; see whether our e-mail arrives, in Settings"
	case r.Permanent && atRecipient && (code == 550 || code == 551 || code == 553):
		r.Words, r.Address = "there is no such mailbox", true
	case r.Permanent:
		r.Words = "their mail system refused it"
	default:
		r.Words = "their mail system did not take it yet"
	}
	r.Address = r.Address && r.Permanent
	return r
}

// statusParts gives the subject and the detail of an enhanced status; -1 where there is none.
func statusParts(status string) (subject, detail int) {
	parts := strings.Split(status, ".")
	if len(parts) != 3 {
		return -1, -1
	}
	subject, err1 := strconv.Atoi(parts[1])
	detail, err2 := strconv.Atoi(parts[2])
	if err1 != nil || err2 != nil {
		return -1, -1
	}
	return subject, detail
}
