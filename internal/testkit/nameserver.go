package testkit

import (
	"net"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// NewNameServer starts a real name server for a test, on UDP and TCP, with the records of a zone
// file's lines, and gives its host:port. A name without a record does not exist; one that
// begins with "broken." is answered by a failure of the server.
func NewNameServer(t testing.TB, records ...string) string {
	t.Helper()
	known := map[string][]dns.RR{}
	for _, text := range records {
		rr, err := dns.NewRR(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		name := strings.ToLower(rr.Header().Name)
		known[name] = append(known[name], rr)
	}
	answer := dns.HandlerFunc(func(w dns.ResponseWriter, asked *dns.Msg) {
		m := new(dns.Msg).SetReply(asked)
		m.RecursionAvailable = true
		name := strings.ToLower(asked.Question[0].Name)
		if strings.HasPrefix(name, "broken.") {
			m.Rcode = dns.RcodeServerFailure
		} else if known[name] == nil {
			m.Rcode = dns.RcodeNameError
		}
		for _, rr := range known[name] {
			if rr.Header().Rrtype == asked.Question[0].Qtype {
				m.Answer = append(m.Answer, rr)
			}
		}
		size := dns.MinMsgSize
		if o := asked.IsEdns0(); o != nil {
			size = int(o.UDPSize())
		}
		if _, isUDP := w.RemoteAddr().(*net.UDPAddr); isUDP {
			m.Truncate(size) // a long key is then asked for again by TCP
		}
		w.WriteMsg(m)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p, err := net.ListenPacket("udp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*dns.Server{{Listener: l, Handler: answer}, {PacketConn: p, Handler: answer}} {
		up, down := make(chan struct{}), make(chan error, 1)
		s.NotifyStartedFunc = func() { close(up) }
		go func() { down <- s.ActivateAndServe() }()
		<-up
		t.Cleanup(func() {
			s.Shutdown()
			if err := <-down; err != nil {
				t.Error(err)
			}
		})
	}
	return l.Addr().String()
}
