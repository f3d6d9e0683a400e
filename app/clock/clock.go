// Package clock tells the time, to whoever is handed a clock. Apart from the program's own start, nothing
// else looks at the computer's: so that a test, a replay and a demo can say what time it is.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time, in UTC and whole milliseconds, as the database keeps it.
type Clock interface{ Now() time.Time }

// System is the computer's clock.
type System struct{}

// Now returns the time of the computer.
func (System) Now() time.Time { return whole(time.Now()) }

// Manual is a clock that stands still until it is set or advanced, or let go. It is safe for concurrent use.
type Manual struct {
	mu   sync.Mutex
	now  time.Time
	free bool
}

// At returns a manual clock that shows t.
func At(t time.Time) *Manual { return &Manual{now: whole(t)} }

// Now returns the time that the clock shows.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.free {
		return System{}.Now()
	}
	return m.now
}

// LetGo makes the clock go with the computer's, until it is set again.
func (m *Manual) LetGo() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.free = true
}

// Set makes the clock show t, which may be before what it showed.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now, m.free = whole(t), false
}

// Advance moves the clock on by d, down to whole milliseconds, and returns what it then shows.
func (m *Manual) Advance(d time.Duration) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = whole(m.now.Add(d))
	return m.now
}

// whole cuts t to the milliseconds of UTC; without that, a time would differ from itself once stored.
func whole(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
