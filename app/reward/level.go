// Package reward knows what ambassadors get: the ladder of levels, the rewards with what became of each, the thanks of
// named people, and the moment of the first ricochet.
package reward

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Level is a step of the ladder: who has reached all three of what it asks for has reached it.
type Level struct {
	ID     string
	Name   string
	Score  int // as the leaderboards have it, of all time
	People int // reached, of all time
	Months int // since the member first came into a squad, of those that they are in
}

// MostLevels is how many steps the ladder has at most.
const MostLevels = 8

// The lengths of what is said of levels and rewards, in characters, and the highest that a level asks for.
const (
	LongestName = 60
	mostScore   = 10_000_000
	mostMonths  = 240
)

// Ladder is all levels, from the lowest.
type Ladder []Level

// Check returns what keeps the ladder from being set, at fields named "levels.0.name" and so on. Each level asks for
// no less of anything than the one below, and for more of something.
func (l Ladder) Check() (p check.Problems) {
	for n, level := range l {
		field := func(name string) string { return fmt.Sprintf("levels.%d.%s", n, name) }
		p.Filled(field("name"), level.Name)
		p.Longest(field("name"), level.Name, LongestName)
		p.Between(field("score"), level.Score, 0, mostScore)
		p.Between(field("people"), level.People, 0, mostScore)
		p.Between(field("months"), level.Months, 0, mostMonths)
		below := Level{}
		if n > 0 {
			below = l[n-1]
		}
		less := false
		for _, asks := range []struct {
			name       string
			here, then int
		}{{"score", level.Score, below.Score}, {"people", level.People, below.People}, {"months", level.Months, below.Months}} {
			if asks.here < asks.then {
				p.Add(field(asks.name), "level.less_than_below")
				less = true
			}
		}
		if n > 0 && !less && level.Score == below.Score && level.People == below.People && level.Months == below.Months {
			p.Add(field("score"), "level.same_as_below")
		}
		for _, other := range l[:n] {
			if strings.EqualFold(strings.TrimSpace(other.Name), strings.TrimSpace(level.Name)) {
				p.Add(field("name"), "level.same_name")
			}
		}
	}
	return p
}

// Progress is how far somebody has come, by the scores that stand.
type Progress struct {
	In     bool // they have a seat in a squad: nobody else has a level
	Score  int64
	People int64
	Months int
}

// Months is how many whole months there are between two moments, by the calendar of UTC. From the 31st on, a month is
// over on the last day of one that is shorter.
func Months(from, to time.Time) int {
	from, to = from.UTC(), to.UTC()
	if from.IsZero() || to.Before(from) {
		return 0
	}
	n := (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
	last := time.Date(to.Year(), to.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	over := time.Date(to.Year(), to.Month(), min(from.Day(), last), from.Hour(), from.Minute(), from.Second(), from.Nanosecond(), time.UTC)
	if to.Before(over) {
		n--
	}
	return n
}

// Reached says whether the progress is enough for a level.
func (p Progress) Reached(l Level) bool {
	return p.In && p.Score >= int64(l.Score) && p.People >= int64(l.People) && p.Months >= l.Months
}

// At returns the place on the ladder of the highest level that was reached, from 1; 0 for none.
func (l Ladder) At(p Progress) int {
	for n := len(l); n > 0; n-- {
		if p.Reached(l[n-1]) {
			return n
		}
	}
	return 0
}

// Place is where a level stands on the ladder, from 1; 0 if it is none of it.
func (l Ladder) Place(levelID string) int {
	return slices.IndexFunc(l, func(level Level) bool { return level.ID == levelID }) + 1
}

// Levels returns the ladder.
func Levels(ctx context.Context, tx *data.Tx) (Ladder, error) {
	return data.All(ctx, tx, func(row data.Row) (l Level, err error) {
		return l, row.Scan(&l.ID, &l.Name, &l.Score, &l.People, &l.Months)
	}, `SELECT id, name, score, people, months FROM levels ORDER BY place`)
}

// lockLevels lets nobody else change the ladder, or what stands on it, until the transaction ends.
func lockLevels(ctx context.Context, tx *data.Tx) error { return data.Lock(ctx, tx, "levels") }

// SetLevels replaces the ladder by one that has passed Check. Levels with an id stay the ones that they are, those
// without are new, and all others go. It returns the name of a reward that needs a level which would go, and changes
// nothing then.
func SetLevels(ctx context.Context, tx *data.Tx, l Ladder) (needed string, err error) {
	if err := lockLevels(ctx, tx); err != nil {
		return "", err
	}
	have, err := Levels(ctx, tx)
	if err != nil {
		return "", err
	}
	var gone []Level
	for _, old := range have {
		if l.Place(old.ID) == 0 {
			gone = append(gone, old)
		}
	}
	for _, old := range gone {
		names, err := data.All(ctx, tx, data.Text, `SELECT name FROM rewards WHERE level_id = ? ORDER BY name LIMIT 1`, old.ID)
		if err != nil {
			return "", err
		}
		if len(names) > 0 {
			return names[0], nil
		}
	}
	for _, old := range gone {
		if _, err := tx.Exec(ctx, `DELETE FROM levels WHERE id = ?`, old.ID); err != nil {
			return "", err
		}
	}
	for n, level := range l {
		if have.Place(level.ID) == 0 {
			level.ID = id.New()
		}
		_, err := tx.Exec(ctx, `INSERT INTO levels (id, place, name, score, people, months) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET place = excluded.place, name = excluded.name, score = excluded.score, people = excluded.people, months = excluded.months`,
			level.ID, n+1, strings.TrimSpace(level.Name), level.Score, level.People, level.Months)
		if err != nil {
			return "", fmt.Errorf("setting a level: %w", err)
		}
	}
	return "", nil
}
