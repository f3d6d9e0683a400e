package spread

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"ricochet.example/app/brand"
	"ricochet.example/data"
)

// Order is by what the rows of a board are sorted. Ranks are by points always.
type Order string

// The orders that there are.
const (
	ByPoints   Order = ""
	ByPeople   Order = "people"
	ByFarthest Order = "farthest"
	BySharers  Order = "sharers"
	ByHeld     Order = "held"
)

// Ask is what somebody wants to see of a board.
type Ask struct {
	Scope
	Order Order
	First int    // how many rows to pass over
	Rows  int    // how many to show; 0 is all of them
	Own   string // the account whose own place is wanted too
	Odds  bool   // the likely ranks of what is shown as well
	Names Names  // how people are called
	// Around is how many rows to show on either side of the own one, of those who have points; 0 passes over First.
	Around int
}

// Names is how people are called on a board.
type Names int

// For staff, and those who lead, by their names; for members as each of them wishes it in their own squad, or
// where others are too.
const (
	RealNames Names = iota
	SquadNames
	BoardNames
)

// Board is a part of a leaderboard: those rows that were asked for, and what
// is true of all.
type Board struct {
	Rows    []Standing
	First   int       // how many rows there are before
	Of      int       // how many have a link
	Shared  int       // and how many have points
	Leaders int       // how many at the top cannot be told apart; 0 if nobody has points
	Sums    Totals    // of all rows; the people at each hop are not added up
	Own     *Standing // nil if they have no link here
}

// Boards remembers the leaderboards that were looked at, so that the next look
// reads only what happened meanwhile. They are as exact as those read anew.
type Boards struct {
	mu   sync.Mutex
	kept map[Scope]*remembered
}

// remembered is one board in the order of its ranks.
type remembered struct {
	mu      sync.Mutex
	used    time.Time // guarded by Boards.mu, like rows
	rows    int
	read    time.Time // when all of it was
	mark    Mark
	edition int64
	link    int64 // the newest
	by      map[string]*place
	order   []*place
	shared  int
	sums    Totals
	odds    Odds
}

const (
	// mostRemembered bounds the memory of Boards: a row is some 200 bytes.
	mostRemembered = 300_000
	// mostOpens is after how many a board is read anew.
	mostOpens = 20_000
	// linksAround are read again with new ones: of two that are made at once the
	// one with the higher id may be there first.
	linksAround = 64
	// readAgain is when a board is read anew for all that no mark tells.
	readAgain = time.Hour
)

// Look returns a part of a board, as far as the fold has come.
func (b *Boards) Look(ctx context.Context, tx *data.Tx, ask Ask) (Board, error) {
	k := b.of(ask.Scope, tx.Now())
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.refresh(ctx, tx, ask.Scope); err != nil {
		return Board{}, fmt.Errorf("reading a leaderboard: %w", err)
	}
	b.weigh(k, len(k.order))
	return k.show(ctx, tx, ask)
}

// of finds a board, or room for it.
func (b *Boards) of(scope Scope, now time.Time) *remembered {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kept == nil {
		b.kept = map[Scope]*remembered{}
	}
	k := b.kept[scope]
	if k == nil {
		k = &remembered{}
		b.kept[scope] = k
	}
	k.used = now
	return k
}

// weigh forgets what nobody looked at for longest, when it is too much.
func (b *Boards) weigh(k *remembered, rows int) {
	const each = 50 // an empty board weighs something too
	b.mu.Lock()
	defer b.mu.Unlock()
	k.rows = rows + each
	sum := 0
	for _, k := range b.kept {
		sum += k.rows
	}
	for sum > mostRemembered && len(b.kept) > 1 {
		var last Scope
		var at time.Time
		for scope, k := range b.kept {
			if at.IsZero() || k.used.Before(at) {
				last, at = scope, k.used
			}
		}
		sum -= b.kept[last].rows
		delete(b.kept, last)
	}
}

