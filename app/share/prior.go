package share

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/bits"
	"sync/atomic"
	"time"

	"ricochet.example/data"
)

// priorNetworks says of nearly every network that it was not among yesterday's,
// without looking: a Bloom filter (Bloom, CACM 13(7), 1970) over the keys of a
// day on which no more come. A reader whom it may know is looked at by itself.
type priorNetworks struct {
	day  int64
	bits []uint64
}

const (
	bitsEach = 16 // of a key, with probes this many: one in 400 newcomers is looked at for nothing
	probes   = 4
	// After midnight a day's last opens may still be on their way, and the clocks
	// of several servers differ. Until then the database is asked.
	dayEnds = 10 * time.Minute
)

func newPriorNetworks(day, keys int64) *priorNetworks {
	words := max(1, keys*bitsEach/64)
	return &priorNetworks{day: day, bits: make([]uint64, 1<<bits.Len64(uint64(words-1)))} //nolint:gosec // it is positive
}

// places are the bits of a key, which is random by itself: of its two halves as
// many are made as there are to be (Kirsch and Mitzenmacher, 2008).
func (p *priorNetworks) places(key mark) (at [probes]uint64) {
	a, b := binary.BigEndian.Uint64(key[:]), uint64(binary.BigEndian.Uint32(key[8:]))|1
	for i := range at {
		at[i] = (a + uint64(i)*b) & (uint64(len(p.bits))*64 - 1)
	}
	return at
}

func (p *priorNetworks) add(key mark) {
	for _, at := range p.places(key) {
		p.bits[at/64] |= 1 << (at % 64)
	}
}

// may says whether a key may be among them; if not, it is not.
func (p *priorNetworks) may(key mark) bool {
	for _, at := range p.places(key) {
		if p.bits[at/64]&(1<<(at%64)) == 0 {
			return false
		}
	}
	return true
}

// prior is the filter of the day before the one that is, if there is one yet.
type prior struct{ of atomic.Pointer[priorNetworks] }

// before returns the filter of the day before, or nil.
func (p *prior) before(day int64) *priorNetworks {
	if of := p.of.Load(); of != nil && of.day == day-1 {
		return of
	}
	return nil
}

// LearnPrior reads yesterday's networks, once a day, so that opens need not ask
// for them. It is to be called every now and then.
func (w *Opener) LearnPrior(ctx context.Context) error {
	now := w.db.Now()
	day := Day(now)
	if w.prior.before(day) != nil || Day(now.Add(-dayEnds)) != day {
		return nil
	}
	err := w.db.View(ctx, func(tx *data.Tx) error {
		keys, err := data.Int(ctx, tx, `SELECT count(*) FROM keys WHERE day = ?`, day-1)
		if err != nil {
			return err
		}
		fresh := newPriorNetworks(day-1, keys)
		err = data.Each(ctx, tx, func(r data.Row) error {
			var network []byte
			if err := r.Scan(&network); err != nil {
				return err
			}
			fresh.add(mark(network))
			return nil
		}, `SELECT network FROM keys WHERE day = ?`, day-1)
		if err == nil {
			w.prior.of.Store(fresh)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("learning yesterday's networks: %w", err)
	}
	return nil
}
