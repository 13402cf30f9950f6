package mail

import (
	"context"
	"net/url"
	"strings"

	"kith/internal/kit/db"
)

// A Site is who an installation's mail is from, and where its links lead. People
// change it in Settings: ask for it when it is needed, and keep no copy.
type Site struct {
	Name    string // who mail is from, in words
	Address string // such as https://work.tidewell.example, never taken from a request; "" while not known
	From    string // the address mail comes from
}

// A Sited gives the Site. It reads through q where it must, so that it can be
// asked inside a transaction.
type Sited func(ctx context.Context, q db.Reader) (Site, error)

// Known reports whether there is an address that links can begin with.
func (s Site) Known() bool {
	u, err := url.Parse(s.Address)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

// Link gives the address of a page, or "" while the site's address is not known:
// then say in words where the page is.
func (s Site) Link(path string) string {
	if !s.Known() {
		return ""
	}
	return strings.TrimSuffix(s.Address, "/") + path
}

// Secure reports whether the site is reached by TLS alone.
func (s Site) Secure() bool { return strings.HasPrefix(s.Address, "https://") }

// Fixed gives a Site that never changes, for tests.
func Fixed(s Site) Sited {
	return func(context.Context, db.Reader) (Site, error) { return s, nil }
}
