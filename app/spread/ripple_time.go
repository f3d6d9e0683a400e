package spread

import (
	"slices"
	"time"

	"ricochet.example/app/visit"
)

// Timeline is when the people of a tree came: by the hour for the first two
// days, by the day from then on.
type Timeline struct {
	Hours    []Bucket        // from the hour of the first open; none if nobody came
	Days     []Bucket        // from the end of the hours; none if nobody came after them
	Each     int             // how many days a bucket of Days takes
	Channels []visit.Channel // the columns of a bucket's Channels, the most people first; the last may be Unknown for all others
}

// Bucket is a span of a timeline.
type Bucket struct {
	From     time.Time
	People   int
	Hops     [TimeHops]int // by hop; the last is for all beyond
	Channels []int         // by the timeline's channels
}

// The measures of a timeline.
const (
	TimeHops     = 5
	TimeChannels = 6
	timeHours    = 48
	timeDays     = 60 // buckets at the most: those of a long tree are several days wide
)

// Timeline puts every counted person where they belong.
func (t *Trace) Timeline() Timeline {
	var first, last int64
	var by [256]int
	people := 0
	for v := range t.ids {
		if !t.counted(v) {
			continue
		}
		if people == 0 || t.at[v] < first {
			first = t.at[v]
		}
		last = max(last, t.at[v])
		by[t.channel[v]]++
		people++
	}
	if people == 0 {
		return Timeline{}
	}
	line := Timeline{Channels: mostUsed(by)}
	column := map[uint8]int{}
	for i, c := range line.Channels {
		column[uint8(c)] = i
	}
	const hour, day = int64(time.Hour / time.Millisecond), int64(24 * time.Hour / time.Millisecond)
	start := first - first%hour
	fresh := func(from int64) Bucket {
		return Bucket{From: time.UnixMilli(from).UTC(), Channels: make([]int, len(line.Channels))}
	}
	for i := int64(0); i < timeHours && start+i*hour <= last; i++ {
		line.Hours = append(line.Hours, fresh(start+i*hour))
	}
	later := start + timeHours*hour
	if last >= later {
		line.Each = int((last-later)/day)/timeDays + 1
		for from := later; from <= last; from += int64(line.Each) * day {
			line.Days = append(line.Days, fresh(from))
		}
	}
	for v := range t.ids {
		if !t.counted(v) {
			continue
		}
		b := (*Bucket)(nil)
		if t.at[v] < later {
			b = &line.Hours[(t.at[v]-start)/hour]
		} else {
			b = &line.Days[(t.at[v]-later)/(int64(line.Each)*day)]
		}
		b.People++
		b.Hops[min(int(t.hop[v]), TimeHops)-1]++
		c, ok := column[t.channel[v]]
		if !ok {
			c = len(line.Channels) - 1
		}
		b.Channels[c]++
	}
	return line
}

// mostUsed are the channels with a column of their own, the most used first. What has
// none is with the unknown, which is the last, if there is any.
func mostUsed(by [256]int) (channels []visit.Channel) {
	rest := by[visit.Unknown]
	for c, n := range by {
		if n > 0 && visit.Channel(c) != visit.Unknown { //nolint:gosec // there are 256
			channels = append(channels, visit.Channel(c)) //nolint:gosec // see above
		}
	}
	slices.SortStableFunc(channels, func(a, b visit.Channel) int { return by[b] - by[a] })
	if len(channels) > TimeChannels-1 {
		for _, c := range channels[TimeChannels-1:] {
			rest += by[c]
		}
		channels = channels[:TimeChannels-1]
	}
	if rest > 0 {
		channels = append(channels, visit.Unknown)
	}
	return channels
}

// Passage is how people came: as which share, and in which app it was opened.
// Where the two differ somebody forwarded it.
type Passage struct {
	Shared, Seen visit.Channel
	People       int
}

// Passages are how the people of a tree came, the most first.
func (t *Trace) Passages() (all []Passage) {
	at := map[[2]uint8]int{}
	for v := range t.ids {
		if !t.counted(v) {
			continue
		}
		key := [2]uint8{t.channel[v], t.observed[v]}
		i, ok := at[key]
		if !ok {
			i = len(all)
			at[key], all = i, append(all, Passage{Shared: visit.Channel(key[0]), Seen: visit.Channel(key[1])})
		}
		all[i].People++
	}
	slices.SortStableFunc(all, func(a, b Passage) int { return b.People - a.People })
	return all
}
