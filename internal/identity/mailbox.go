package identity

import (
	"slices"
	"strings"
	"unicode"

	"kith/internal/access"
	"kith/internal/kit/web"
)

// sharedNames are the words by which mailboxes are called that several people read.
var sharedNames = []string{"accounts", "admin", "administration", "admissions", "bookings", "bursar", "business",
	"contact", "designatedsafeguardinglead", "dsl", "dslteam", "ddsl", "ddslteam", "duty", "dutyteam", "enquiries",
	"enquiry", "finance", "frontdesk", "frontdoor", "frontoffice",
	"general", "head", "headteacher", "hello", "help", "helpdesk", "hr", "info", "information", "inbox", "mail", "mash",
	"office", "post", "practice", "principal", "reception", "safeguarding", "safeguardinglead",
	"safeguardingleads", "safeguardingteam", "school", "schooloffice", "secretary", "send",
	"senco", "staff", "support", "team", "training", "welfare"}

// looksShared reports whether an address is by its first part one that several people
// read: dsl@, office@, safeguarding.team@, admin2@. A person's name beside the word makes
// it theirs: ann.office@ is not. What begins with dsl is an office's whatever follows, as a
// school's name does: dsl-heron@.
func looksShared(email string) bool {
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	words := strings.FieldsFunc(local, func(c rune) bool { return !unicode.IsLetter(c) })
	if len(words) == 0 {
		return false
	}
	if words[0] == "dsl" || words[0] == "ddsl" {
		return true
	}
	for _, w := range words {
		if !slices.Contains(sharedNames, w) {
			return slices.Contains(sharedNames, strings.Join(words, ""))
		}
	}
	return true
}

// BooksOnly reports whether an address is by its first part one that several people read, so
// that whoever signs in with it books training and does nothing else.
func BooksOnly(email string) bool { return looksShared(cleanEmail(email)) }

// What a person keeps of their mailbox, where it is not as its first part says.
const (
	mailboxOne     = "one"
	mailboxSeveral = "several"

	mailboxSays = "says" // on forms, for neither
)

// sharedMailbox reports whether several people read an address: as an officer said, or as
// its first part does.
func sharedMailbox(email, said string) bool {
	switch said {
	case mailboxOne:
		return false
	case mailboxSeveral:
		return true
	}
	return looksShared(email)
}

// forMailboxes are the permissions that count for whoever signs in with a mailbox that
// several people read: nobody can tell who of them it was, so they book and nothing else.
var forMailboxes = []web.Permission{access.TrainingRead, access.TrainingBook, access.TrainingBookOthers}

// ofMailbox leaves of permissions what counts for a mailbox that several people read.
func ofMailbox(held map[web.Permission]bool) map[web.Permission]bool {
	out := map[web.Permission]bool{}
	for _, p := range forMailboxes {
		if held[p] {
			out[p] = true
		}
	}
	return out
}
