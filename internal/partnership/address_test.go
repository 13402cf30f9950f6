package partnership

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

func TestCheckAddress(t *testing.T) {
	t.Parallel()
	const more, such = "no more than https://", "such as https://www.example.org"
	for address, want := range map[string]string{
		"https://www.example.org": "", "https://www.example.org/": "", "http://kith.example:8080": "",
		"https://x.example?q": more, "https://x.example/?": more, "https://u:p@x.example": more, "https://u@x.example": more,
		"https://x.example/path": more, "https://x.example/#a": more, "https://x.example#": more,
		"javascript:alert(1)": such, "ftp://x.example": such, "x.example": such, "https://": such, "https://:8080": such,
		"//x.example": such, "https://x .example": such,
	} {
		if got := checkAddress(address); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q", address, got)
		}
	}
}

// telling keeps what others were told.
type telling struct {
	people
	told *[]string
}

func (p telling) TellOfAddress(_ context.Context, _ db.Q, by web.Person, was, now string) error {
	*p.told = append(*p.told, fmt.Sprintf("%s: %s to %s", by.Name, was, now))
	return nil
}

// Others are told of another address, and of nothing else.
func TestAddressIsTold(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		var told []string
		w.People = telling{told: &told}
		for _, url := range []string{"https://a.example", "https://a.example", "https://b.example"} {
			w.is(w.SaveSettings(w.ctx(), w.by, Profile{Name: "Tidewell SCP", Area: "Tidewell " + url, URL: url},
				web.Unwatched), nil)
		}
		if got := strings.Join(told, "; "); got != "Ada:  to https://a.example; Ada: https://a.example to https://b.example" {
			t.Error(got)
		}
	})
}
