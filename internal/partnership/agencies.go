package partnership

import (
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
)

// An Agency is what the partnership has said of an organisation: whether its published
// arrangements name it as a relevant agency (Working together to safeguard children,
// chapter 2). "" is nothing yet. Only those named are shown to the public: a file can
// bring an organisation, and cannot make it an agency.
type Agency string

// What may be said of an organisation.
const (
	Unsaid      Agency = ""
	Named       Agency = "yes"
	NotAnAgency Agency = "no"
)

// Words gives it in words.
func (a Agency) Words() string {
	switch a {
	case Named:
		return "Relevant agency"
	case NotAnAgency:
		return "Not a relevant agency"
	}
	return "Nobody has said yet whether it is a relevant agency"
}

// Public reports whether the organisation is named to the public.
func (o Organisation) Public() bool { return o.Agency == Named || o.Statutory }

// agencyTodos asks which organisations are relevant agencies.
func agencyTodos(n int) []web.Todo {
	if n == 0 {
		return nil
	}
	return []web.Todo{{Title: "Say which organisations are relevant agencies",
		Words: "Imports or people added " + lang.Plural(n, "organisation", "organisations") +
			" that the public site leaves out until somebody says.",
		Href: "/work/organisations/agencies/decide", Act: "Say which"}}
}
