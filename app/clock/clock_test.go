package clock_test

import (
	"sync"
	"testing"
	"time"

	"ricochet.example/app/clock"
)

var noon = time.Date(2025, 3, 3, 12, 0, 0, 0, time.UTC)

func TestTheSystemClockTellsUTCInWholeMilliseconds(t *testing.T) {
	var c clock.Clock = clock.System{}
	now := c.Now()
	if now.Location() != time.UTC || now.Nanosecond()%1e6 != 0 {
		t.Error(now)
	}
	if !now.Equal(time.UnixMilli(now.UnixMilli())) {
		t.Errorf("%v is not what the database would give back", now)
	}
	if later := c.Now(); later.Before(now) || later.Year() < 2025 {
		t.Errorf("%v, then %v", now, later)
	}
}

func TestAManualClockStandsStillUntilItIsMoved(t *testing.T) {
	c := clock.At(noon)
	for range 2 {
		if !c.Now().Equal(noon) {
			t.Error(c.Now())
		}
	}
	if got := c.Advance(90 * time.Minute); !got.Equal(noon.Add(90*time.Minute)) || !got.Equal(c.Now()) {
		t.Error(got)
	}
	c.Set(noon.Add(-time.Hour))
	if !c.Now().Equal(noon.Add(-time.Hour)) {
		t.Error(c.Now())
	}
}

func TestAManualClockIsReadInUTCAndWholeMillisecondsToo(t *testing.T) {
	c := clock.At(time.Date(2025, 3, 3, 13, 0, 0, 1999999, time.FixedZone("CET", 3600)))
	if got := c.Now(); got != noon.Add(time.Millisecond) {
		t.Error(got)
	}
}

func TestManyMayMoveAManualClockAtOnce(t *testing.T) {
	c := clock.At(noon)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 1000 {
				c.Advance(time.Millisecond)
			}
		})
	}
	all.Wait()
	if got := c.Now(); got != noon.Add(8*time.Second) {
		t.Error(got)
	}
}
