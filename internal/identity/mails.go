package identity

import "fmt"

// linkLetter is the letter with a link to set a password. It never has a
// password in it.
func linkLetter(p Person, siteName, link string) string {
	if siteName == "" {
		siteName = "The safeguarding children partnership"
	}
	return fmt.Sprintf(`Dear %s

Use this link to set your password. It works once, until this time tomorrow:

%s

Afterwards sign in with your email address, %s.

If you did not expect this letter you need do nothing: without the link nothing changes.

%s
`, p.Name, link, p.Email, siteName)
}
