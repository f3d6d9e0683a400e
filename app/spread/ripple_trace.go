package spread

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
)

// Trace is one tree as its pictures and its story need it: in arrays, in the
// order of ids, where whoever brought somebody stands before them. It is never
// changed, so that it can be kept and shown to many.
type Trace struct {
	Most      int64 // points that one person can be worth
	Rehearsal bool  // everything in it counts, for nothing
	Mark      Mark  // how far the fold had come
	Left      int   // opens of the tree that are too many to be read

	ids               []int64
	up                []int32 // place of the open above, -1 for the link
	at                []int64 // UTC milliseconds
	told              []uint8 // the state as it was appended
	channel, observed []uint8
	retired           int64

	state  []uint8 // with the last word on it
	near   []int32 // place of the nearest counted open above, -1 for the link
	hop    []int32 // counted opens from the link to here, itself included if it counts
	points []uint8
	people []int32 // counted in its branch, itself included
	opens  []int32 // in its branch, itself included
	hands  []int32 // counted people of whom it is the nearest counted open above
}

// Reader is one open of a trace.
type Reader struct {
	Number   int   // its place in the tree, from 1: all that is known of who it was
	Above    int   // the number of who brought them; 0 for the link
	ID       int64 // of the open
	OpenedAt time.Time
	State    share.State
	Counted  bool
	Channel  visit.Channel // of the address
	Observed visit.Channel // the app that it was seen in
	Hop      int           // counted opens from the link to here
	Points   int
	Brought  int // counted people who came directly
	Below    int // opens in its branch, itself not included
	People   int // those of them that count
}

// MostRead is how many opens of one tree are read for its pictures. Of a larger
// tree they show the first so many; totals are never cut.
const MostRead = 250_000

// ReadTrace reads a tree as far as the fold has come. What was read of it
// before need not be read again; it may be nil.
func ReadTrace(ctx context.Context, tx *data.Tx, linkID int64, had *Trace) (*Trace, error) {
	return ReadTraceUpTo(ctx, tx, linkID, had, MostRead)
}

// ReadTraceUpTo reads no more than a number of opens, the first ones.
func ReadTraceUpTo(ctx context.Context, tx *data.Tx, linkID int64, had *Trace, most int) (*Trace, error) {
	var f Folder
	kind, err := f.tree(ctx, tx, linkID)
	if err != nil {
		return nil, err
	}
	t := &Trace{Most: kind.most, Rehearsal: kind.rehearsal}
	if t.Mark, err = MarkOf(ctx, tx); err != nil {
		return nil, err
	}
	if t.retired, err = data.Int(ctx, tx, `SELECT open_id FROM retirement WHERE id = 1`); err != nil {
		return nil, err
	}
	t.goOn(had)
	if err := t.read(ctx, tx, linkID, most); err != nil {
		return nil, fmt.Errorf("reading the tree of link %d: %w", linkID, err)
	}
	if err := t.decide(ctx, tx, linkID); err != nil {
		return nil, fmt.Errorf("reading what was decided about link %d: %w", linkID, err)
	}
	totals, err := TotalsOf(ctx, tx, linkID)
	if err != nil {
		return nil, err
	}
	t.Left = max(int(totals.People+totals.Held)-len(t.ids), 0)
	t.reckon()
	return t, nil
}

// goOn takes over what was read before, unless it is a rehearsal, which can be
// wiped, or something of it has been cut down meanwhile.
func (t *Trace) goOn(had *Trace) {
	if had == nil || t.Rehearsal || had.retired != t.retired || had.Mark.Open > t.Mark.Open {
		return
	}
	t.ids, t.up, t.at = slices.Clip(had.ids), slices.Clip(had.up), slices.Clip(had.at)
	t.told, t.channel, t.observed = slices.Clip(had.told), slices.Clip(had.channel), slices.Clip(had.observed)
}

// What is read of an open goes into one or two whole numbers, for a column of
// a row costs as much as finding the row: its time since 2020 and, in 22 bits,
// its state, channel and the app that it was seen in; and, where the ids of
// the tree are near enough to each other, its id and the one above.
const (
	since2020 = 1_577_836_800_000 // UTC milliseconds
	nearIDs   = 1<<31 - 2
)

const packedOpen = `((o.opened_at - 1577836800000) << 22) | (o.state << 16) | (o.channel << 8) | o.observed`

