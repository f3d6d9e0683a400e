package share

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"ricochet.example/app/id"
	"ricochet.example/app/visit"
	"ricochet.example/data"
)

// State says whether an open counts, and if not, why. The numbers stand in the
// database and never change their meaning.
type State int64

// Only Counted earns points; every other open stays in the tree, see-through.
const (
	Counted     State = 0
	OwnDevice   State = 1 // a device that the owner is or was signed in on
	SignedIn    State = 2 // an account of this installation
	SameNetwork State = 3 // the network of a sharer above it
	NetworkCap  State = 4 // more than five a day of one owner from one network
	Excluded    State = 5 // by a manager
	Erased      State = 6 // at the reader's wish
	Repeated    State = 7 // only in a rehearsal: a browser that is there already
	Untracked   State = 8 // only in a rehearsal: it asks not to be tracked
)

// Most is how many opens of one owner from one network count in a day.
const Most = 5

// Opening is a confirmed open that is about to be written down.
type Opening struct {
	Ref      id.Ref // what was opened
	Browser  Browser
	Account  string // who is signed in in that browser, if anybody
	Channel  visit.Channel
	Observed visit.Channel
	Device   visit.Device
	// Nonce is of the page that was served: in a rehearsal every page is another
	// reader, and the nonce says which.
	Nonce string
	// NetworkUnknown suspends the rules on networks: an unlisted proxy hides it.
	NetworkUnknown bool
	// Untracked browsers leave no key. They open nothing but rehearsals.
	Untracked bool
	// InPerson is what was scanned by the address of a moment.
	InPerson bool
}

// Opened is what became of an opening: the id of the open that the browser's
// own token stands for. It is 0 for the owner's own browser, which keeps the
// link's token.
type Opened struct {
	ID     int64
	LinkID int64
	Repeat bool
	State  State
	// Ends says that whoever opened it may not pass it on; Own, that it is their own open all the same, which they may.
	Ends, Own bool
}

// ErrUntracked says that a browser which asks not to be tracked opens nothing
// but rehearsals.
var ErrUntracked = errors.New("the browser asks not to be tracked")

// into writes the opening down, unless there is nothing to write.
func (o Opening) into(ctx context.Context, tx *data.Tx, t Target, keys *dayKeys) (Opened, error) {
	switch {
	case !t.Shared || t.Stopped:
		return Opened{}, data.ErrNotFound
	case o.Untracked && !t.Rehearsal:
		return Opened{}, ErrUntracked
	case o.Account != "" && o.Account == t.Owner && !t.Rehearsal:
		return Opened{State: OwnDevice}, nil
	}
	a := o.at(t, keys)
	if t.Rehearsal {
		return a.rehearse(ctx, tx)
	}
	if o.InPerson && t.OpenID == 0 {
		if done, ok, err := a.inPerson(ctx, tx); ok || err != nil {
			return done, err
		}
	}
	k, err := a.known(ctx, tx)
	if err != nil {
		return Opened{}, err
	}
	return a.append(ctx, tx, k)
}

// at is the opening at its target, with the keys of its browser.
func (o Opening) at(t Target, keys *dayKeys) appending {
	a := appending{Opening: o, Target: t}
	a.today, a.prior = keys.marks(t.LinkID, t.Owner, o.Browser)
	a.network, a.networkThen, a.visitor = a.today.network(), a.prior.network(), a.today.visitor()
	return a
}

// appending is one open on its way into the log.
type appending struct {
	Opening
	Target       Target
	today, prior marks

	network, networkThen, visitor mark
}

// known is what the keys say of a browser.
type known struct {
	open      int64 // it opened before
	device    bool  // the owner's
	group     int64 // its network's first open today
	groupThen int64 // and yesterday
}

func (a *appending) append(ctx context.Context, tx *data.Tx, k known) (Opened, error) {
	if k.open != 0 {
		return Opened{ID: k.open, Repeat: true}, nil
	}
	state, err := a.judge(ctx, tx, k)
	if err != nil {
		return Opened{}, err
	}
	id, err := a.write(ctx, tx, state, k.group)
	if err != nil {
		return Opened{}, err
	}
	return Opened{ID: id, State: state}, a.keep(ctx, tx, a.network, a.visitor, id, k.group)
}

