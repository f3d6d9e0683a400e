// Package share knows what ambassadors share and what became of it: links,
// channels, fetches, and the log of confirmed opens.
package share

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ricochet.example/app/brand"
	"ricochet.example/app/drop"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// Link is what one ambassador shares of one drop: the root of a tree.
type Link struct {
	ID         int64
	DropID     string
	CampaignID string
	AccountID  string // empty once the ambassador was erased
	SquadID    string // the squad it was made in; squad sums follow it
	Rehearsal  bool   // counts on a board of its own
	House      string // the name of what the brand itself shares; empty: an ambassador's
	MadeAt     time.Time
	StoppedAt  time.Time // zero while it is followed
}

const linkColumns = `l.id, l.drop_id, l.campaign_id, coalesce(l.account_id, ''), coalesce(l.squad_id, ''), l.rehearsal, l.made_at, l.stopped_at, l.house`

func scanLink(r data.Row) (l Link, err error) {
	return l, r.Scan(&l.ID, &l.DropID, &l.CampaignID, &l.AccountID, &l.SquadID, data.Bool(&l.Rehearsal), data.Time(&l.MadeAt), data.Time(&l.StoppedAt), &l.House)
}

// Take returns the member's link for a drop that they may see, and makes it
// when they have none. A member of several squads gets it in the one that may
// share first.
func Take(ctx context.Context, tx *data.Tx, accountID, dropID string) (Link, error) {
	steps, err := drop.StepsFor(ctx, tx, accountID, dropID)
	if err != nil {
		return Link{}, err
	}
	in := first(steps)
	if in == "" { // public: any of their squads
		squads, err := squad.JoinedBy(ctx, tx, accountID)
		if err != nil {
			return Link{}, err
		}
		if len(squads) > 0 {
			in = squads[0].ID
		}
	}
	return take(ctx, tx, accountID, dropID, in, false)
}

// Issue makes the links that are wanting of members whose squads get a drop:
// for one drop, for one member, or for all where the id is empty.
func Issue(ctx context.Context, tx *data.Tx, dropID, accountID string) error {
	_, err := tx.Exec(ctx, `INSERT INTO links (drop_id, campaign_id, account_id, squad_id, rehearsal, made_at)
		SELECT d.id, d.campaign_id, m.account_id, (SELECT s.squad_id FROM release_steps s
				JOIN members seat ON seat.squad_id = s.squad_id AND seat.account_id = m.account_id AND seat.paused_at IS NULL
				WHERE s.drop_id = d.id ORDER BY s.shareable_at, s.squad_id LIMIT 1), 0, CAST(? AS BIGINT)
		FROM drops d JOIN release_steps r ON r.drop_id = d.id JOIN members m ON m.squad_id = r.squad_id AND m.paused_at IS NULL
		WHERE (CAST(? AS TEXT) = '' OR d.id = ?) AND (CAST(? AS TEXT) = '' OR m.account_id = ?)
		AND NOT EXISTS (SELECT 1 FROM links l WHERE l.account_id = m.account_id AND l.drop_id = d.id AND l.rehearsal = 0)
		GROUP BY d.id, d.campaign_id, m.account_id
		ON CONFLICT DO NOTHING`, tx.Now(), dropID, dropID, accountID, accountID)
	if err != nil {
		return fmt.Errorf("issuing links: %w", err)
	}
	// A link whose squad is no longer in the release goes on in the member's first
	// squad that is: else it would show nothing until the drop is public.
	_, err = tx.Exec(ctx, `UPDATE links SET squad_id = (SELECT s.squad_id FROM release_steps s
			JOIN members seat ON seat.squad_id = s.squad_id AND seat.account_id = links.account_id AND seat.paused_at IS NULL
			WHERE s.drop_id = links.drop_id ORDER BY s.shareable_at, s.squad_id LIMIT 1)
		WHERE rehearsal = 0 AND (CAST(? AS TEXT) = '' OR drop_id = ?) AND (CAST(? AS TEXT) = '' OR account_id = ?)
		AND NOT EXISTS (SELECT 1 FROM release_steps r WHERE r.drop_id = links.drop_id AND r.squad_id = links.squad_id)
		AND EXISTS (SELECT 1 FROM release_steps s JOIN members seat ON seat.squad_id = s.squad_id
			WHERE s.drop_id = links.drop_id AND seat.account_id = links.account_id AND seat.paused_at IS NULL)`, dropID, dropID, accountID, accountID)
	if err != nil {
		return fmt.Errorf("moving links: %w", err)
	}
	return brand.NewEdition(ctx, tx)
}

// Rehearse returns the account's rehearsal link for a drop, and makes it when
// there is none. It shows the drop as early as the account's squads may share
// it; that of an account that is in none of them, as early as the first squad.
func Rehearse(ctx context.Context, tx *data.Tx, accountID, dropID string) (Link, error) {
	steps, err := drop.StepsFor(ctx, tx, accountID, dropID)
	if err != nil {
		return Link{}, err
	}
	if len(steps) == 0 { // staff, who are in no squad; or it is public already
		release, err := drop.ReleaseOf(ctx, tx, dropID)
		if err != nil {
			return Link{}, err
		}
		steps = release.Steps
	}
	return take(ctx, tx, accountID, dropID, first(steps), true)
}

