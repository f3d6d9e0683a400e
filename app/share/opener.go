package share

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ricochet.example/data"
)

// Opener writes opens down. One server has one: it remembers what share tokens
// lead to, and does together what many readers ask for at the same time.
type Opener struct {
	Ring   Keyring
	Finder Finder

	db       *data.DB
	prior    prior
	together *data.Together[*newcomer]
}

// NewOpener makes the Opener of a server.
func NewOpener(db *data.DB) *Opener {
	w := &Opener{db: db}
	w.together = data.NewTogether(db, w.appendNewcomers)
	return w
}

// Open writes a confirmed open to the log. A browser that is in the same tree
// already, by today's or yesterday's key, writes nothing and gets that open's
// id again; so does the owner's own, which keeps the link's token. What may not
// be shown is data.ErrNotFound. It returns when the open is on disk.
func (w *Opener) Open(ctx context.Context, o Opening) (done Opened, err error) {
	keys, err := w.Ring.of(ctx, w.db, w.db.Now())
	if err != nil {
		return done, err
	}
	t, done, err := w.openNewcomer(ctx, o, keys)
	if err == nil && done == (Opened{}) {
		t, done, err = w.openAny(ctx, o, keys)
	}
	if err != nil {
		return Opened{}, fmt.Errorf("writing down an open: %w", err)
	}
	done.LinkID, done.Ends = t.LinkID, !t.PassesOn()
	done.Own = t.MayBeOwn() && done.ID == t.OpenID
	if done.ID != 0 && !done.Repeat {
		w.Finder.remember(t, done.ID)
	}
	return done, nil
}

// openAny writes an opening down whatever it is, by itself.
func (w *Opener) openAny(ctx context.Context, o Opening, keys *dayKeys) (t Target, done Opened, err error) {
	err = w.db.Update(ctx, func(tx *data.Tx) (err error) {
		if err := joinAppenders(ctx, tx); err != nil {
			return err
		}
		if t, err = w.Finder.look(ctx, tx, o.Ref); err != nil {
			return err
		}
		done, err = o.into(ctx, tx, t, keys)
		return err
	})
	return t, done, err
}

// newcomer is an open from a network that the owner had nobody from, today or
// yesterday: nearly all are. Then there is nothing to judge, and many are
// written at once.
type newcomer struct {
	appending
	done Opened // what became of it; zero when it is none after all
}

// openNewcomer writes an opening down if it is of a newcomer, by what is remembered
// of its target; if not, it says nothing.
func (w *Opener) openNewcomer(ctx context.Context, o Opening, keys *dayKeys) (Target, Opened, error) {
	if o.Account != "" || o.Untracked || o.InPerson {
		return Target{}, Opened{}, nil
	}
	t, ok := w.Finder.foresee(ctx, w.db, o.Ref)
	if !ok || t.Rehearsal {
		return t, Opened{}, nil
	}
	f := &newcomer{appending: o.at(t, keys)}
	if err := w.together.Do(ctx, f); err != nil {
		return t, Opened{}, err
	}
	return t, f.done, nil
}

// appendNewcomers writes down those of all who are newcomers.
func (w *Opener) appendNewcomers(ctx context.Context, tx *data.Tx, all []*newcomer) error {
	networks := make([]string, len(all))
	for i, f := range all {
		f.done = Opened{}
		networks[i] = string(f.network[:])
	}
	if err := joinAppenders(ctx, tx); err != nil {
		return err
	}
	if err := data.LockAll(ctx, tx, networks); err != nil {
		return err
	}
	day := all[0].today.day
	seen, edition, err := seenFrom(ctx, tx, day, w.prior.before(day), all)
	if err != nil {
		return err
	}
	newcomers := slices.DeleteFunc(slices.Clone(all), func(f *newcomer) bool {
		if f.today.day != day || !f.Target.holds(edition, tx.Now()) || seen[f.network] || seen[f.networkThen] {
			return true
		}
		seen[f.network] = true
		return false
	})
	rows := make([]any, 0, 9*len(newcomers))
	for _, f := range newcomers {
		rows = append(rows, f.row(tx.Now(), Counted, 0)...)
	}
	ids, err := data.InsertNumbered(ctx, tx, insertOpens, 9, rows)
	if err != nil {
		return err
	}
	rows = rows[:0]
	for i, f := range newcomers {
		rows = append(rows, day, f.network[:], f.visitor[:], ids[i], nil)
	}
	if err := data.InsertRows(ctx, tx, insertKeys, 5, rows, ``); err != nil {
		return err
	}
	for i, f := range newcomers {
		f.done = Opened{ID: ids[i], State: Counted}
	}
	return nil
}

// seenFrom returns those of the networks that the keys of two days know, and in
// the same breath the edition. When they know very many, as of a stadium, it
// says of all that they are known: each is looked at by itself then. So is who
// may have been there on the day before, where that is known beforehand.
func seenFrom(ctx context.Context, tx *data.Tx, day int64, prior *priorNetworks, all []*newcomer) (seen map[mark]bool, edition int64, err error) {
	seen = make(map[mark]bool, len(all))
	n := width(len(all))
	query := seenQueries[n]
	args := askFor(make([]any, 0, 2*n+2), n, day, all, func(f *newcomer) []byte { return f.network[:] })
	if prior == nil {
		query = seenThenQueries[n]
		args = askFor(args, n, day-1, all, func(f *newcomer) []byte { return f.networkThen[:] })
	} else {
		for _, f := range all {
			if prior.may(f.networkThen) {
				seen[f.networkThen] = true
			}
		}
	}
	rows := 0
	err = data.Each(ctx, tx, func(r data.Row) error {
		var network []byte
		var number int64
		if err := r.Scan(&network, &number); err != nil {
			return err
		}
		if network == nil {
			edition = number
			return nil
		}
		rows++
		seen[mark(network)] = true
		return nil
	}, query, args...)
	if rows >= manyRows {
		for _, f := range all {
			seen[f.network] = true
		}
	}
	return seen, edition, err
}

// askFor adds the arguments that ask for n networks of a day.
func askFor(args []any, n int, day int64, all []*newcomer, network func(*newcomer) []byte) []any {
	args = append(args, day)
	for i := range n {
		args = append(args, network(all[min(i, len(all)-1)]))
	}
	return args
}

// width is how many networks a query asks for, at least n. There are few
// widths, so that few statements are prepared.
func width(n int) int {
	for _, w := range widths {
		if n <= w {
			return w
		}
	}
	panic("more together than go together")
}

var widths = []int{1, 4, 16, 32, 64}

// manyRows is how many rows of known networks are looked at for all together.
// It stands in the query as text, as few does.
const (
	manyRows  = 200
	limitMany = ` LIMIT 200`
)

// seenQueries ask for networks of one day, seenThenQueries of two, by their width.
var seenQueries, seenThenQueries = func() (one, two map[int]string) {
	one, two = map[int]string{}, map[int]string{}
	for _, n := range widths {
		networks := `SELECT network, 0 FROM (SELECT network FROM keys WHERE day = ? AND network IN (?` + strings.Repeat(`, ?`, n-1) + `)` + limitMany + `) AS `
		edition := ` UNION ALL SELECT NULL, number FROM editions WHERE id = 1`
		one[n] = networks + `today` + edition
		two[n] = networks + `today UNION ALL ` + networks + `prior` + edition
	}
	return one, two
}()