func (t *Trace) read(ctx context.Context, tx *data.Tx, linkID int64, most int) error {
	parts, err := partsOf(ctx, tx, linkID)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if err := t.readPart(ctx, tx, p, most-len(t.ids)); err != nil {
			return err
		}
	}
	return nil
}

func (t *Trace) readPart(ctx context.Context, tx *data.Tx, p part, limit int) error {
	var first, last int64
	err := data.Each(ctx, tx, func(r data.Row) error { return r.Scan(&first, &last) },
		`SELECT coalesce((SELECT min(t.open_id) FROM `+p.table+` WHERE `+p.where+`), 0),
			coalesce((SELECT max(t.open_id) FROM `+p.table+` WHERE `+p.where+` AND t.open_id <= ?), 0)`, append(p.with(p.args...), t.Mark.Open)...)
	if err != nil {
		return err
	}
	from := int64(0)
	if n := len(t.ids); n > 0 {
		first, from = t.ids[0], t.ids[n-1]
	}
	if last <= from || limit <= 0 {
		return nil
	}
	where := ` FROM ` + p.table + ` JOIN opens o ON o.id = t.open_id WHERE ` + p.where + ` AND t.open_id > ? AND t.open_id <= ? ORDER BY t.open_id LIMIT ?`
	if last-first > nearIDs {
		return data.Each(ctx, tx, func(r data.Row) error {
			var id, above, rest int64
			err := r.Scan(&id, &above, &rest)
			t.append(id, above, rest)
			return err
		}, `SELECT o.id, coalesce(o.parent_id, 0), `+packedOpen+where, p.with(from, t.Mark.Open, limit)...)
	}
	base := first - 1
	return data.Each(ctx, tx, func(r data.Row) error {
		var both, rest, above int64
		err := r.Scan(&both, &rest)
		if p := both & (1<<32 - 1); p > 0 {
			above = base + p
		}
		t.append(base+both>>32, above, rest)
		return err
	}, `SELECT ((o.id - CAST(? AS BIGINT)) << 32) | coalesce(o.parent_id - CAST(? AS BIGINT), 0), `+packedOpen+where,
		append([]any{base, base}, p.with(from, t.Mark.Open, limit)...)...)
}

// append adds one more open, which stands after all that it hangs on.
func (t *Trace) append(id, above, rest int64) {
	up := int32(-1)
	if n := len(t.ids); above != 0 && n > 0 {
		if u := t.up[n-1]; u >= 0 && t.ids[u] == above {
			up = u // of the same parent as the one before
		} else if at, ok := slices.BinarySearch(t.ids, above); ok {
			up = int32(at) //nolint:gosec // there are at most MostRead
		}
	}
	t.ids, t.up = append(t.ids, id), append(t.up, up)
	t.at = append(t.at, rest>>22+since2020)
	t.told = append(t.told, uint8(rest>>16&0x3f))                                              //nolint:gosec // these are their low bits
	t.channel, t.observed = append(t.channel, uint8(rest>>8)), append(t.observed, uint8(rest)) //nolint:gosec // see above
}

// decide puts what was decided later in the place of what was appended.
func (t *Trace) decide(ctx context.Context, tx *data.Tx, linkID int64) error {
	t.state = slices.Clone(t.told)
	if len(t.ids) == 0 {
		return nil
	}
	return data.Each(ctx, tx, func(r data.Row) error {
		var id, state int64
		err := r.Scan(&id, &state)
		if at, ok := slices.BinarySearch(t.ids, id); ok {
			t.state[at] = uint8(state) //nolint:gosec // states are few
		}
		return err
	}, `SELECT open_id, state FROM decisions WHERE open_id >= ? AND open_id <= ? AND link_id = ? AND id <= ? ORDER BY id`,
		t.ids[0], t.ids[len(t.ids)-1], linkID, t.Mark.Decision)
}

// Traced makes a trace of opens that were read already, as they are told.
func Traced(leaves []Leaf, most int64) *Trace {
	t := &Trace{Most: most}
	if !slices.IsSortedFunc(leaves, byID) {
		leaves = slices.SortedFunc(slices.Values(leaves), byID)
	}
	for i := range leaves {
		l := &leaves[i]
		state := l.State
		switch {
		case l.Counted:
			state = share.Counted
		case state == share.Counted:
			state = share.Excluded
		}
		t.append(l.ID, l.Parent, (l.OpenedAt.UnixMilli()-since2020)<<22|int64(state)<<16|l.Channel<<8|l.Observed)
	}
	t.state = slices.Clone(t.told)
	t.reckon()
	return t
}

