package share

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Moment is half an hour in which a captain has a drop's code scanned by people who stand before them. In one
// network and with the same kind of phone they cannot be told from one who reads again; as many of them count as the
// captain said there are, and no more.
type Moment struct {
	ID       string
	LinkID   int64
	DropID   string
	Title    string // of the drop
	SquadID  string
	OpenedBy string // account, empty when it is gone
	By       string // its name
	Heads    int    // how many people were said to be there
	OpenedAt time.Time
	EndsAt   time.Time

	People int // that came by it and count
	Alike  int // of these, how many count by the moment alone
	Beyond int // how often it was opened at the same place by more than were said to be there, or by the same again
}

// The bounds of moments: how long one lasts, how many people may be said to be there, and how many one link has in a
// UTC day.
const (
	MomentLasts = 30 * time.Minute
	FewestHeads = 2
	MostHeads   = 60
	MostMoments = 3
)

// MomentSuffix stands at the end of a link's address that is scanned in a moment.
const MomentSuffix = "moment"

// ErrMoments says that a link has a moment now, or had as many today as it may.
var ErrMoments = errors.New("the link has a moment now, or had as many today as it may")

// Check returns what keeps a moment from being opened. The field is "heads".
func (m Moment) Check() (p check.Problems) {
	p.Between("heads", m.Heads, FewestHeads, MostHeads)
	return p
}

// OpenMoment opens one that has passed Check, from now on.
func OpenMoment(ctx context.Context, tx *data.Tx, m Moment) (Moment, error) {
	if err := data.Lock(ctx, tx, momentLock(m.LinkID)); err != nil {
		return m, err
	}
	now := tx.Now()
	n, err := data.Int(ctx, tx, `SELECT count(*) FILTER (WHERE ends_at > ?) * CAST(? AS BIGINT) + count(*) FILTER (WHERE opened_at >= ?) FROM moments WHERE link_id = ?`,
		now, MostMoments, Day(now)*dayLength, m.LinkID)
	if err != nil {
		return m, err
	}
	if n >= MostMoments {
		return m, ErrMoments
	}
	m.ID, m.OpenedAt, m.EndsAt = id.New(), now, now.Add(MomentLasts)
	_, err = tx.Exec(ctx, `INSERT INTO moments (id, link_id, squad_id, opened_by, heads, people, alike, beyond, opened_at, ends_at) VALUES (?, ?, ?, ?, ?, 0, 0, 0, ?, ?)`,
		m.ID, m.LinkID, text(m.SquadID), text(m.OpenedBy), m.Heads, m.OpenedAt, m.EndsAt)
	if err != nil {
		return m, fmt.Errorf("opening a moment: %w", err)
	}
	return m, nil
}

func momentLock(linkID int64) string { return fmt.Sprintf("moments of link %d", linkID) }

// EndMoment ends a moment before its time.
func EndMoment(ctx context.Context, tx *data.Tx, momentID string) error {
	_, err := tx.Exec(ctx, `UPDATE moments SET ends_at = ? WHERE id = ? AND ends_at > ?`, tx.Now(), momentID, tx.Now())
	return err
}

const momentColumns = `SELECT m.id, m.link_id, l.drop_id, v.title, coalesce(m.squad_id, ''), coalesce(m.opened_by, ''), coalesce(a.name, ''), m.heads, m.opened_at, m.ends_at, m.people, m.alike, m.beyond
	FROM moments m JOIN links l ON l.id = m.link_id JOIN drops d ON d.id = l.drop_id JOIN drop_versions v ON v.drop_id = d.id AND v.number = d.version
	LEFT JOIN accounts a ON a.id = m.opened_by `

func scanMoment(r data.Row) (m Moment, err error) {
	return m, r.Scan(&m.ID, &m.LinkID, &m.DropID, &m.Title, &m.SquadID, &m.OpenedBy, &m.By, &m.Heads, data.Time(&m.OpenedAt), data.Time(&m.EndsAt), &m.People, &m.Alike, &m.Beyond)
}

// MomentByID returns a moment of a squad, or data.ErrNotFound.
func MomentByID(ctx context.Context, tx *data.Tx, squadID, momentID string) (Moment, error) {
	return data.One(ctx, tx, scanMoment, momentColumns+`WHERE m.id = ? AND m.squad_id = ?`, momentID, squadID)
}

// Over says whether a moment has ended.
func (m Moment) Over(now time.Time) bool { return !m.EndsAt.After(now) }

