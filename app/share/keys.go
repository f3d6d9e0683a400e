package share

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"ricochet.example/app/id"
	"ricochet.example/app/visit"
	"ricochet.example/data"
)

// keySize is how much of an HMAC is kept.
const keySize = 12

// Browser is what of a request goes into the keys, and nowhere else: neither
// the address nor the User-Agent is ever written down.
type Browser struct {
	Addr           netip.Addr
	UserAgent      string
	AcceptLanguage string
}

// Keyring gives the keys of today and yesterday. The key of a day is made once,
// by whichever server needs it first, and is destroyed after 48 hours.
type Keyring struct {
	mu  sync.Mutex
	now atomic.Pointer[dayKeys]
}

// dayKeys are the keys of a UTC day and the day before, and HMACs that are
// ready to be used with them.
type dayKeys struct {
	day   int64 // since 1970
	today sync.Pool
	prior sync.Pool
}

// Day is the number of a UTC day since 1970.
func Day(t time.Time) int64 { return t.UnixMilli() / dayLength }

const dayLength = 24 * 60 * 60 * 1000

// of returns the keys that count at a time, making them when they are new.
func (k *Keyring) of(ctx context.Context, db *data.DB, now time.Time) (*dayKeys, error) {
	day := Day(now)
	if have := k.now.Load(); have != nil && have.day == day {
		return have, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if have := k.now.Load(); have != nil && have.day == day {
		return have, nil
	}
	var today, prior []byte
	err := db.Update(ctx, func(tx *data.Tx) (err error) {
		if today, err = keyOf(ctx, tx, day); err != nil {
			return err
		}
		prior, err = keyOf(ctx, tx, day-1)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the keys of the day: %w", err)
	}
	fresh := &dayKeys{day: day, today: macs(today), prior: macs(prior)}
	k.now.Store(fresh)
	return fresh, nil
}

func macs(key []byte) sync.Pool {
	return sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}
}

func keyOf(ctx context.Context, tx *data.Tx, day int64) (key []byte, err error) {
	if _, err := tx.Exec(ctx, `INSERT INTO day_keys (day, key) VALUES (?, ?) ON CONFLICT (day) DO NOTHING`, day, id.Secret(32)); err != nil {
		return nil, err
	}
	return data.One(ctx, tx, func(r data.Row) (k []byte, err error) { return k, r.Scan(&k) },
		`SELECT key FROM day_keys WHERE day = ?`, day)
}

// Forget destroys the keys of days that ended 48 hours ago or more, and
// everything under them.
func Forget(ctx context.Context, tx *data.Tx) error {
	last := Day(tx.Now()) - 1 // yesterday's keys still count
	for _, table := range []string{"day_keys", "keys"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE day < ?`, last); err != nil {
			return fmt.Errorf("destroying old keys: %w", err)
		}
	}
	return nil
}

// mark is the key of something on one day.
type mark [keySize]byte

// marks are the keys of one browser, for one link and its owner, on one day.
// They are made when they are asked for: most opens need few of them.
type marks struct {
	day     int64
	pool    *sync.Pool
	link    int64
	owner   string
	browser Browser
}

// marks of a browser today and yesterday.
func (d *dayKeys) marks(link int64, owner string, b Browser) (today, prior marks) {
	return marks{d.day, &d.today, link, owner, b}, marks{d.day - 1, &d.prior, link, owner, b}
}

// visitor is the browser in one tree.
func (m marks) visitor() mark {
	var link [8]byte
	binary.BigEndian.PutUint64(link[:], uint64(m.link)) //nolint:gosec // ids are positive
	return m.sum('v', string(link[:]), m.browser.UserAgent, m.browser.AcceptLanguage)
}

// network is the browser's network, for one owner.
func (m marks) network() mark { return m.sum('n', m.owner) }

// device is the browser, for one owner.
func (m marks) device() mark {
	return m.sum('d', m.owner, m.browser.UserAgent, m.browser.AcceptLanguage)
}

func (m marks) sum(kind byte, parts ...string) (out mark) {
	h := m.pool.Get().(hash.Hash)
	defer m.pool.Put(h)
	h.Reset()
	var buf [512]byte
	msg := append(buf[:0], kind)
	net := visit.Network(m.browser.Addr).Addr().As16()
	msg = append(msg, net[:]...)
	for _, p := range parts {
		// Each part after its length, so that no two lists of parts read the same.
		msg = binary.BigEndian.AppendUint32(msg, uint32(len(p))) //nolint:gosec // headers are short
		msg = append(msg, p...)
	}
	_, _ = h.Write(msg)
	var all [sha256.Size]byte
	copy(out[:], h.Sum(all[:0]))
	return out
}
