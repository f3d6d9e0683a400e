package spread

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ricochet.example/data"
)

// Part is what the links of one squad or one drop brought.
type Part struct {
	ID    string // empty: of links that were made in no squad, or whose squad is gone
	Links int64
	Totals
}

// BySquad adds up the links of a scope by the squads that they were made in.
func BySquad(ctx context.Context, tx *data.Tx, scope Scope) ([]Part, error) {
	return parts(ctx, tx, scope, `l.squad_id`)
}

// ByDrop adds up the links of a scope by their drops.
func ByDrop(ctx context.Context, tx *data.Tx, scope Scope) ([]Part, error) {
	return parts(ctx, tx, scope, `l.drop_id`)
}

// ByAccount returns the totals of a scope by the account whose links they are.
func ByAccount(ctx context.Context, tx *data.Tx, scope Scope) ([]Part, error) {
	return parts(ctx, tx, scope, "l.account_id")
}

// parts are of all time, and in the order of their points.
func parts(ctx context.Context, tx *data.Tx, scope Scope, by string) ([]Part, error) {
	where, args := scope.links()
	all, err := data.All(ctx, tx, func(r data.Row) (p Part, err error) {
		return p, r.Scan(append([]any{&p.ID, &p.Links}, p.places()...)...)
	}, `SELECT coalesce(`+by+`, ''), count(*), coalesce(sum(t.people), 0), coalesce(sum(t.points), 0), coalesce(sum(t.sharers), 0),
			coalesce(sum(t.first_hop), 0), coalesce(sum(t.held), 0), coalesce(max(t.farthest), 0), coalesce(sum(t.squares), 0),
			coalesce(sum(t.hop_2), 0), coalesce(sum(t.hop_3), 0), coalesce(sum(t.hop_4), 0), coalesce(sum(t.hop_5), 0),
			coalesce(sum(t.hop_6), 0), coalesce(sum(t.hop_7), 0), coalesce(sum(t.hop_8), 0), min(t.first_at), max(t.last_at)
		FROM links l LEFT JOIN link_totals t ON t.link_id = l.id WHERE `+where+` GROUP BY coalesce(`+by+`, '')`, args...)
	slices.SortStableFunc(all, func(a, b Part) int {
		switch {
		case a.Points != b.Points:
			return int(min(max(b.Points-a.Points, -1), 1))
		case a.ID < b.ID:
			return -1
		}
		return 1
	})
	return all, err
}

// Total adds parts up.
func Total(all []Part) (t Totals) {
	for _, p := range all {
		t.Join(p.Totals)
	}
	return t
}

// mostLooked bounds how many opens Details reads, since it reads every one.
const mostLooked = 20_000

// Details are the shapes of several trees together. They are reckoned when
// somebody looks, of the largest trees, and say of how many.
type Details struct {
	Trees, Of         int   // how many were looked at, of how many that have people
	People, PeopleOf  int64 // in them
	FirstHop          int64
	Generations       []int64
	Breadth           int64   // the most people in one generation of one tree
	Virality          float64 // mean over the trees with enough people, each by its people; 0 if there is none
	LargestHand       int64   // the most people that one person brought
	HalfLife, ToFirst time.Duration
}

// R is the mean number of people that each person brought.
func (d Details) R() float64 { return share01(d.People-d.FirstHop, d.People) }

// PassedOn is R of each generation but the last.
func (d Details) PassedOn() (all []float64) {
	for i := 1; i < len(d.Generations); i++ {
		all = append(all, share01(d.Generations[i], d.Generations[i-1]))
	}
	return all
}

// DetailsOf looks at the largest trees of a scope, as many as there is time
// for. Ages run from when a link could be shared: when it was made, or when
// the release let its squad share.
func DetailsOf(ctx context.Context, tx *data.Tx, scope Scope) (d Details, err error) {
	type tree struct {
		link, people, opens int64
		start               time.Time
	}
	where, args := scope.links()
	const most = 500
	trees, err := data.All(ctx, tx, func(r data.Row) (t tree, err error) {
		var made, steps time.Time
		err = r.Scan(&t.link, &t.people, &t.opens, data.Time(&made), data.Time(&steps))
		if t.start = made; steps.After(made) {
			t.start = steps
		}
		return t, err
	}, `SELECT l.id, t.people, t.people + t.held, l.made_at, coalesce(
			(SELECT s.shareable_at FROM release_steps s WHERE s.drop_id = l.drop_id AND s.squad_id = l.squad_id), d.public_at)
		FROM links l JOIN link_totals t ON t.link_id = l.id JOIN drops d ON d.id = l.drop_id
		WHERE `+where+` AND t.people > 0 ORDER BY t.people DESC, l.id`, args...)
	if err != nil {
		return d, fmt.Errorf("looking for the largest trees: %w", err)
	}
	d.Of = len(trees)
	for _, t := range trees {
		d.PeopleOf += t.people
	}
	var ages, firsts []time.Duration
	var weighed, weight float64
	read := int64(0)
	for i, t := range trees {
		if read += t.opens; i > 0 && (read > mostLooked || i == most) {
			break
		}
		look, err := LookAt(ctx, tx, t.link)
		if err != nil {
			return d, err
		}
		grown, err := Grow(look.Leaves, look.Most)
		if err != nil {
			return d, fmt.Errorf("growing the tree of link %d: %w", t.link, err)
		}
		s := grown.Shape(t.start)
		d.Trees++
		d.People += s.People
		d.FirstHop += s.FirstHop
		d.Breadth, d.LargestHand = max(d.Breadth, s.Breadth), max(d.LargestHand, s.LargestHand)
		for g, n := range s.Generations {
			if g == len(d.Generations) {
				d.Generations = append(d.Generations, 0)
			}
			d.Generations[g] += n
		}
		if s.ShowsShape() {
			weighed, weight = weighed+s.Virality*float64(s.People), weight+float64(s.People)
		}
		for _, l := range look.Leaves {
			if l.Counted {
				ages = append(ages, max(l.OpenedAt.Sub(t.start), 0))
			}
		}
		if s.People > 0 {
			firsts = append(firsts, s.ToFirst)
		}
	}
	if weight > 0 {
		d.Virality = weighed / weight
	}
	d.HalfLife, d.ToFirst = median(ages), median(firsts)
	return d, nil
}

// median of none is 0.
func median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}