// keep remembers the browser of an open for two days.
func (a *appending) keep(ctx context.Context, tx *data.Tx, network, visitor mark, id, group int64) error {
	return data.InsertRows(ctx, tx, insertKeys, 5, []any{a.today.day, network[:], visitor[:], id, null(group)}, `ON CONFLICT DO NOTHING`)
}

// rehearse writes down an open of a rehearsal. Every page that was served
// counts as another reader; its state says what would have kept it from it.
func (a *appending) rehearse(ctx context.Context, tx *data.Tx) (Opened, error) {
	var page mark
	sum := sha256.Sum256([]byte(a.Nonce))
	copy(page[:], sum[:])
	before, err := data.Int(ctx, tx, `SELECT coalesce(max(open_id), 0) FROM keys WHERE day >= ? AND network = ? AND visitor = ?`, a.prior.day, page[:], page[:])
	if err != nil || before != 0 {
		return Opened{ID: before, Repeat: true}, err
	}
	state, k := Untracked, known{}
	if !a.Untracked {
		if k, err = a.known(ctx, tx); err != nil {
			return Opened{}, err
		}
		if state, err = a.judge(ctx, tx, k); err != nil {
			return Opened{}, err
		}
	}
	id, err := a.write(ctx, tx, state, k.group)
	if err != nil {
		return Opened{}, err
	}
	if !a.Untracked {
		if err := a.keep(ctx, tx, a.network, a.visitor, id, k.group); err != nil {
			return Opened{}, err
		}
	}
	return Opened{ID: id, State: state}, a.keep(ctx, tx, page, page, id, 0)
}

// appendLock is held together by all that append, and alone by the fold when
// it looks how far it may go.
const appendLock = "append opens"

// joinAppenders lets a transaction append. Ids may commit out of order on
// PostgreSQL: the fold waits for whoever holds this. So does whoever erases
// opens: below an open that is no more nothing is appended, for the fold could
// never get past it.
func joinAppenders(ctx context.Context, tx *data.Tx) error {
	return data.LockShared(ctx, tx, appendLock)
}

// Settled returns the id up to which the log is complete: nothing with a
// smaller id can still be committed.
func Settled(ctx context.Context, tx *data.Tx) (int64, error) {
	if err := data.Lock(ctx, tx, appendLock); err != nil {
		return 0, err
	}
	return data.Int(ctx, tx, `SELECT max(id) FROM opens`)
}

// few is how many keys of one network are looked at without asking for one in
// particular. It stands in the query as text: SQLite prepares a statement
// again whenever a bound LIMIT is bound anew.
const (
	few      = 20
	limitFew = ` LIMIT 20`
)

// known asks what the keys say: the rows of the owner's readers and devices in
// this network, today and yesterday. Nearly always there are none.
func (a *appending) known(ctx context.Context, tx *data.Tx) (k known, err error) {
	// Two first opens of one network at once would make two groups of it.
	if err := data.Lock(ctx, tx, string(a.network[:])); err != nil {
		return k, err
	}
	n := 0
	err = data.Each(ctx, tx, func(r data.Row) error {
		n++
		var row keyRow
		if err := r.Scan(&row.day, &row.visitor, &row.open, &row.group); err != nil {
			return err
		}
		a.learn(&k, row)
		return nil
	}, `SELECT day, visitor, open_id, coalesce(network_group, open_id) FROM (
			SELECT * FROM keys WHERE day = ? AND network = ?`+limitFew+`) AS today
		UNION ALL SELECT day, visitor, open_id, coalesce(network_group, open_id) FROM (
			SELECT * FROM keys WHERE day = ? AND network = ?`+limitFew+`) AS prior`,
		a.today.day, a.network[:], a.prior.day, a.networkThen[:])
	if err != nil || n < few || k.open != 0 {
		return k, err
	}
	return k, a.ask(ctx, tx, &k)
}

