package spread

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/share"
	"ricochet.example/data"
)

// Standing is a place on a leaderboard, with its reasons.
type Standing struct {
	Rank        int // equal points, equal rank: 1, 2, 2, 4; 0 for those who have no points yet
	Best, Worst int // the likely ranks, luck considered; 0 where it was not asked
	AccountID   string
	Name        string // as Ask.Names says; empty: they hide

	// Totals are the sums of the board's days. What is no sum of days, as how
	// far and how many at each hop, is of all time.
	Totals
}

// Beyond is what the score has besides one point a person: what people earned
// by sending it on.
func (s Sums) Beyond() int64 { return s.Points - s.People }

// Scope says whose links a board is about, and which days. Empty fields do not
// narrow it. Rehearsals are on no board.
type Scope struct {
	CampaignID string
	DropID     string
	SquadID    string // the squad that a link was made in
	AccountID  string
	From, To   int64 // UTC days since 1970, both included; To 0 is all time
}

func (s Scope) links() (where string, args []any) {
	where = `l.rehearsal = 0 AND l.account_id IS NOT NULL`
	if s.AccountID != "" {
		where += ` AND l.account_id = ?`
		args = append(args, s.AccountID)
	}
	more, values := s.rest(s.AccountID != "")
	return where + more, append(args, values...)
}

// rest is the scope but for the account. Where links are looked up by their
// accounts, which have few, no other index is offered: SQLite would take the
// one of the campaign, which has many.
func (s Scope) rest(byAccount bool) (where string, args []any) {
	for _, f := range []struct{ column, value string }{{"l.campaign_id", s.CampaignID}, {"l.drop_id", s.DropID}, {"l.squad_id", s.SquadID}} {
		if f.value != "" {
			if byAccount {
				f.column = `(` + f.column + ` || '')`
			}
			where += ` AND ` + f.column + ` = ?`
			args = append(args, f.value)
		}
	}
	return where, args
}

// window is some days, one by one, so that each is looked up by its key: those
// of a board, or if they are fewer those that are to be taken from all time.
type window struct {
	days  []any
	taken bool
}

// window finds the days. Before the first link of the scope there was nothing.
func (s Scope) window(ctx context.Context, tx *data.Tx) (w window, err error) {
	where, args := s.links()
	var made time.Time
	err = data.Each(ctx, tx, func(r data.Row) error { return r.Scan(data.Time(&made)) },
		`SELECT l.made_at FROM links l WHERE `+where+` ORDER BY l.id LIMIT 1`, args...)
	if err != nil || made.IsZero() {
		return w, err
	}
	// The clock of another server may be in tomorrow already.
	first, last := share.Day(made), share.Day(tx.Now())+1
	var inside, outside []any
	for day := min(first, s.From); day <= max(last, s.To); day++ {
		switch {
		case day < s.From || day > s.To:
			outside = append(outside, day)
		case day >= first && day <= last:
			inside = append(inside, day)
		}
	}
	if len(outside) < len(inside) {
		return window{outside, true}, nil
	}
	return window{inside, false}, nil
}

// place is what is remembered of everybody on a board.
type place struct {
	account  string
	rank     int
	sums     Sums
	squares  int64
	farthest int64
	last     int64 // the last counted open, in milliseconds
	old      bool  // to be put somewhere else
}

// before orders a board: by points, then by people, then by who was there first.
func (p *place) before(o *place) int {
	return cmp.Or(cmp.Compare(o.sums.Points, p.sums.Points), cmp.Compare(o.sums.People, p.sums.People),
		cmp.Compare(p.last, o.last), cmp.Compare(p.account, o.account))
}

// change is what happened between two looks at a board.
type change struct {
	from, to Mark
	link     int64 // links with a higher id are new
}

// changed are the accounts with links that something happened to. The links are
// found first and by their ids: asked for accounts at once, SQLite reads all of
// the index by account, to have them in its order.
const changed = `(SELECT DISTINCT x.account_id FROM (
			SELECT id FROM links WHERE id > ?
			UNION SELECT link_id FROM opens WHERE id > ? AND id <= ?
			UNION SELECT link_id FROM decisions WHERE id > ? AND id <= ?) i
		CROSS JOIN links x WHERE x.id = i.id)`

