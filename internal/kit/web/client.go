package web

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/realclientip/realclientip-go"
)

// Client gives a function that tells where a request came from: the connection's address
// or, where that is one of the trusted proxies (addresses, or ranges such as 10.0.0.0/8),
// the one for whom the proxy says in X-Forwarded-For that it asks. What others say there
// is not believed: anybody may write it.
func Client(trusted ...string) (func(*http.Request) string, error) {
	if len(trusted) == 0 {
		return peer, nil
	}
	isProxy, err := Proxies(trusted...)
	if err != nil {
		return nil, err
	}
	ranges, err := realclientip.AddressesAndRangesToIPNets(trusted...)
	if err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	forwarded, err := realclientip.NewRightmostTrustedRangeStrategy("X-Forwarded-For", ranges)
	if err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	return func(r *http.Request) string {
		from := peer(r)
		if isProxy(from) {
			if address := forwarded.ClientIP(r.Header, r.RemoteAddr); address != "" {
				return address
			}
		}
		return from
	}, nil
}

// Proxies gives a function that tells whether an address is one of the trusted proxies, as
// Client reads them.
func Proxies(trusted ...string) (func(address string) bool, error) {
	ranges, err := realclientip.AddressesAndRangesToIPNets(trusted...)
	if err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	return func(address string) bool {
		ip := net.ParseIP(address)
		return ip != nil && slices.ContainsFunc(ranges, func(n net.IPNet) bool { return n.Contains(ip) })
	}, nil
}

// peer is the other end of the connection, without its port and zone.
func peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	host, _, _ = strings.Cut(host, "%")
	return host
}
