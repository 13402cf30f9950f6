package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
)

// linkPath is where a link to set a password leads; the secret follows it.
const linkPath = "/sign-in/password/"

var linkSecret = regexp.MustCompile(regexp.QuoteMeta(linkPath) + `\S+`)

// codeSecret finds the code and the link of an e-mail with a code.
var codeSecret = regexp.MustCompile(`(?m)^\d{4} \d{4}$|(` + regexp.QuoteMeta(codeLink) + `)\S+`)

// requestCodePath is where a code for a request is entered; the request's id follows it.
const requestCodePath = "/sign-in/agree/"

var requestCodeLine = regexp.MustCompile(`(?m)^Code: .*$`)

// HideRequestCodes takes the codes out of an e-mail, which are for nobody but who receives it:
// whoever asks for a second person must not be that person as well.
func HideRequestCodes(body string) string { return requestCodeLine.ReplaceAllString(body, "Code: …") }

// requestCodeEmail is the e-mail with a code by which a safeguarding partner decides a request.
func requestCodeEmail(name string, rq Request, siteName, link, code string) string {
	return fmt.Sprintf(`Dear %s

%s asks %s.

Why: %s

Nobody else may agree to it, so you are asked as a safeguarding partner. Open this page, enter the code and say whether you agree. It works once, within 30 minutes.

%s

Code: %s %s

If you are not sure, telephone %s first. Without your answer nothing changes.

%s
`, name, rq.Asker, rq.What(), rq.Reason, link, code[:4], code[4:], rq.Asker, sender(siteName))
}

// guessedEmail tells somebody that their second factor is being guessed at.
func guessedEmail(p Person, siteName string) string {
	return fmt.Sprintf(`Dear %s

Somebody entered your e-mail address and your password, and then %s wrong codes. Nobody got in.

If that was you, there is nothing to do. If it was not, set another password: on the sign-in page, choose Forgotten your password.

%s
`, p.Name, lang.Words(freeTries), sender(siteName))
}

// secondEmail is the e-mail to somebody who may agree to a request. It has no secret: they
// sign in.
func secondEmail(name string, rq Request, siteName, link string) string {
	if link == "" {
		link = "You find it on your Home page."
	}
	return fmt.Sprintf(`Dear %s

%s asks %s.

Why: %s

Somebody else has to agree before it holds, and you may. Sign in and say yes or no; others may have been asked too, and more requests may wait there:

%s

If you are not sure, telephone %s first. Without an answer nothing changes.

%s
`, name, rq.Asker, rq.What(), rq.Reason, link, rq.Asker, sender(siteName))
}

// HideLinks takes the secrets out of the links to set a password in an e-mail, and codes.
// Who reads somebody else's e-mail could otherwise choose their password and be
// them.
func HideLinks(body string) string {
	return codeSecret.ReplaceAllString(linkSecret.ReplaceAllString(body, linkPath+"…"), "$1…")
}

// MayReadLinks reports whether somebody may see such a link in an e-mail that nobody
// receives: only who manages people and holds all that whoever it is for holds.
func (r *Room) MayReadLinks(ctx context.Context, by web.Person, address string) (bool, error) {
	if !by.May(access.PeopleManage) {
		return false, nil
	}
	p, err := accountByEmail(ctx, r.Work, cleanEmail(address))
	if errors.Is(err, db.ErrNotFound) {
		return false, nil
	} else if err != nil {
		return false, db.Wrap(err, "whose link it is")
	}
	held, err := rolesOf(ctx, r.Work, p.ID)
	return err == nil && mayBecome(by, held, string(p.OrganisationID)), db.Wrap(err, "whose link it is")
}

// linkEmail is the e-mail with a link to set a password. It never has a
// password in it.
func linkEmail(p Person, siteName, link string) string {
	return fmt.Sprintf(`Dear %s

Use this link to set your password. It works once, within an hour:

%s

Afterwards sign in with your e-mail address, %s.

If you did not expect this e-mail you need do nothing: without the link nothing changes.

%s
`, p.Name, link, p.Email, sender(siteName))
}

// addressChanged is the e-mail to the address that somebody had. It does not tell the
// new one: whoever reads this mailbox may be somebody else by now.
func addressChanged(old Person, by web.Person, siteName string) string {
	who := by.Name
	if by.ID == old.ID {
		who = "You"
	}
	return fmt.Sprintf(`Dear %s

%s changed the e-mail address that you sign in with. From now on e-mails go to the new one, and this address opens nothing.

If that is not right, tell your partnership’s business team at once.

%s
`, old.Name, who, sender(siteName))
}