// keyRow is a row of the keys table.
type keyRow struct {
	day, open, group int64
	visitor          []byte
}

func (a *appending) learn(k *known, row keyRow) {
	day, then := a.today, row.day != a.today.day
	if then {
		day = a.prior
	}
	visitor, device := day.visitor(), day.device()
	switch {
	case row.open == 0:
		k.device = k.device || bytes.Equal(row.visitor, device[:])
		return // a device is no reader: it makes no group
	case bytes.Equal(row.visitor, visitor[:]):
		k.open = row.open
	}
	if then {
		k.groupThen = row.group
	} else {
		k.group = row.group
	}
}

// ask looks for this very browser in a crowded network.
func (a *appending) ask(ctx context.Context, tx *data.Tx, k *known) error {
	visitor, visitorThen, device, deviceThen := a.visitor, a.prior.visitor(), a.today.device(), a.prior.device()
	return data.Each(ctx, tx, func(r data.Row) error {
		var row keyRow
		if err := r.Scan(&row.day, &row.visitor, &row.open, &row.group); err != nil {
			return err
		}
		a.learn(k, row)
		return nil
	}, `SELECT day, visitor, open_id, coalesce(network_group, open_id) FROM keys
		WHERE (day = ? AND network = ? AND visitor IN (?, ?)) OR (day = ? AND network = ? AND visitor IN (?, ?))`,
		a.today.day, a.network[:], visitor[:], device[:], a.prior.day, a.networkThen[:], visitorThen[:], deviceThen[:])
}

// judge says whether the open counts, as far as only the keys can tell.
func (a *appending) judge(ctx context.Context, tx *data.Tx, k known) (State, error) {
	switch {
	case a.Account != "" && a.Account == a.Target.Owner, k.device:
		return OwnDevice, nil
	case a.Account != "":
		return SignedIn, nil
	case k.open != 0:
		return Repeated, nil
	case a.NetworkUnknown, k.group == 0 && k.groupThen == 0:
		return Counted, nil
	}
	return a.judgeNetwork(ctx, tx)
}

// crowd is how many opens of one network are looked at one by one.
const crowd = 1000

// judgeNetwork looks at the others that came from the same network.
func (a *appending) judgeNetwork(ctx context.Context, tx *data.Tx) (State, error) {
	type other struct{ open, day, state int64 }
	others, err := data.All(ctx, tx, func(r data.Row) (o other, err error) { return o, r.Scan(&o.open, &o.day, &o.state) },
		// What was tried out takes no place from those who read.
		`SELECT k.open_id, k.day, o.state FROM keys k JOIN opens o ON o.id = k.open_id JOIN links l ON l.id = o.link_id
		WHERE ((k.day = ? AND k.network = ?) OR (k.day = ? AND k.network = ?)) AND l.rehearsal <= ? LIMIT ?`,
		a.today.day, a.network[:], a.prior.day, a.networkThen[:], a.Target.Rehearsal, crowd)
	if err != nil {
		return 0, err
	}
	here, counted := make(map[int64]bool, len(others)), 0
	for _, o := range others {
		here[o.open] = true
		if o.day == a.today.day && State(o.state) == Counted {
			counted++
		}
	}
	if len(others) == crowd {
		return NetworkCap, nil
	}
	same, err := a.below(ctx, tx, here)
	switch {
	case err != nil:
		return 0, err
	case same:
		return SameNetwork, nil
	case counted >= Most:
		return NetworkCap, nil
	}
	return Counted, nil
}

// below says whether one of some opens is above this one.
func (a *appending) below(ctx context.Context, tx *data.Tx, some map[int64]bool) (bool, error) {
	if a.Target.OpenID == 0 {
		return false, nil
	}
	above, err := data.All(ctx, tx, data.Integer, `WITH RECURSIVE above (id, parent_id) AS (
			SELECT id, parent_id FROM opens WHERE id = ?
			UNION ALL SELECT o.id, o.parent_id FROM opens o JOIN above a ON o.id = a.parent_id)
		SELECT id FROM above`, a.Target.OpenID)
	for _, id := range above {
		if some[id] {
			return true, err
		}
	}
	return false, err
}

