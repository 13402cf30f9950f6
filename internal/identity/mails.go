package identity

import (
	"fmt"
	"regexp"

	"kith/internal/kit/web"
)

// linkPath is where a link to set a password leads; the secret follows it.
const linkPath = "/sign-in/password/"

var linkSecret = regexp.MustCompile(regexp.QuoteMeta(linkPath) + `\S+`)

// HideLinks takes the secrets out of the links to set a password in an e-mail.
// Who reads somebody else's e-mail could otherwise choose their password and be
// them.
func HideLinks(body string) string {
	return linkSecret.ReplaceAllString(body, linkPath+"…")
}

// MayReadLinks reports whether somebody may see such a link in the e-mails that
// nobody receives: only who may govern every account anyway.
func MayReadLinks(p web.Person) bool {
	for _, permission := range guarded {
		if !p.May(permission) {
			return false
		}
	}
	return true
}

// linkEmail is the e-mail with a link to set a password. It never has a
// password in it.
func linkEmail(p Person, siteName, link string) string {
	if siteName == "" {
		siteName = "The safeguarding children partnership"
	}
	return fmt.Sprintf(`Dear %s

Use this link to set your password. It works once, until this time tomorrow:

%s

Afterwards sign in with your e-mail address, %s.

If you did not expect this e-mail you need do nothing: without the link nothing changes.

%s
`, p.Name, link, p.Email, siteName)
}