// keptChangedWords say what another value of a setting comes to.
var keptChangedWords = map[string]string{
	askWebsite: "Links in e-mails, those to set a password among them, lead to the new one. If that is not right, do " +
		"not use such a link, and ask",
	askFrom: "What cannot be delivered comes back to it, links to set a password among it. If that is not right, ask",
	askMail: "Links to set a password go this way. If that is not right, do not use such a link, and ask",
}

// keptChanged tells somebody who keeps the workspace that a setting was changed.
func keptChanged(name string, by web.Person, kind, was, now, siteName string) string {
	return fmt.Sprintf(`Dear %s

%s changed %s in Settings.

It was: %s
It is: %s

%s %s by telephone or whoever looks after the server.

%s
`, name, cmp.Or(by.Name, "Somebody"), keptSettings[kind].about, cmp.Or(was, "not known"), cmp.Or(now, "not known"),
		keptChangedWords[kind], cmp.Or(by.Name, "another administrator"), sender(siteName))
}

// passwordMailedEmail tells somebody that their password was set by a link, and what it does not
// open yet.
func passwordMailedEmail(p Person, when, siteName string) string {
	return fmt.Sprintf(`Dear %s

Your password was set by a link that was sent to this mailbox. You have no passkey and no app, so one can be added from %s, or sooner if somebody here says that it was you: ask on the page where you add it.

If you did not set a password, tell your partnership’s business team at once, by telephone.

%s
`, p.Name, when, sender(siteName))
}

// otherMailedEmail tells somebody who keeps the workspace the same of somebody else.
func otherMailedEmail(name string, p Person, when, link, siteName string) string {
	if link == "" {
		link = "You find them under People and organisations."
	}
	return fmt.Sprintf(`Dear %s

%s set a password by a link in an e-mail, and has no passkey and no app. Somebody who reads their mailbox could have done it. From %s a passkey or an app can be added to the account, or sooner if a second person says that it was %s.

If you do not know of it, telephone %s. If it was somebody else, deactivate the account:

%s

%s
`, name, p.Name, when, p.Name, p.Name, link, sender(siteName))
}

// sender is who an e-mail is from, where the partnership has no name yet.
func sender(siteName string) string { return cmp.Or(siteName, "The safeguarding children partnership") }

// A factorNews is what happened to somebody's second factor, for an e-mail about it.
type factorNews struct{ subject, words string }

func factorAdded(f Factor) factorNews {
	return factorNews{"A second factor was added", "A second factor was added to your account: " + f.KindWords() + ", “" +
		f.Name + "”. From now on signing in asks for it."}
}

func factorRemoved(f Factor) factorNews {
	return factorNews{"A second factor was removed", "A second factor was removed from your account: " + f.KindWords() +
		", “" + f.Name + "”."}
}

// directoryLinked tells that a directory opens the account.
func directoryLinked(p Provider, address string) factorNews {
	return factorNews{"Your account was linked to " + p.Name, "From now on " + p.Name + " opens your account here, for " +
		"whoever signs in there as " + address + ". You can end that on the page of your account."}
}

func factorsReset(by web.Person) factorNews {
	return factorNews{"Your second factor was reset", by.Name + " reset the second factor of your account, and you are " +
		"signed out everywhere. Sign in with your password, and set a second factor up again on the page of your account."}
}

func recoveryUsed(left int) factorNews {
	return factorNews{"A recovery code was used", "Somebody signed in to your account with one of your recovery codes. " +
		lang.Plural(left, "code is", "codes are") + " left."}
}

// factorEmail is the e-mail about somebody's second factor.
func factorEmail(p Person, n factorNews, siteName string) string {
	return fmt.Sprintf(`Dear %s

%s

If that was not you, or you did not ask for it, tell your partnership’s business team at once.

%s
`, p.Name, n.words, sender(siteName))
}

// codeEmail is the e-mail with a code, and with a link where the website's address is known.
func codeEmail(p Purpose, code, link, siteName string) string {
	if link != "" {
		link = "Or open this link and press the button there:\n\n" + link + "\n\n"
	}
	return fmt.Sprintf(`Hello

With this code you can %s:

%s %s

%sIt works once, within half an hour, and only that of the newest e-mail. Nobody of ours will ever ask you for the code.

If you did not ask for it you need do nothing.

%s
`, p.Does, code[:4], code[4:], link, sender(siteName))
}
