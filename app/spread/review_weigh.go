package spread

import (
	"math"
	"slices"
	"time"

	"ricochet.example/app/visit"
)

// trail is what an open gives away of how somebody came.
type trail int

const (
	appTrail    trail = iota // an app, by its browser or its referrer
	handTrail                // a phone or a tablet, and no app
	deskTrail                // neither
	manyTrails  = 3
	gapClasses  = 16 // powers of 2 of the seconds since the open before; the last has all beyond
	hoursInADay = 24
)

func trailOf(device visit.Device, observed visit.Channel) trail {
	switch {
	case observed != visit.Unknown || device == visit.InApp:
		return appTrail
	case device == visit.Phone || device == visit.Tablet:
		return handTrail
	}
	return deskTrail
}

// byMachine is how browsers that one person starts would come: hardly any app
// shows, and what they say they are is made up as often one way as the other.
var byMachine = [manyTrails]float64{appTrail: .02, handTrail: .49, deskTrail: .49}

// custom is how the readers of a campaign usually come: sums over links, of
// which none weighs more than weighty opens, so that no large one is the rule.
type custom struct {
	trails [manyTrails]float64
	hours  [hoursInADay]float64
	gaps   [gapClasses]float64
}

const weighty = 30

// add takes in a link, or with −1 takes it out.
func (c *custom) add(all []glance, sign float64) {
	weight := sign * min(1, weighty/float64(max(len(all), 1)))
	for i, g := range all {
		c.trails[g.trail] += weight
		c.hours[g.at.Hour()] += weight
		if i > 0 {
			c.gaps[gapClass(g.at.Sub(all[i-1].at))] += weight
		}
	}
}

func gapClass(gap time.Duration) int {
	return min(max(int(math.Log2(max(gap.Seconds(), 1))), 0), gapClasses-1)
}

// The rates begin with a few opens as they come in most campaigns, so that a
// campaign that has hardly begun has rates as well.
var begin = [manyTrails]float64{appTrail: 1.5, handTrail: 2.5, deskTrail: 1}

func (c *custom) trailRate(t trail) float64 {
	sum, prior := 0.0, 0.0
	for i := range c.trails {
		sum += c.trails[i]
		prior += begin[i]
	}
	return (max(c.trails[t], 0) + begin[t]) / (max(sum, 0) + prior)
}

// hourRate is how often somebody comes at an hour of the day, or the ones beside it.
func (c *custom) hourRate(hour int) float64 {
	sum, here := 0.0, 0.0
	for i, n := range c.hours {
		sum += n
		if far := (i - hour + hoursInADay) % hoursInADay; far <= 1 || far == hoursInADay-1 {
			here += n
		}
	}
	return (max(here, 0)/3 + 1) / (max(sum, 0) + hoursInADay)
}

func (c *custom) gapRate(class int) float64 {
	sum := 0.0
	for _, n := range c.gaps {
		sum += n
	}
	here := c.gaps[class] / 2
	for _, beside := range []int{class - 1, class + 1} {
		if beside >= 0 && beside < gapClasses {
			here += c.gaps[beside] / 4
		}
	}
	return (max(here, 0) + 1) / (max(sum, 0) + gapClasses)
}

// pace is how fast a machine may go: the middle time between two opens, and by
// how many powers of e it varies. Many readers at once go fast as well, but not
// evenly.
type pace struct {
	middle time.Duration
	varies float64
}

var paces = []pace{
	{15 * time.Second, .3},
	{time.Minute, .3},
	{4 * time.Minute, .3},
	{15 * time.Minute, 1},
	{30 * time.Minute, 1},
	{time.Hour, 1},
	{2 * time.Hour, 1},
}

// rate is how often the time between two opens is of a class at this pace; one
// in twenty is anything.
func (p pace) rate(class int) float64 {
	below := func(class int) float64 {
		return (1 + math.Erf((math.Ln2*float64(class)-math.Log(p.middle.Seconds()))/p.varies/math.Sqrt2)) / 2
	}
	from, to := 0.0, 1.0
	if class > 0 {
		from = below(class)
	}
	if class < gapClasses-1 {
		to = below(class + 1)
	}
	return .05/gapClasses + .95*(to-from)
}

