package drop

import (
	"context"
	"time"

	"ricochet.example/data"
)

// isVisible is the judge for accounts: may account a see drop d? It takes the time twice. Nothing is visible
// to a suspended account, what squads see not to a member who has a break, and everything to staff.
const isVisible = `(a.suspended_at IS NULL AND (a.role IN ('owner', 'manager') OR coalesce(d.public_at <= ?, FALSE)
	OR EXISTS (SELECT 1 FROM release_steps step JOIN members seat ON seat.squad_id = step.squad_id
		WHERE step.drop_id = d.id AND seat.account_id = a.id AND seat.paused_at IS NULL AND step.opens_at <= ?)))`

// IsShared is the judge for readers, a condition for queries over links l JOIN drops d ON d.id = l.drop_id:
// does the link show its drop? It takes the time twice, and is never null. True when the step of the squad
// that the link was made in is shareable, or the drop is public. A stopped link is the query's own affair.
const IsShared = `(EXISTS (SELECT 1 FROM release_steps step WHERE step.drop_id = d.id
		AND step.squad_id = l.squad_id AND step.shareable_at <= ?)
	OR coalesce(d.public_at <= ?, FALSE))`

// IsPlanned is a condition beside IsShared: does a moment stand, gone by or to come, at which the link shows its drop?
// Where none does, its release was stopped or its squad was taken out, and nobody can say when it opens. A link that
// was made in no squad goes by any step.
const IsPlanned = `(d.public_at IS NOT NULL OR EXISTS (SELECT 1 FROM release_steps step WHERE step.drop_id = d.id
		AND (step.squad_id = l.squad_id OR l.squad_id IS NULL)))`

// Visible returns the drops that an account may see, the newest first.
func Visible(ctx context.Context, tx *data.Tx, accountID string) ([]Drop, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+shown+`CROSS JOIN accounts a
		WHERE a.id = ? AND `+isVisible+` ORDER BY d.created_at DESC, d.id DESC`, accountID, tx.Now(), tx.Now())
}

// VisibleByID returns one drop if the account may see it. Else it is data.ErrNotFound, as if there were
// no such drop.
func VisibleByID(ctx context.Context, tx *data.Tx, accountID, dropID string) (Drop, error) {
	return data.One(ctx, tx, scan, `SELECT `+columns+shown+`CROSS JOIN accounts a
		WHERE d.id = ? AND a.id = ? AND `+isVisible, dropID, accountID, tx.Now(), tx.Now())
}

// IsShareable says whether an account may share a drop: it sees it, and so do readers of its link.
func IsShareable(ctx context.Context, tx *data.Tx, accountID, dropID string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM links l JOIN drops d ON d.id = l.drop_id JOIN accounts a ON a.id = l.account_id
		WHERE d.id = ? AND a.id = ? AND l.rehearsal = 0 AND l.stopped_at IS NULL AND `+isVisible+` AND `+IsShared,
		dropID, accountID, tx.Now(), tx.Now(), tx.Now(), tx.Now())
	return n > 0, err
}

// Shared says whether a link shows its drop, and not the holding page.
func Shared(ctx context.Context, tx *data.Tx, linkID int64) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM links l JOIN drops d ON d.id = l.drop_id
		WHERE l.id = ? AND `+IsShared, linkID, tx.Now(), tx.Now())
	return n > 0, err
}

// SharedOf returns those of an account’s links that show their drops now: the same judge, and none that was stopped.
func SharedOf(ctx context.Context, tx *data.Tx, accountID string) (map[int64]bool, error) {
	shared := map[int64]bool{}
	err := data.Each(ctx, tx, func(r data.Row) error {
		var link int64
		if err := r.Scan(&link); err != nil {
			return err
		}
		shared[link] = true
		return nil
	}, `SELECT l.id FROM links l JOIN drops d ON d.id = l.drop_id
		WHERE l.account_id = ? AND l.rehearsal = 0 AND l.stopped_at IS NULL AND `+IsShared, accountID, tx.Now(), tx.Now())
	return shared, err
}

