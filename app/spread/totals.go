package spread

import (
	"context"
	"errors"

	"ricochet.example/data"
)

const totalsColumns = `people, points, sharers, first_hop, held, farthest, squares,
	hop_2, hop_3, hop_4, hop_5, hop_6, hop_7, hop_8, first_at, last_at`

// totalsSums are the columns of several rows t together, as Join puts them.
const totalsSums = `sum(t.people), sum(t.points), sum(t.sharers), sum(t.first_hop), sum(t.held), max(t.farthest), sum(t.squares),
	sum(t.hop_2), sum(t.hop_3), sum(t.hop_4), sum(t.hop_5), sum(t.hop_6), sum(t.hop_7), sum(t.hop_8), min(t.first_at), max(t.last_at)`

// values are the totals in the order of their columns.
func (t *Totals) values() []any {
	return []any{
		t.People, t.Points, t.Sharers, t.FirstHop, t.Held, t.Farthest, t.Squares,
		t.Further[0], t.Further[1], t.Further[2], t.Further[3], t.Further[4], t.Further[5], t.Further[6], t.FirstAt, t.LastAt,
	}
}

// places are where to scan the columns to.
func (t *Totals) places() []any {
	return []any{
		&t.People, &t.Points, &t.Sharers, &t.FirstHop, &t.Held, &t.Farthest, &t.Squares,
		&t.Further[0], &t.Further[1], &t.Further[2], &t.Further[3], &t.Further[4], &t.Further[5], &t.Further[6], data.Time(&t.FirstAt), data.Time(&t.LastAt),
	}
}

// Join adds what other links brought.
func (t *Totals) Join(o Totals) {
	t.Add(o.Sums)
	t.Further.Add(o.Further)
	t.Farthest = max(t.Farthest, o.Farthest)
	t.Squares += o.Squares
	if t.FirstAt.IsZero() || (!o.FirstAt.IsZero() && o.FirstAt.Before(t.FirstAt)) {
		t.FirstAt = o.FirstAt
	}
	if o.LastAt.After(t.LastAt) {
		t.LastAt = o.LastAt
	}
}

// PerHop is how many people there are at each hop, from the first to the
// eighth, which has all beyond as well; it ends where nobody is.
func (t *Totals) PerHop() (people []int) {
	for i, n := range append([]int64{t.FirstHop}, t.Further[:]...) {
		if n > 0 {
			people = append(people, make([]int, i-len(people))...)
			people = append(people, int(n))
		}
	}
	return people
}

// LinkTotals returns the totals of some links, by id, with the sums of the
// scope's days; a link that nothing came of is not among them.
func LinkTotals(ctx context.Context, tx *data.Tx, scope Scope) (map[int64]Totals, error) {
	where, args := scope.links()
	out := map[int64]Totals{}
	err := data.Each(ctx, tx, func(r data.Row) error {
		var id int64
		var t Totals
		if err := r.Scan(append([]any{&id}, t.places()...)...); err != nil {
			return err
		}
		if scope.To > 0 {
			t.Sums = Sums{}
		}
		out[id] = t
		return nil
	}, `SELECT t.link_id, `+totalsColumns+` FROM links l JOIN link_totals t ON t.link_id = l.id WHERE `+where, args...)
	if err != nil || scope.To == 0 {
		return out, err
	}
	err = data.Each(ctx, tx, func(r data.Row) error {
		var id int64
		var s Sums
		if err := r.Scan(&id, &s.People, &s.Points, &s.Sharers, &s.FirstHop, &s.Held); err != nil {
			return err
		}
		t := out[id]
		t.Add(s)
		out[id] = t
		return nil
	}, `SELECT d.link_id, d.people, d.points, d.sharers, d.first_hop, d.held
		FROM links l JOIN link_days d ON d.link_id = l.id WHERE `+where+` AND d.day >= ? AND d.day <= ?`, append(args, scope.From, scope.To)...)
	return out, err
}

// TotalsOf returns the totals of a link; of one that nothing came of they are zero.
func TotalsOf(ctx context.Context, tx *data.Tx, linkID int64) (t Totals, err error) {
	t, err = data.One(ctx, tx, func(r data.Row) (t Totals, err error) { return t, r.Scan(t.places()...) },
		`SELECT `+totalsColumns+` FROM link_totals WHERE link_id = ?`, linkID)
	if errors.Is(err, data.ErrNotFound) {
		err = nil
	}
	return t, err
}