// write appends the row. Only a held open keeps the group of its network.
func (a *appending) write(ctx context.Context, tx *data.Tx, state State, group int64) (int64, error) {
	if state != SameNetwork && state != NetworkCap {
		group = 0
	}
	return data.Insert(ctx, tx, insertOpens+` VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, a.row(tx.Now(), state, group)...)
}

// What an open and its key are made of.
const (
	insertOpens = `INSERT INTO opens (link_id, parent_id, branch_id, opened_at, state, channel, observed, device, network_group)`
	insertKeys  = `INSERT INTO keys (day, network, visitor, open_id, network_group)`
)

func (a *appending) row(now time.Time, state State, group int64) []any {
	return []any{
		a.Target.LinkID, null(a.Target.OpenID), null(a.Target.BranchID), now,
		int64(state), int64(a.Channel), int64(a.Observed), int64(a.Device), null(group),
	}
}

// null is nil for 0, which no row has as its id.
func null(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// Recognise remembers a browser in which an owner signed in, and returns the
// opens of the owner's trees that were made in it in the last two days: they
// were never another person's.
func Recognise(ctx context.Context, db *data.DB, ring *Keyring, owner string, b Browser) error {
	keys, err := ring.of(ctx, db, db.Now())
	if err != nil {
		return err
	}
	err = db.Update(ctx, func(tx *data.Tx) error {
		today, prior := keys.marks(0, owner, b)
		network, networkThen, device := today.network(), prior.network(), today.device()
		if _, err := tx.Exec(ctx, `INSERT INTO keys (day, network, visitor, open_id) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING`,
			today.day, network[:], device[:]); err != nil {
			return err
		}
		links, err := data.All(ctx, tx, data.Integer, `SELECT DISTINCT o.link_id FROM keys k JOIN opens o ON o.id = k.open_id
			WHERE (k.day = ? AND k.network = ?) OR (k.day = ? AND k.network = ?)`,
			today.day, network[:], prior.day, networkThen[:])
		if err != nil {
			return err
		}
		for _, link := range links {
			if err := ownOf(ctx, tx, keys, link, owner, b); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("recognising an owner's device: %w", err)
	}
	return nil
}

// ownOf decides that the opens of a browser in one tree were the owner's own,
// once: what was decided of an open before, here or by a person, stands; and
// so do those of a moment in person, where others have the same model.
func ownOf(ctx context.Context, tx *data.Tx, keys *dayKeys, link int64, owner string, b Browser) error {
	today, prior := keys.marks(link, owner, b)
	for _, m := range []marks{today, prior} {
		network, visitor := m.network(), m.visitor()
		opens, err := data.All(ctx, tx, data.Integer, `SELECT k.open_id FROM keys k JOIN opens o ON o.id = k.open_id
			WHERE k.day = ? AND k.network = ? AND k.visitor = ? AND o.link_id = ? AND o.state = 0
			AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.open_id = o.id)
			AND NOT EXISTS (SELECT 1 FROM moment_opens p WHERE p.open_id = o.id)`,
			m.day, network[:], visitor[:], link)
		if err != nil {
			return err
		}
		for _, open := range opens {
			if err := Decide(ctx, tx, Decision{OpenID: open, LinkID: link, State: OwnDevice}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Decision is a later word on an open: that it counts, or why it does not.
type Decision struct {
	ID        int64
	OpenID    int64
	LinkID    int64
	State     State
	DecidedBy string // account; empty for a rule
	DecidedAt time.Time
}

// Decide writes a decision down; the fold makes it felt.
func Decide(ctx context.Context, tx *data.Tx, d Decision) error {
	if err := data.Lock(ctx, tx, decideLock); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO decisions (open_id, link_id, state, decided_by, decided_at) VALUES (?, ?, ?, ?, ?)`,
		d.OpenID, d.LinkID, int64(d.State), text(d.DecidedBy), tx.Now())
	return err
}

// text is nil for an empty text.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}