// Moments returns those of a squad, the latest first: limit of them.
func Moments(ctx context.Context, tx *data.Tx, squadID string, limit int) ([]Moment, error) {
	return data.All(ctx, tx, scanMoment, momentColumns+`WHERE m.squad_id = ? ORDER BY m.opened_at DESC, m.id LIMIT ?`, squadID, limit)
}

// MomentsOf returns those of a link, the latest first: limit of them.
func MomentsOf(ctx context.Context, tx *data.Tx, linkID int64, limit int) ([]Moment, error) {
	return data.All(ctx, tx, scanMoment, momentColumns+`WHERE m.link_id = ? ORDER BY m.opened_at DESC, m.id LIMIT ?`, linkID, limit)
}

// MomentOf returns the moment by which an open came and counts, and whether it counts by that alone; data.ErrNotFound
// where it came by none.
func MomentOf(ctx context.Context, tx *data.Tx, openID int64) (m Moment, alike bool, err error) {
	m, err = data.One(ctx, tx, scanMoment, momentColumns+`WHERE m.id = (SELECT moment_id FROM moment_opens WHERE open_id = ?)`, openID)
	if err != nil {
		return m, false, err
	}
	n, err := data.Int(ctx, tx, `SELECT alike FROM moment_opens WHERE open_id = ?`, openID)
	return m, n == 1, err
}

// inPerson writes down an open of a page that was scanned in a moment. Every page that was served is taken for
// another person, as many as were said to be there: those that count anyhow come first, and others while there are
// seats. What speaks for itself against an open is judged as ever. It says so with ok = false where there is no moment.
func (a *appending) inPerson(ctx context.Context, tx *data.Tx) (done Opened, ok bool, err error) {
	if err := data.Lock(ctx, tx, momentLock(a.Target.LinkID)); err != nil {
		return done, false, err
	}
	now := tx.Now()
	m, err := data.One(ctx, tx, scanMoment, momentColumns+`WHERE m.link_id = ? AND m.ends_at > ? AND m.opened_at <= ? ORDER BY m.opened_at DESC LIMIT 1`, a.Target.LinkID, now, now)
	if errors.Is(err, data.ErrNotFound) {
		return done, false, nil
	}
	if err != nil {
		return done, false, err
	}
	var page mark
	sum := sha256.Sum256([]byte(a.Nonce))
	copy(page[:], sum[:])
	before, err := data.Int(ctx, tx, `SELECT coalesce(max(open_id), 0) FROM keys WHERE day >= ? AND network = ? AND visitor = ?`, a.prior.day, page[:], page[:])
	if err != nil || before != 0 {
		return Opened{ID: before, Repeat: true}, true, err
	}
	k, err := a.known(ctx, tx)
	if err != nil {
		return done, false, err
	}
	state, err := a.judge(ctx, tx, k)
	if err != nil {
		return done, false, err
	}
	// The owner's device is known by its network and model alone: whoever stands there with the same is no owner.
	model := state == OwnDevice && a.Account == ""
	alike := model || state == Repeated || state == SameNetwork || state == NetworkCap
	switch {
	case state == Counted:
	case alike && m.People < m.Heads:
		state = Counted
	case k.open != 0 && (model || state == Repeated):
		if err := m.count(ctx, tx, 0, 0, 1); err != nil {
			return done, false, err
		}
		return Opened{ID: k.open, Repeat: true}, true, a.keep(ctx, tx, page, page, k.open, 0)
	default:
		if model {
			if err := m.count(ctx, tx, 0, 0, 1); err != nil {
				return done, false, err
			}
		}
		done, err = a.append(ctx, tx, k)
		return done, true, err
	}
	open, err := a.write(ctx, tx, state, k.group)
	if err != nil {
		return done, false, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO moment_opens (open_id, moment_id, alike) VALUES (?, ?, ?)`, open, m.ID, alike); err != nil {
		return done, false, fmt.Errorf("marking an open of a moment: %w", err)
	}
	byItAlone := 0
	if alike {
		byItAlone = 1
	}
	if err := m.count(ctx, tx, 1, byItAlone, 0); err != nil {
		return done, false, err
	}
	if err := a.keep(ctx, tx, a.network, a.visitor, open, k.group); err != nil {
		return done, false, err
	}
	return Opened{ID: open, State: state}, true, a.keep(ctx, tx, page, page, open, 0)
}

// count adds to what came by a moment.
func (m Moment) count(ctx context.Context, tx *data.Tx, people, alike, beyond int) error {
	_, err := tx.Exec(ctx, `UPDATE moments SET people = people + ?, alike = alike + ?, beyond = beyond + ? WHERE id = ?`, people, alike, beyond, m.ID)
	if err != nil {
		return fmt.Errorf("counting what came by a moment: %w", err)
	}
	return nil
}
