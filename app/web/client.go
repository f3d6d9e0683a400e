package web

import (
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
)

// proxies knows whose word on a visitor's address is believed.
type proxies struct {
	trusted []netip.Prefix
	log     *slog.Logger

	plain atomic.Int64 // requests that nobody said to forward

	mu       sync.Mutex
	strange  netip.Addr // the last peer that forwarded without being listed
	strangeN int64
}

// A proxy that nobody listed forwards everything. Somebody out on the internet
// who claims to forward, where others come by themselves, would only be rid of
// the rules on networks that way.
const (
	forwardedMost = 9 // of ten
	lately        = 1000
)

// client is the visitor's address. sure is false when an unlisted peer says
// that it forwards for somebody, or a listed one does not say for whom: then all
// its visitors look like one.
func (p *proxies) client(r *http.Request) (addr netip.Addr, sure bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false
	}
	addr = peer.Addr().Unmap()
	lines := r.Header["X-Forwarded-For"]
	if len(lines) == 0 {
		if p.trusts(addr) {
			return addr, false
		}
		p.plain.Add(1)
		return addr, true
	}
	if !p.trusts(addr) {
		return addr, !p.stranger(addr)
	}
	// From the right: the first address that is no proxy of ours is the visitor's.
	// What stands further left is the visitor's own claim.
	for i := len(lines) - 1; i >= 0; i-- {
		rest := lines[i]
		for rest != "" {
			var last string
			if k := strings.LastIndexByte(rest, ','); k >= 0 {
				rest, last = rest[:k], rest[k+1:]
			} else {
				rest, last = "", rest
			}
			hop, ok := hopOf(last)
			if !ok {
				return addr, false // of the nearest proxy that we could read
			}
			addr = hop
			if !p.trusts(addr) {
				return addr, true
			}
		}
	}
	return addr, true
}

// hopOf reads one entry of X-Forwarded-For. Some proxies write the port, too.
func hopOf(entry string) (netip.Addr, bool) {
	entry = strings.TrimSpace(entry)
	if a, err := netip.ParseAddr(entry); err == nil {
		return a.Unmap(), true
	}
	a, err := netip.ParseAddrPort(entry)
	return a.Addr().Unmap(), err == nil
}

// https says whether the visitor came over https, as far as that can be known.
func (p *proxies) https(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && p.trusts(peer.Addr().Unmap()) && r.Header.Get("X-Forwarded-Proto") == "https"
}

func (p *proxies) trusts(a netip.Addr) bool {
	for _, t := range p.trusted {
		if t.Contains(a) {
			return true
		}
	}
	return false
}

// stranger counts a request that an unlisted peer says to forward, and says
// whether that is to be believed: it is the rule here, not the exception.
func (p *proxies) stranger(peer netip.Addr) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.strangeN++
	plain := p.plain.Load()
	if plain+p.strangeN > lately { // what was long ago weighs less and less
		p.plain.Store(plain / 2)
		p.strangeN /= 2
	}
	if !ours(peer) && 10*p.strangeN < forwardedMost*(plain+p.strangeN) {
		return false
	}
	if p.strange != peer {
		p.strange = peer
		p.log.Warn("requests are forwarded by a proxy that is not listed with --trusted-proxy: "+
			"all its visitors look like one, so the rules on networks are suspended for them", slog.String("proxy", peer.String()))
	}
	return true
}

// ours says whether an address can only be of our own network: nobody reaches
// us from it over the internet (IANA's special-purpose registry, RFC 6890).
func ours(a netip.Addr) bool {
	if a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() {
		return true
	}
	for _, n := range own {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

var own = []netip.Prefix{netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("198.18.0.0/15")}

// unlisted is the proxy that ought to be listed, if one was seen.
func (p *proxies) unlisted() (netip.Addr, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.strange, p.strange.IsValid()
}

// ParseProxies reads a list of addresses and networks, as --trusted-proxy takes them.
func ParseProxies(list []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, s := range list {
		s = strings.TrimSpace(s)
		if s == "" {
			continue
		}
		if a, err := netip.ParseAddr(s); err == nil {
			all = append(all, netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, err
		}
		all = append(all, p.Masked())
	}
	return all, nil
}
