package app

import (
	"slices"
	"testing"

	"kith/internal/kit/web"
)

// TestWhatAsksAgain holds which addresses ask again who it is: what gives power, publishes,
// changes how people sign in, or takes the list of people away.
func TestWhatAsksAgain(t *testing.T) {
	t.Parallel()
	want := []string{
		"GET /work/account/apps/new",
		"GET /work/account/apps/picture",
		"GET /work/account/e-mail-codes/new",
		"GET /work/account/second-factor",
		"GET /work/people, as a file",
		"POST /work/account/apps/begin",
		"POST /work/account/apps/new",
		"POST /work/account/e-mail-codes/begin",
		"POST /work/account/e-mail-codes/new",
		"POST /work/account/factors/{id}/delete",
		"POST /work/account/passkeys/begin",
		"POST /work/account/passkeys/new",
		"POST /work/account/recovery-codes/renew",
		"POST /work/account/second-factor/ask-second",
		"POST /work/imports/{id}/withdraw",
		"POST /work/joiners/{id}/apply",
		"POST /work/people/{id}/activate",
		"POST /work/people/{id}/deactivate",
		"POST /work/people/{id}/edit",
		"POST /work/people/{id}/invite",
		"POST /work/people/{id}/reset-factors",
		"POST /work/people/{id}/roles/edit",
		"POST /work/people/{id}/send-link",
		"POST /work/report/{year}/publish",
		"POST /work/report/{year}/withdraw",
		"POST /work/requests/agree",
		"POST /work/requests/{id}/agree",
		"POST /work/sessions/end",
		"POST /work/settings",
		"POST /work/settings/contacts/new",
		"POST /work/settings/contacts/{id}/delete",
		"POST /work/settings/contacts/{id}/edit",
		"POST /work/settings/directories/new",
		"POST /work/settings/directories/{id}/edit",
		"POST /work/settings/directories/{id}/remove",
		"POST /work/settings/email/edit",
		"POST /work/settings/roles/new",
		"POST /work/settings/roles/{id}/edit",
		"POST /work/settings/roles/{id}/reopen",
		"POST /work/settings/roles/{id}/retire",
		"POST /work/settings/roles/{id}/undo",
		"POST /work/settings/signing-in/edit",
		"POST /work/training/bookings/{id}/code",
	}
	m := open(t, Config{Dir: t.TempDir(), Face: FaceAll}).mux()
	if m.Confirm == nil {
		t.Fatal("nobody is asked")
	}
	var asks []string
	for _, rt := range m.Routes() {
		switch rt.Confirm {
		case web.Always:
			asks = append(asks, rt.Pattern)
		case web.OnExport:
			asks = append(asks, rt.Pattern+", as a file")
		}
		if rt.Confirm != web.Never && rt.Permission == web.Anyone {
			t.Errorf("%s asks somebody who is not signed in", rt.Pattern)
		}
	}
	slices.Sort(asks)
	if !slices.Equal(asks, want) {
		t.Errorf("these ask again who it is:\n%q\nand not\n%q", asks, want)
	}
}
