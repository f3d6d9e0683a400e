package spread

import (
	"context"
	"slices"

	"ricochet.example/data"
)

// DaySums are what the opens of one UTC day brought.
type DaySums struct {
	Day             int64 // since 1970
	People, Sharers int64
}

// Days are those from the first to the last on which somebody came, those
// between them on which nobody did too.
func Days(ctx context.Context, tx *data.Tx, scope Scope) ([]DaySums, error) {
	where, args := scope.links()
	found, err := data.All(ctx, tx, func(r data.Row) (d DaySums, err error) {
		return d, r.Scan(&d.Day, &d.People, &d.Sharers)
	}, `SELECT d.day, sum(d.people), sum(d.sharers)
		FROM links l JOIN link_days d ON d.link_id = l.id WHERE `+where+` GROUP BY d.day ORDER BY d.day`, args...)
	if err != nil {
		return nil, err
	}
	came := func(d DaySums) bool { return d.People > 0 }
	first := slices.IndexFunc(found, came)
	if first < 0 {
		return nil, nil
	}
	all := found[first : first+1 : first+1]
	for _, d := range found[first+1:] {
		for last := all[len(all)-1].Day; last+1 < d.Day; last++ {
			all = append(all, DaySums{Day: last + 1})
		}
		all = append(all, d)
	}
	for !came(all[len(all)-1]) {
		all = all[:len(all)-1]
	}
	return all, nil
}
