package share

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"ricochet.example/app/visit"
	"ricochet.example/data"
)

// Kind is what a tally counts. The numbers stand in the database.
type Kind int64

// Fetches of a kind that is no open, and what readers and members do besides.
const (
	Fetched     Kind = 0 // a person's page view, confirmed or not
	Previewed   Kind = 1 // a messenger made a card: the link was pasted there
	Prefetched  Kind = 2
	Scanned     Kind = 3
	Botted      Kind = 4
	Suspected   Kind = 5
	Looked      Kind = 6 // the owner's own look
	Unconfirmed Kind = 7 // asks not to be tracked: read, never ranked
	Intended    Kind = 8 // a share button was used
	Beside      Kind = 9 // opened again from the same place: one person once more, or several who cannot be told apart
)

// KindOf is the kind of fetch that a verdict makes.
func KindOf(v visit.Verdict) Kind { return Kind(v) }

// Tally is one line of what was added up.
type Tally struct {
	LinkID  int64
	Day     int64
	Kind    Kind
	Channel visit.Channel
	Rule    string
	Count   int64
	LastAt  time.Time
}

type tallyKey struct {
	link, day int64
	kind      Kind
	channel   visit.Channel
	rule      string
}

type tallied struct {
	count int64
	last  time.Time
}

// Tallies adds up in memory what may be a second late, and lost in a crash.
type Tallies struct {
	mu   sync.Mutex
	open map[tallyKey]tallied
}

// Add counts one more.
func (t *Tallies) Add(link int64, kind Kind, channel visit.Channel, rule string, now time.Time) {
	key := tallyKey{link, Day(now), kind, channel, rule}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open == nil {
		t.open = map[tallyKey]tallied{}
	}
	have := t.open[key]
	t.open[key] = tallied{have.count + 1, now}
}

// slice is how many tallies are written in one transaction.
const slice = 1000

// Write brings what was added up to the database, a slice at a time.
func (t *Tallies) Write(ctx context.Context, db *data.DB) error {
	t.mu.Lock()
	todo := t.open
	t.open = nil
	t.mu.Unlock()
	keys := slices.SortedFunc(maps.Keys(todo), compareTallies)
	for part := range slices.Chunk(keys, slice) {
		err := db.Update(ctx, func(tx *data.Tx) error {
			for _, k := range part {
				if err := addTally(ctx, tx, k, todo[k]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("writing tallies: %w", err)
		}
	}
	return nil
}

func compareTallies(a, b tallyKey) int {
	if a.link != b.link {
		return int(a.link - b.link)
	}
	if a.day != b.day {
		return int(a.day - b.day)
	}
	return int(a.kind) - int(b.kind)
}

func addTally(ctx context.Context, tx *data.Tx, k tallyKey, v tallied) error {
	_, err := tx.Exec(ctx, `INSERT INTO tallies (link_id, day, kind, channel, rule, count, last_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (link_id, day, kind, channel, rule) DO UPDATE
		SET count = tallies.count + excluded.count, last_at = excluded.last_at`,
		k.link, k.day, int64(k.kind), int64(k.channel), k.rule, v.count, v.last)
	return err
}

// TalliesBy returns how often each kind of fetch came to the links of an account that count, from a UTC day since 1970
// to another, both included; to 0 is all time.
func TalliesBy(ctx context.Context, tx *data.Tx, accountID, campaignID string, from, to int64) ([]Tally, error) {
	return data.All(ctx, tx, func(r data.Row) (t Tally, err error) {
		return t, r.Scan(&t.Kind, &t.Count)
	}, `SELECT t.kind, CAST(sum(t.count) AS BIGINT) FROM links l JOIN tallies t ON t.link_id = l.id
		WHERE l.account_id = ? AND (? = '' OR l.campaign_id = ?) AND l.rehearsal = 0 AND t.day BETWEEN ? AND ?
		GROUP BY t.kind ORDER BY t.kind`, accountID, campaignID, campaignID, from, cmp.Or(to, math.MaxInt64))
}

// TalliesOf returns what was added up for a link, newest first.
func TalliesOf(ctx context.Context, tx *data.Tx, linkID int64) ([]Tally, error) {
	return data.All(ctx, tx, func(r data.Row) (t Tally, err error) {
		return t, r.Scan(&t.LinkID, &t.Day, &t.Kind, &t.Channel, &t.Rule, &t.Count, data.Time(&t.LastAt))
	}, `SELECT link_id, day, kind, channel, rule, count, last_at FROM tallies WHERE link_id = ? ORDER BY last_at DESC, kind, channel, rule`, linkID)
}