func byID(a, b Leaf) int {
	switch {
	case a.ID < b.ID:
		return -1
	case a.ID > b.ID:
		return 1
	}
	return 0
}

// reckon works out everything that follows from who brought whom: once down
// from the link, once back up. Points are those of Reckon.
func (t *Trace) reckon() {
	n := len(t.ids)
	t.near, t.hop, t.hands = make([]int32, n), make([]int32, n), make([]int32, n)
	t.people, t.opens, t.points = make([]int32, n), make([]int32, n), make([]uint8, n)
	below := make([]uint8, n)
	limit := keep(t.Most)
	for v := range n {
		near := int32(-1)
		if u := t.up[v]; u >= 0 {
			if near = u; !t.counted(int(u)) {
				near = t.near[u]
			}
		}
		t.near[v], t.opens[v] = near, 1
		if near >= 0 {
			t.hop[v] = t.hop[near]
		}
		if !t.counted(v) {
			continue
		}
		t.hop[v]++
		t.people[v], t.points[v] = 1, 1
		if near >= 0 {
			t.hands[near]++
		}
		for u := near; u >= 0 && int64(below[u]) < limit; u = t.near[u] {
			if below[u]++; int64(below[u]) < t.Most {
				t.points[v]++
			}
		}
	}
	for v := n - 1; v >= 0; v-- {
		if u := t.up[v]; u >= 0 {
			t.people[u] += t.people[v]
			t.opens[u] += t.opens[v]
		}
	}
}

func (t *Trace) counted(v int) bool { return t.Rehearsal || share.State(t.state[v]) == share.Counted }

// Len is how many opens were read.
func (t *Trace) Len() int { return len(t.ids) }

// Reader tells of the open with a number, which is from 1 to Len.
func (t *Trace) Reader(number int) Reader {
	v := number - 1
	r := Reader{
		Number: number, Above: int(t.up[v]) + 1, ID: t.ids[v], OpenedAt: time.UnixMilli(t.at[v]).UTC(),
		State: share.State(t.state[v]), Counted: t.counted(v),
		Channel: visit.Channel(t.channel[v]), Observed: visit.Channel(t.observed[v]),
		Hop: int(t.hop[v]), Points: int(t.points[v]), Brought: int(t.hands[v]), Below: int(t.opens[v]) - 1, People: int(t.people[v]),
	}
	if r.Counted {
		r.People--
	}
	return r
}

// Way is how a reader was reached: the numbers of who stands above, from the
// first reader on, and their own.
func (t *Trace) Way(number int) (way []int) {
	for v := int32(number - 1); v >= 0; v = t.up[v] { //nolint:gosec // see append
		way = append(way, int(v)+1)
	}
	slices.Reverse(way)
	return way
}

// Branch are the numbers of a reader's branch, in their order; of the whole
// tree, where the number is 0.
func (t *Trace) Branch(number int) (numbers []int) {
	if number == 0 {
		for v := range t.ids {
			numbers = append(numbers, v+1)
		}
		return numbers
	}
	inside := make([]bool, len(t.ids))
	for v := number - 1; v < len(t.ids); v++ {
		if inside[v] = v == number-1 || t.up[v] >= 0 && inside[t.up[v]]; inside[v] {
			numbers = append(numbers, v+1)
		}
	}
	return numbers
}

// Hops is how many counted people there are at each hop, from the first on.
func (t *Trace) Hops() (people []int) {
	for v, hop := range t.hop {
		if !t.counted(v) {
			continue
		}
		for int(hop) > len(people) {
			people = append(people, 0)
		}
		people[hop-1]++
	}
	return people
}

// Grown is how many counted people are in a reader's branch, the reader included.
func (t *Trace) Grown(number int) int { return int(t.people[number-1]) }

// LeftOut is how many opens are not counted, by why.
func (t *Trace) LeftOut() map[share.State]int {
	by := map[share.State]int{}
	for v := range t.ids {
		if !t.counted(v) {
			by[share.State(t.state[v])]++
		}
	}
	return by
}