// Coming is all that an audience learns of a drop before its step opens.
type Coming struct {
	DropID   string
	Language string // of the teaser
	Teaser   string
	OpensAt  time.Time
}

// Upcoming returns what will open for an account that cannot see it yet, the next first. Only the squads
// of the release are told; that a drop will be public is no news to others.
func Upcoming(ctx context.Context, tx *data.Tx, accountID string) ([]Coming, error) {
	return data.All(ctx, tx, func(row data.Row) (c Coming, err error) {
		return c, row.Scan(&c.DropID, &c.Language, &c.Teaser, data.Time(&c.OpensAt))
	}, `SELECT d.id, d.language, v.teaser, min(r.opens_at)`+shown+`
		JOIN release_steps r ON r.drop_id = d.id
		JOIN members m ON m.squad_id = r.squad_id AND m.paused_at IS NULL
		JOIN accounts a ON a.id = m.account_id
		WHERE a.id = ? AND a.suspended_at IS NULL AND NOT `+isVisible+`
		GROUP BY d.id, d.language, v.teaser ORDER BY min(r.opens_at), d.id`, accountID, tx.Now(), tx.Now())
}

// Event is that something happened to a drop for an account that may see it.
type Event struct {
	AccountID, DropID string
	At                time.Time
}

// OpenedSince returns for which members a step opened since then, who were in the squad when it did and may see the drop.
func OpenedSince(ctx context.Context, tx *data.Tx, since time.Time) ([]Event, error) {
	return reached(ctx, tx, "opens_at", "", "", since)
}

// OpenedFor counts the drops of which a step opened since then for one member, as OpenedSince does for all.
func OpenedFor(ctx context.Context, tx *data.Tx, accountID string, since time.Time) (int, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM drops d CROSS JOIN accounts a WHERE a.id = ? AND `+isVisible+`
		AND EXISTS (SELECT 1 FROM release_steps step JOIN members seat ON seat.squad_id = step.squad_id
			AND seat.paused_at IS NULL AND seat.joined_at <= step.opens_at
			WHERE step.drop_id = d.id AND seat.account_id = a.id AND step.opens_at > ? AND step.opens_at <= ?)`,
		accountID, tx.Now(), tx.Now(), since, tx.Now())
	return int(n), err
}

// ShareableSince is the same for steps that became shareable, later than they opened, and in whose squad the member's link
// was made: another's does not open it.
func ShareableSince(ctx context.Context, tx *data.Tx, since time.Time) ([]Event, error) {
	return reached(ctx, tx, "shareable_at", `JOIN links l ON l.account_id = a.id AND l.drop_id = d.id AND l.squad_id = step.squad_id
		AND l.rehearsal = 0 AND l.stopped_at IS NULL`, "AND step.shareable_at > step.opens_at", since)
}

func reached(ctx context.Context, tx *data.Tx, when, join, and string, since time.Time) ([]Event, error) {
	return data.All(ctx, tx, func(row data.Row) (e Event, err error) {
		return e, row.Scan(&e.AccountID, &e.DropID, data.Time(&e.At))
	}, `SELECT a.id, d.id, min(step.`+when+`) FROM release_steps step JOIN drops d ON d.id = step.drop_id
		JOIN members seat ON seat.squad_id = step.squad_id AND seat.paused_at IS NULL AND seat.joined_at <= step.`+when+`
		JOIN accounts a ON a.id = seat.account_id AND a.role = 'ambassador' `+join+`
		WHERE step.`+when+` > ? AND step.`+when+` <= ? `+and+` AND `+isVisible+`
		GROUP BY a.id, d.id ORDER BY min(step.`+when+`), d.id, a.id`, since, tx.Now(), tx.Now(), tx.Now())
}