// refresh brings a board up to what the transaction sees.
func (k *remembered) refresh(ctx context.Context, tx *data.Tx, scope Scope) error {
	mark, err := MarkOf(ctx, tx)
	if err != nil {
		return err
	}
	edition, err := brand.Edition(ctx, tx)
	if err != nil {
		return err
	}
	link, err := data.Int(ctx, tx, `SELECT coalesce(max(id), 0) FROM links`)
	if err != nil {
		return err
	}
	same := k.by != nil && k.edition == edition && tx.Now().Sub(k.read) < readAgain
	older := mark.Open <= k.mark.Open && mark.Decision <= k.mark.Decision
	if same && older && link <= k.link {
		return nil
	}
	if !same || mark.Open-k.mark.Open > mostOpens || mark.Open < k.mark.Open {
		k.read = tx.Now()
		if k.by, err = placesOf(ctx, tx, scope, nil); err != nil {
			k.by = nil
			return err
		}
		fresh := make([]*place, 0, len(k.by))
		for _, p := range k.by {
			fresh = append(fresh, p)
		}
		k.order = merge(nil, fresh)
	} else if err := k.catchUp(ctx, tx, scope, change{k.mark, mark, k.link - linksAround}, link); err != nil {
		k.by = nil
		return err
	}
	k.mark, k.edition, k.link = mark, edition, link
	k.shared = rank(k.order)
	k.sums = Totals{}
	for _, p := range k.order {
		k.sums.Add(p.sums)
		k.sums.Farthest = max(k.sums.Farthest, p.farthest)
	}
	k.odds = oddsOf(k.order[:k.shared])
	return nil
}

// catchUp reads the places of those to whom something happened.
func (k *remembered) catchUp(ctx context.Context, tx *data.Tx, scope Scope, since change, link int64) error {
	since.to.Decision = max(since.to.Decision, since.from.Decision)
	if link <= k.link {
		since.link = link
	}
	some, err := placesOf(ctx, tx, scope, &since)
	if err != nil || len(some) == 0 {
		return err
	}
	fresh := make([]*place, 0, len(some))
	for id, p := range some {
		if had := k.by[id]; had != nil {
			had.old = true
		}
		k.by[id] = p
		fresh = append(fresh, p)
	}
	k.order = merge(k.order, fresh)
	return nil
}

// show returns what was asked for.
func (k *remembered) show(ctx context.Context, tx *data.Tx, ask Ask) (b Board, err error) {
	b = Board{Of: len(k.order), Shared: k.shared, Leaders: k.odds.Leaders(), Sums: k.sums}
	order := k.order
	if ask.Order != ByPoints {
		order = slices.Clone(order)
		slices.SortStableFunc(order, func(p, o *place) int { return cmp.Compare(ask.Order.of(o), ask.Order.of(p)) })
	}
	own := k.by[ask.Own]
	if ask.Around > 0 && own != nil && own.rank > 0 {
		at := slices.Index(order, own)
		ask.First = max(at-ask.Around, 0)
		ask.Rows = min(at+ask.Around+1, k.shared) - ask.First
	}
	b.First = max(min(ask.First, len(order)), 0)
	order = order[b.First:]
	if ask.Rows > 0 {
		order = order[:min(ask.Rows, len(order))]
	}
	shown := len(order)
	at := slices.Index(order, own)
	if own != nil && at < 0 {
		at = shown
		order = append(slices.Clone(order), own)
	}
	all, err := standings(ctx, tx, ask, order)
	if err != nil {
		return b, err
	}
	if ask.Odds {
		for i, p := range order {
			k.weighed(&all[i], p)
		}
	}
	if b.Rows = all[:shown]; own != nil {
		b.Own = &all[at]
	}
	return b, nil
}

// weighed adds the likely ranks.
func (k *remembered) weighed(s *Standing, p *place) {
	if p.rank == 0 {
		return
	}
	// All with the same points have one range but for their branches: it is looked
	// for among those with as many points.
	i, _ := slices.BinarySearchFunc(k.order[:k.shared], p, (*place).before)
	s.Best, s.Worst = k.odds.Range(i)
}

// of is the number that an order goes by.
func (o Order) of(p *place) int64 {
	switch o {
	case ByPeople:
		return p.sums.People
	case ByFarthest:
		return p.farthest
	case BySharers:
		return p.sums.Sharers
	case ByHeld:
		return p.sums.Held
	}
	return p.sums.Points
}
