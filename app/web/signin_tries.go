package web

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"ricochet.example/app/clock"
	"ricochet.example/app/visit"
)

// How often one network may try to sign in: thirty times at once, and again as
// fifteen minutes go by. A proxy that nobody listed stands for many people.
const (
	triesMost     = 30
	triesWindow   = 15 * time.Minute
	triesStranger = 10 // times as many
	triesKept     = 10_000
)

// tries counts attempts to sign in by network, in memory: an address of a
// person is never written down, and a limit that a restart forgets still makes
// guessing hopeless, for the codes themselves die after five tries wherever
// they come from. Each of several servers counts for itself.
type tries struct {
	clock clock.Clock
	mu    sync.Mutex
	by    map[netip.Prefix]*rate.Limiter
}

// allow counts an attempt from a network, and says from when on there may be
// another one if this was too many.
func (t *tries) allow(addr netip.Addr, sure bool) (until time.Time, ok bool) {
	now, network := t.clock.Now(), visit.Network(addr)
	t.mu.Lock()
	defer t.mu.Unlock()
	limiter := t.by[network]
	if limiter == nil {
		most := triesMost
		if !sure {
			most *= triesStranger
		}
		if len(t.by) >= triesKept {
			t.tidy(now)
		}
		limiter = rate.NewLimiter(rate.Limit(float64(most)/triesWindow.Seconds()), most)
		if t.by == nil {
			t.by = map[netip.Prefix]*rate.Limiter{}
		}
		t.by[network] = limiter
	}
	if limiter.AllowN(now, 1) {
		return time.Time{}, true
	}
	missing := 1 - limiter.TokensAt(now)
	return now.Add(time.Duration(missing / float64(limiter.Limit()) * float64(time.Second))), false
}

// tidy forgets the networks that have all their attempts again, or all of them
// if there is none.
func (t *tries) tidy(now time.Time) {
	for network, limiter := range t.by {
		if limiter.TokensAt(now) >= float64(limiter.Burst()) {
			delete(t.by, network)
		}
	}
	if len(t.by) >= triesKept {
		clear(t.by)
	}
}

// client is the visitor's address, and whether it is sure to be theirs.
func (s *Server) client(r *request) (netip.Addr, bool) { return s.proxies.client(r.Request) }
