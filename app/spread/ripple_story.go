package spread

import (
	"slices"
	"time"
)

// Story is how it went with a tree, as far as counted people are concerned.
// Readers are numbers: nobody knows more of them.
type Story struct {
	People   int
	Since    time.Time     // when the link could first be opened, or was made
	FirstAt  time.Time     // of the first person
	LastAt   time.Time     // of the last
	ToFirst  time.Duration // from Since to the first person
	HalfLife time.Duration // until half of all people had come, from the first one on
	Farthest int           // hops
	Way      int           // the first reader that far, 0 if there is none
	Branch   int           // the first-hop reader with the most people in their branch, 0 if nobody has any
	Grown    int           // how many those are, itself included
	Hand     int           // the reader who brought the most people directly, 0 if nobody brought any
	Brought  int           // how many those are
	Woken    []Waking      // pauses that ended, the longest first
}

// Waking is a pause of at least a day that ended with somebody new.
type Waking struct {
	At    time.Time
	After time.Duration
	Hop   int // of the reader who ended it
	Since int // people who came from then on, until the next pause
}

// Asleep is how long nobody must come for a tree to be asleep.
const Asleep = 24 * time.Hour

// wakingsTold is how many pauses a story tells of.
const wakingsTold = 3

// Story goes through the tree once.
func (t *Trace) Story(since time.Time) Story {
	s := Story{Since: since}
	order := make([]int32, 0, len(t.ids))
	sorted := true
	for v := range t.ids {
		if !t.counted(v) {
			continue
		}
		if n := len(order); n > 0 && t.at[order[n-1]] > t.at[v] {
			sorted = false
		}
		order = append(order, int32(v)) //nolint:gosec // see append
		if hop := int(t.hop[v]); hop > s.Farthest {
			s.Farthest, s.Way = hop, v+1
		}
		if t.near[v] < 0 && t.hands[v] > 0 && int(t.people[v]) > s.Grown {
			s.Branch, s.Grown = v+1, int(t.people[v])
		}
		if int(t.hands[v]) > s.Brought {
			s.Hand, s.Brought = v+1, int(t.hands[v])
		}
	}
	if s.People = len(order); s.People == 0 {
		return s
	}
	if !sorted { // clocks of several servers differ a little
		slices.SortStableFunc(order, func(a, b int32) int { return int(t.at[a] - t.at[b]) })
	}
	at := func(i int) time.Time { return time.UnixMilli(t.at[order[i]]).UTC() }
	s.FirstAt, s.LastAt = at(0), at(len(order)-1)
	s.ToFirst = max(s.FirstAt.Sub(since), 0)
	s.HalfLife = (at((len(order)-1)/2).Sub(s.FirstAt) + at(len(order)/2).Sub(s.FirstAt)) / 2
	s.wake(t, order)
	return s
}

// wake finds the pauses.
func (s *Story) wake(t *Trace, order []int32) {
	for i := 1; i < len(order); i++ {
		after := time.Duration(t.at[order[i]]-t.at[order[i-1]]) * time.Millisecond
		if after >= Asleep {
			s.Woken = append(s.Woken, Waking{At: time.UnixMilli(t.at[order[i]]).UTC(), After: after, Hop: int(t.hop[order[i]])})
		}
		if n := len(s.Woken); n > 0 {
			s.Woken[n-1].Since++
		}
	}
	slices.SortStableFunc(s.Woken, func(a, b Waking) int { return int((b.After - a.After) / time.Second) })
	s.Woken = s.Woken[:min(len(s.Woken), wakingsTold)]
}