// What one open can weigh at most: one that came by an app speaks for people,
// but in a run of many it may well be one. Times between opens depend on how
// many there are, so they say less.
const (
	leastByTrail = -2
	mostByGap    = .5
)

// weighTrail, weighHour and weighGap are how much likelier a machine is than a
// reader of this campaign, as logarithms.
func (c *custom) weighTrail(t trail) float64 {
	return max(leastByTrail, math.Log(byMachine[t]/c.trailRate(t)))
}

func (c *custom) weighHour(at time.Time) float64 {
	return -math.Log(hoursInADay * c.hourRate(at.Hour()))
}

func (c *custom) weighGap(p pace, gap time.Duration) float64 {
	class := gapClass(gap)
	return min(max(math.Log(p.rate(class)/c.gapRate(class))/2, -mostByGap), mostByGap)
}

// oddest is the run of opens, one after the other, that weighs most, at the
// pace at which it does (Kadane 1984: the largest sum of a stretch).
func (c *custom) oddest(all []glance) (run []glance, weight float64) {
	for _, p := range paces {
		begun := -math.Log(float64(len(paces))) // of several paces one fits by chance
		sum, from := begun, 0
		for i, g := range all {
			if sum <= begun {
				sum, from = begun, i
			} else {
				sum += c.weighGap(p, g.at.Sub(all[i-1].at))
			}
			sum += c.weighTrail(g.trail) + c.weighHour(g.at)
			if sum > weight {
				run, weight = all[from:i+1], sum
			}
		}
	}
	return run, weight
}

// reasons says what it is that weighs.
func (c *custom) reasons(run []glance) (reasons []Reason) {
	var trails [manyTrails]float64
	var quiet, quietUsually, hours float64
	gaps := make([]time.Duration, 0, len(run))
	for i, g := range run {
		trails[g.trail] += 1 / float64(len(run))
		hours += c.weighHour(g.at)
		if c.quiet(g.at.Hour()) {
			quiet += 1 / float64(len(run))
		}
		if i > 0 {
			gaps = append(gaps, g.at.Sub(run[i-1].at))
		}
	}
	for hour := range hoursInADay {
		if c.quiet(hour) {
			quietUsually += c.hourRate(hour)
		}
	}
	if usual := c.trailRate(appTrail); trails[appTrail] < usual/2 {
		reasons = append(reasons, Reason{Kind: "apps", Share: 1 - trails[appTrail], Usual: 1 - usual})
	}
	if usual := c.trailRate(deskTrail); trails[deskTrail] > 1.5*usual {
		reasons = append(reasons, Reason{Kind: "desks", Share: trails[deskTrail], Usual: usual})
	}
	if hours > 1 && quiet > 1.5*quietUsually {
		reasons = append(reasons, Reason{Kind: "hours", Share: quiet, Usual: quietUsually})
	}
	slices.Sort(gaps)
	middle := gaps[len(gaps)/2]
	steady, usual := 0.0, 0.0
	for _, gap := range gaps {
		if gap > middle/4 && gap < middle*4 {
			steady += 1 / float64(len(gaps))
		}
	}
	for class := range gapClasses {
		if at := math.Exp2(float64(class) + .5); at > middle.Seconds()/4 && at < middle.Seconds()*4 {
			usual += c.gapRate(class)
		}
	}
	if steady > 1.25*usual || len(reasons) == 0 {
		reasons = append(reasons, Reason{Kind: "steady", Share: steady, Usual: min(usual, 1), Every: middle})
	}
	return reasons
}

// quiet says whether at an hour fewer than half as many come as on average.
func (c *custom) quiet(hour int) bool { return c.hourRate(hour) < .5/hoursInADay }
