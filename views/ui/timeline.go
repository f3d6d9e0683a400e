package ui

import (
	"strconv"
	"time"
)

// Timeline shows who may do what from when on: a row each, all on one scale.
type Timeline struct {
	Rows []TimelineRow
	Now  time.Time
}

// TimelineRow is what some people may do. Each of the moments is zero if it never comes, and the next is not before it.
type TimelineRow struct {
	Label string
	Waits bool // before that they are told that something comes
	Reads time.Time
	Sends time.Time // and share it
}

// ends are the first and the last moment of a timeline, with a margin by which both can be seen.
func (t Timeline) ends() (from, to time.Time) {
	from, to = t.Now, t.Now
	for _, r := range t.Rows {
		for _, at := range []time.Time{r.Reads, r.Sends} {
			if at.IsZero() {
				continue
			}
			if at.Before(from) {
				from = at
			}
			if at.After(to) {
				to = at
			}
		}
	}
	margin := max(to.Sub(from)/12, time.Hour)
	return from.Add(-margin), to.Add(margin)
}

// at is where a moment stands, from 0 to 1; 1 for one that never comes.
func (t Timeline) at(moment time.Time) float64 {
	from, to := t.ends()
	if moment.IsZero() {
		return 1
	}
	return float64(moment.Sub(from)) / float64(to.Sub(from))
}

// span is from where to where somebody may do something. What they may is told by its height too.
type span struct {
	class    string
	from, to float64
}

var spanHeights = map[string]int{"waits": 3, "reads": 7, "sends": 13}

func (s span) height() string { return strconv.Itoa(spanHeights[s.class]) }

// top is where a span begins, so that all stand on one line, of a row that is so high.
func (s span) top(row int) string { return strconv.Itoa(row - 2 - spanHeights[s.class]) }

func (t Timeline) spans(r TimelineRow) (all []span) {
	reads, sends := t.at(r.Reads), t.at(r.Sends)
	if r.Waits && reads > 0 {
		all = append(all, span{"waits", 0, reads})
	}
	if sends > reads {
		all = append(all, span{"reads", reads, sends})
	}
	if sends < 1 {
		all = append(all, span{"sends", sends, 1})
	}
	return all
}
