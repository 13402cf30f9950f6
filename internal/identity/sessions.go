package identity

import (
	"net/netip"
	"strings"

	"kith/internal/kit/db"
)

// A Session is one place where somebody is signed in.
type Session struct {
	ID        string
	Browser   string
	Network   string // see coarse
	CreatedAt db.Time
	SeenAt    db.Time
	ExpiresAt db.Time
	current   bool
}

// Current reports whether the session is the one that asks.
func (s Session) Current() bool { return s.current }

// Where says in words which browser the session is in, as far as it tells: every
// one names itself after those that came before it, so the order matters.
func (s Session) Where() string {
	named := func(pairs ...string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if strings.Contains(s.Browser, pairs[i]) {
				return pairs[i+1]
			}
		}
		return ""
	}
	browser := named("Edg", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "FxiOS/", "Firefox", "CriOS/", "Chrome",
		"Chrome/", "Chrome", "Safari/", "Safari")
	system := named("Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS", "a Mac",
		"CrOS", "a Chromebook", "Linux", "Linux")
	switch {
	case browser == "":
		return "A browser that does not say which"
	case system == "":
		return browser
	}
	return browser + " on " + system
}

// Place says in words from which network the session began.
func (s Session) Place() string {
	p, err := netip.ParsePrefix(s.Network)
	if err != nil {
		return "Not known"
	}
	a := p.Addr()
	if a.IsLoopback() {
		return "The server itself"
	}
	words := strings.TrimRight(a.String(), ":") + ":…"
	if a.Is4() {
		words = strings.TrimSuffix(a.String(), ".0") + ".…"
	}
	if a.IsPrivate() || a.IsLinkLocalUnicast() {
		return "A local network, " + words
	}
	return words
}

// coarse gives the network of an address: enough to tell an office from a home, and too
// little to tell one household from its neighbours. "" for what is no address.
func coarse(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	bits := 48
	if a = a.Unmap().WithZone(""); a.Is4() {
		bits = 24
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return ""
	}
	if a.IsLoopback() { // ::1 is one address, whose first half says nothing
		return netip.PrefixFrom(a, a.BitLen()).String()
	}
	return p.String()
}

// A listedSession is a row of the list of who is signed in.
type listedSession struct {
	Session
	PersonID     string
	Name         string
	Organisation string // its name; organisation is its id
	organisation string
	mayEnd       bool
}

// MayEnd reports whether who reads the list may end the session.
func (s listedSession) MayEnd() bool { return s.mayEnd }