// first is the squad whose step is shareable first.
func first(steps []drop.Step) (squadID string) {
	var at time.Time
	for _, s := range steps {
		if squadID == "" || s.ShareableAt.Before(at) {
			squadID, at = s.SquadID, s.ShareableAt
		}
	}
	return squadID
}

func take(ctx context.Context, tx *data.Tx, accountID, dropID, squadID string, rehearsal bool) (Link, error) {
	have, err := data.One(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM links l WHERE account_id = ? AND drop_id = ? AND rehearsal = ?`, accountID, dropID, rehearsal)
	if !errors.Is(err, data.ErrNotFound) {
		return have, err
	}
	d, err := drop.ByID(ctx, tx, dropID)
	if err != nil {
		return Link{}, err
	}
	l := Link{DropID: dropID, CampaignID: d.CampaignID, AccountID: accountID, SquadID: squadID, Rehearsal: rehearsal, MadeAt: tx.Now()}
	l.ID, err = data.Insert(ctx, tx, `INSERT INTO links (drop_id, campaign_id, account_id, squad_id, rehearsal, made_at) VALUES (?, ?, ?, ?, ?, ?)`,
		l.DropID, l.CampaignID, l.AccountID, text(l.SquadID), l.Rehearsal, l.MadeAt)
	if err != nil {
		return Link{}, fmt.Errorf("making a link: %w", err)
	}
	return l, nil
}

// Of returns the member's link for a drop, if it was made.
func Of(ctx context.Context, tx *data.Tx, accountID, dropID string) (Link, error) {
	return data.One(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM links l WHERE account_id = ? AND drop_id = ? AND rehearsal = 0`, accountID, dropID)
}

// ByID returns a link.
func ByID(ctx context.Context, tx *data.Tx, linkID int64) (Link, error) {
	return data.One(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM links l WHERE id = ?`, linkID)
}

// ByAccount returns the links of a member, the newest first; rehearsals are not among them.
func ByAccount(ctx context.Context, tx *data.Tx, accountID string) ([]Link, error) {
	return data.All(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM links l WHERE account_id = ? AND rehearsal = 0 ORDER BY made_at DESC, id DESC`, accountID)
}

// RehearsalsOf returns an account's rehearsal links, the newest first.
func RehearsalsOf(ctx context.Context, tx *data.Tx, accountID string) ([]Link, error) {
	return data.All(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM links l WHERE account_id = ? AND rehearsal = 1 ORDER BY made_at DESC, id DESC`, accountID)
}

// OfDrop returns the links of a drop, the newest first; rehearsals are not among them.
func OfDrop(ctx context.Context, tx *data.Tx, dropID string) ([]Link, error) {
	return data.All(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM links l WHERE drop_id = ? AND rehearsal = 0 ORDER BY made_at DESC, id DESC`, dropID)
}

// Stop tells readers of the link, and of all that came from it, that it is no more.
func Stop(ctx context.Context, tx *data.Tx, linkID int64) error {
	if _, err := tx.Exec(ctx, `UPDATE links SET stopped_at = ? WHERE id = ? AND stopped_at IS NULL`, tx.Now(), linkID); err != nil {
		return fmt.Errorf("stopping a link: %w", err)
	}
	return brand.NewEdition(ctx, tx)
}

// Resume lets a stopped link be followed again.
func Resume(ctx context.Context, tx *data.Tx, linkID int64) error {
	if _, err := tx.Exec(ctx, `UPDATE links SET stopped_at = NULL WHERE id = ?`, linkID); err != nil {
		return fmt.Errorf("resuming a link: %w", err)
	}
	return brand.NewEdition(ctx, tx)
}

// Living returns the links of a member that are followed, rehearsals left out: those that were made in a squad,
// or all where its id is empty.
func Living(ctx context.Context, tx *data.Tx, accountID, squadID string) ([]Link, error) {
	return data.All(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM links l WHERE account_id = ? AND rehearsal = 0 AND stopped_at IS NULL
		AND (CAST(? AS TEXT) = '' OR squad_id = ?) ORDER BY id`, accountID, squadID, squadID)
}

// StoppedWith returns the links of a member that were stopped at that very moment, together with something else
// that ends now: those that were made in a squad, or all where its id is empty.
func StoppedWith(ctx context.Context, tx *data.Tx, accountID, squadID string, at time.Time) ([]Link, error) {
	return data.All(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM links l WHERE account_id = ? AND rehearsal = 0 AND stopped_at = ?
		AND (CAST(? AS TEXT) = '' OR squad_id = ?) ORDER BY id`, accountID, at, squadID, squadID)
}

// StopWith lets those links of a member that were stopped at one moment be stopped with something else, which
// happened at another: those that were made in a squad, or all where its id is empty.
func StopWith(ctx context.Context, tx *data.Tx, accountID, squadID string, from, to time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE links SET stopped_at = ? WHERE account_id = ? AND rehearsal = 0 AND stopped_at = ?
		AND (CAST(? AS TEXT) = '' OR squad_id = ?)`, to, accountID, from, squadID, squadID)
	return err
}
