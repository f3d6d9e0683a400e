package web

import (
	"context"
	"sync"

	"ricochet.example/app/account"
	"ricochet.example/app/share"
)

// owners are browsers in which somebody is signed in, on their way to being
// remembered as that person's device for the day: no GET waits for it.
type owners struct {
	mu      sync.Mutex
	day     int64
	known   map[device]bool
	waiting []device
}

// device is a signed-in browser.
type device struct {
	account string
	browser share.Browser
}

// notice takes in the browser of a signed-in request.
func (o *owners) notice(who account.Account, b share.Browser, day int64) {
	d := device{who.ID, b}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.day != day {
		o.day, o.known = day, map[device]bool{}
	}
	if !o.known[d] {
		o.known[d] = true
		o.waiting = append(o.waiting, d)
	}
}

// recognise writes down the browsers that were noticed.
func (s *Server) recognise(ctx context.Context) error {
	s.seen.mu.Lock()
	waiting := s.seen.waiting
	s.seen.waiting = nil
	s.seen.mu.Unlock()
	for i, d := range waiting {
		if err := share.Recognise(ctx, s.db, &s.opener.Ring, d.account, d.browser); err != nil {
			// Next time, then: what is not written down now is not noticed again today.
			s.seen.mu.Lock()
			s.seen.waiting = append(waiting[i:], s.seen.waiting...)
			s.seen.mu.Unlock()
			return err
		}
	}
	return nil
}
