package web

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

// A proxy at 10.0.0.1 is listed, and one at 10.0.0.2 before it; 192.0.2.9 is none of ours.
func TestWhoseAddressAVisitorHas(t *testing.T) {
	trusted, err := ParseProxies([]string{"10.0.0.1", "10.0.0.2"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, peer string
		forwarded  []string
		want       string
		sure       bool
	}{
		{"nobody forwards", "192.0.2.9:1", nil, "192.0.2.9", true},
		{"an unlisted peer forwards", "192.0.2.9:1", []string{"203.0.113.1"}, "192.0.2.9", false},
		{"a listed one says nothing", "10.0.0.1:1", nil, "10.0.0.1", false},
		{"a listed one forwards", "10.0.0.1:1", []string{"203.0.113.1"}, "203.0.113.1", true},
		{"the visitor claims another address", "10.0.0.1:1", []string{"198.51.100.1, 203.0.113.1"}, "203.0.113.1", true},
		{"the visitor claims it on a line of its own", "10.0.0.1:1", []string{"198.51.100.1", "203.0.113.1"}, "203.0.113.1", true},
		{"two listed ones forward", "10.0.0.1:1", []string{"203.0.113.1, 10.0.0.2"}, "203.0.113.1", true},
		{"with a port", "10.0.0.1:1", []string{"203.0.113.1:51234"}, "203.0.113.1", true},
		{"IPv6 with a port", "10.0.0.1:1", []string{"[2001:db8::1]:51234"}, "2001:db8::1", true},
		{"an IPv4 address in IPv6", "10.0.0.1:1", []string{"::ffff:203.0.113.1"}, "203.0.113.1", true},
		{"a listed one does not say for whom", "10.0.0.1:1", []string{"unknown"}, "10.0.0.1", false},
		{"nonsense left of the visitor", "10.0.0.1:1", []string{"nonsense, 203.0.113.1"}, "203.0.113.1", true},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		r.Header["X-Forwarded-For"] = c.forwarded
		p := &proxies{trusted: trusted, log: slog.New(slog.DiscardHandler)}
		if addr, sure := p.client(r); addr.String() != c.want || sure != c.sure {
			t.Errorf("%s: %s (sure: %v), want %s (%v)", c.name, addr, sure, c.want, c.sure)
		}
	}
}

// A cheat writes the header where everybody else comes without; a proxy that
// was put before the server later soon stands before everybody.
func TestWhoClaimsToForwardAloneIsNotBelieved(t *testing.T) {
	p := &proxies{log: slog.New(slog.DiscardHandler)}
	ask := func(peer string, forwarded ...string) bool {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr, r.Header["X-Forwarded-For"] = peer, forwarded
		_, sure := p.client(r)
		return sure
	}
	for range 100 {
		ask("192.0.2.1:1")
	}
	for range 10 {
		if !ask("198.51.100.7:1", "203.0.113.1") {
			t.Error("a visitor without a proxy is rid of the rules on networks by a header")
		}
	}
	if _, seen := p.unlisted(); seen {
		t.Error("the owner is told of a proxy that is none")
	}
	for range 3 * lately {
		ask("198.51.100.9:1", "203.0.113.1")
	}
	if ask("198.51.100.9:1", "203.0.113.2") {
		t.Error("an unlisted proxy before everybody is not noticed")
	}
}
