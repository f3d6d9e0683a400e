package ui

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Whatever a release is, its picture shows each row from where it begins to the end, without a gap or an overlap, and
// now is inside.
func TestATimelineShowsEveryMomentInItsPlace(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	now := time.Date(2025, time.March, 3, 12, 0, 0, 0, time.UTC)
	for range 500 {
		line := Timeline{Now: now}
		for range 1 + rng.IntN(6) {
			r := TimelineRow{Waits: rng.IntN(2) == 0, Reads: now.Add(time.Duration(rng.IntN(2000)-1000) * time.Hour)}
			if rng.IntN(4) > 0 {
				r.Sends = r.Reads.Add(time.Duration(rng.IntN(100)) * time.Hour)
			}
			line.Rows = append(line.Rows, r)
		}
		if at := line.at(now); at <= 0 || at >= 1 {
			t.Fatalf("now stands at %v", at)
		}
		for _, r := range line.Rows {
			spans := line.spans(r)
			last := line.at(r.Reads)
			if r.Waits {
				last = 0
			}
			for _, s := range spans {
				if s.from != last || s.to <= s.from {
					t.Fatalf("%+v: %+v, after %v", r, s, last)
				}
				last = s.to
			}
			if last != 1 {
				t.Fatalf("%+v ends at %v", r, last)
			}
		}
	}
}
