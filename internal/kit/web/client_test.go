package web_test

import (
	"net/http/httptest"
	"testing"

	"kith/internal/kit/web"
)

func TestClient(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		trusted   []string
		from      string
		forwarded []string
		want      string
	}{
		{nil, "192.0.2.1:5000", []string{"198.51.100.7"}, "192.0.2.1"},
		{nil, "[2001:db8::1%eth0]:5000", nil, "2001:db8::1"},
		{[]string{"10.0.0.0/8"}, "192.0.2.1:5000", []string{"198.51.100.7"}, "192.0.2.1"}, // no proxy of ours
		{[]string{"10.0.0.0/8"}, "10.1.2.3:5000", []string{"198.51.100.7"}, "198.51.100.7"},
		{[]string{"10.0.0.0/8"}, "10.1.2.3:5000", []string{"203.0.113.5, 198.51.100.7"}, "198.51.100.7"}, // first, a lie
		{[]string{"10.0.0.0/8"}, "10.1.2.3:5000", []string{"203.0.113.5", "198.51.100.7, 10.9.9.9"}, "198.51.100.7"},
		{[]string{"10.0.0.0/8"}, "10.1.2.3:5000", nil, "10.1.2.3"},
		{[]string{"10.0.0.0/8"}, "10.1.2.3:5000", []string{"nonsense"}, "10.1.2.3"},
		{[]string{"::1", "127.0.0.1"}, "[::1]:5000", []string{"2001:db8::7"}, "2001:db8::7"},
	} {
		where, err := web.Client(c.trusted...)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.from
		r.Header["X-Forwarded-For"] = c.forwarded
		if got := where(r); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	for _, bad := range []string{"", "proxy.example", "10.0.0.0/99"} {
		if _, err := web.Client(bad); err == nil {
			t.Errorf("%q was taken for an address", bad)
		}
	}
}