// placesOf reads a board: all of it, or the accounts to which something happened.
func placesOf(ctx context.Context, tx *data.Tx, scope Scope, since *change) (map[string]*place, error) {
	where, args := scope.links()
	from := `links l`
	if since != nil {
		from = changed + ` a CROSS JOIN links l`
		where, args = scope.rest(true)
		where = `l.rehearsal = 0 AND l.account_id = a.account_id` + where
		if scope.AccountID != "" {
			where += ` AND l.account_id = ?`
			args = append(args, scope.AccountID)
		}
		args = append([]any{since.link, since.from.Open, since.to.Open, since.from.Decision, since.to.Decision}, args...)
	}
	all := map[string]*place{}
	err := data.Each(ctx, tx, func(r data.Row) error {
		var t place
		if err := r.Scan(&t.account, &t.sums.People, &t.sums.Points, &t.sums.Sharers, &t.sums.FirstHop, &t.sums.Held, &t.squares, &t.farthest, &t.last); err != nil {
			return err
		}
		p := all[t.account]
		if p == nil {
			all[t.account] = &t
			return nil
		}
		p.sums.Add(t.sums)
		p.squares += t.squares
		p.farthest, p.last = max(p.farthest, t.farthest), max(p.last, t.last)
		return nil
	}, `SELECT l.account_id, coalesce(t.people, 0), coalesce(t.points, 0), coalesce(t.sharers, 0), coalesce(t.first_hop, 0),
			coalesce(t.held, 0), coalesce(t.squares, 0), coalesce(t.farthest, 0), coalesce(t.last_at, 0)
		FROM `+from+` LEFT JOIN link_totals t ON t.link_id = l.id WHERE `+where, args...)
	if err != nil || scope.To == 0 {
		return all, err
	}
	w, err := scope.window(ctx, tx)
	if err != nil {
		return nil, err
	}
	ever := make(map[string]int64, len(all))
	for id, p := range all {
		ever[id] = p.sums.Points
		if !w.taken {
			p.sums = Sums{}
		}
	}
	// Of all links, whose days are many rows, the database adds up; for a few it
	// would read more than those to have them in order.
	columns, together := `min(l.account_id), sum(d.people), sum(d.points), sum(d.sharers), sum(d.first_hop), sum(d.held)`, `GROUP BY l.id`
	if since != nil {
		columns, together = `l.account_id, d.people, d.points, d.sharers, d.first_hop, d.held`, ``
	}
	if len(w.days) > 0 {
		err = data.Each(ctx, tx, func(r data.Row) error {
			var id string
			var s Sums
			if err := r.Scan(&id, &s.People, &s.Points, &s.Sharers, &s.FirstHop, &s.Held); err != nil {
				return err
			}
			if p := all[id]; p != nil && w.taken {
				p.sums.Take(s)
			} else if p != nil {
				p.sums.Add(s)
			}
			return nil
		}, `SELECT `+columns+`
			FROM `+from+` JOIN link_days d ON d.link_id = l.id WHERE `+where+` AND d.day IN (`+strings.TrimSuffix(strings.Repeat("?, ", len(w.days)), ", ")+`)
			`+together, append(args, w.days...)...)
		if err != nil {
			return nil, err
		}
	}
	for id, p := range all {
		p.squares = portion(p.squares, p.sums.Points, ever[id])
		if p.sums.People == 0 {
			p.farthest = 0
		}
	}
	return all, nil
}

// portion is the part of the variance of a score that falls to some of its
// points: branches come one after the other, so it grows as the points do.
func portion(squares, points, ever int64) int64 {
	if ever <= 0 {
		return 0
	}
	return int64(float64(squares) * float64(points) / float64(ever))
}

// merge puts the places that are new among those that stay, in order.
func merge(stay, fresh []*place) []*place {
	slices.SortFunc(fresh, (*place).before)
	all := make([]*place, 0, len(stay)+len(fresh))
	for _, p := range stay {
		if p.old {
			continue
		}
		for len(fresh) > 0 && fresh[0].before(p) < 0 {
			all, fresh = append(all, fresh[0]), fresh[1:]
		}
		all = append(all, p)
	}
	return append(all, fresh...)
}

// rank gives equal points an equal rank, and none to those without.
func rank(all []*place) (shared int) {
	for i, p := range all {
		switch {
		case p.sums.Points == 0:
			p.rank = 0
			continue
		case i > 0 && p.sums.Points == all[i-1].sums.Points:
			p.rank = all[i-1].rank
		default:
			p.rank = i + 1
		}
		shared = i + 1
	}
	return shared
}

// standings are everything that is shown of some places, in their order.
func standings(ctx context.Context, tx *data.Tx, ask Ask, some []*place) ([]Standing, error) {
	all := make([]Standing, len(some))
	at := make(map[string]*Standing, len(some))
	ids := make([]any, len(some))
	for i, p := range some {
		all[i] = Standing{Rank: p.rank, AccountID: p.account}
		at[p.account], ids[i] = &all[i], p.account
	}
	if len(some) == 0 {
		return all, nil
	}
	among := ` IN (?` + strings.Repeat(`, ?`, len(ids)-1) + `)`
	where, args := ask.rest(true)
	err := data.Each(ctx, tx, func(r data.Row) error {
		var id string
		var t Totals
		if err := r.Scan(append([]any{&id}, t.places()...)...); err != nil {
			return err
		}
		at[id].Join(t)
		return nil
	}, `SELECT l.account_id, `+totalsSums+` FROM links l JOIN link_totals t ON t.link_id = l.id
		WHERE l.rehearsal = 0 AND l.account_id`+among+where+` GROUP BY l.account_id`, append(slices.Clone(ids), args...)...)
	if err != nil {
		return nil, err
	}
	err = data.Each(ctx, tx, func(r data.Row) error {
		var id, name string
		var shown account.Shown
		if err := r.Scan(&id, &name, &shown); err != nil {
			return err
		}
		if ask.Names != RealNames && id != ask.Own {
			name = shown.Name(name, ask.Names == SquadNames)
		}
		at[id].Name = name
		return nil
	}, `SELECT id, name, shown FROM accounts WHERE id`+among, ids...)
	for i, p := range some {
		all[i].Sums, all[i].Squares, all[i].Farthest = p.sums, p.squares, p.farthest
	}
	return all, err
}
