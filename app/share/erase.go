package share

import (
	"context"
	"errors"
	"fmt"

	"ricochet.example/app/audit"
	"ricochet.example/app/brand"
	"ricochet.example/app/voice"
	"ricochet.example/data"
)

// ErrNoVisit says that there is nothing to forget: no open of that browser is
// known, and its token is a member's link, or it was forgotten already.
var ErrNoVisit = errors.New("no visit to forget")

// Visit is an open that its reader may ask about.
type Visit struct {
	Target  Target
	Browser Browser
}

// Mine returns the open of the tree that was made in this very browser, as far
// as the keys of two days can tell, or 0. Where phones that are alike were
// counted in a moment in person the keys cannot: then sure is false, and mine
// is the open whose token is in hand, if it came by a moment, or 0.
func (v Visit) Mine(ctx context.Context, db *data.DB, ring *Keyring) (open int64, sure bool, err error) {
	keys, err := ring.of(ctx, db, db.Now())
	if err != nil {
		return 0, false, err
	}
	err = db.View(ctx, func(tx *data.Tx) error {
		if open, err = v.mine(ctx, tx, keys); err != nil || open == 0 {
			sure = true
			return err
		}
		alike, inHand, err := v.alike(ctx, tx, open)
		if sure = !alike; alike && open != v.Target.OpenID {
			open = inHand
		}
		return err
	})
	return open, sure, err
}

// alike says whether the key of an open may be that of several people: it, or one that looked the same later, came by
// a moment. inHand is the open whose token is in hand, if it came by one.
func (v Visit) alike(ctx context.Context, tx *data.Tx, mine int64) (alike bool, inHand int64, err error) {
	err = data.Each(ctx, tx, func(r data.Row) error {
		var open int64
		err := r.Scan(&open)
		alike = true
		if open == v.Target.OpenID {
			inHand = open
		}
		return err
	}, `SELECT o.open_id FROM moments m JOIN moment_opens o ON o.moment_id = m.id
		WHERE m.link_id = ? AND (o.open_id IN (?, ?) OR o.alike = 1 AND o.open_id > ?)`, v.Target.LinkID, mine, v.Target.OpenID, mine)
	return alike, inHand, err
}

func (v Visit) mine(ctx context.Context, tx *data.Tx, keys *dayKeys) (open int64, err error) {
	today, prior := keys.marks(v.Target.LinkID, v.Target.Owner, v.Browser)
	for _, m := range []marks{today, prior} {
		network, visitor := m.network(), m.visitor()
		open, err = data.Int(ctx, tx, `SELECT max(k.open_id) FROM keys k JOIN opens o ON o.id = k.open_id
			WHERE k.day = ? AND k.network = ? AND k.visitor = ? AND o.link_id = ?`, m.day, network[:], visitor[:], v.Target.LinkID)
		if err != nil || open != 0 {
			return open, err
		}
	}
	return 0, nil
}

// WasErased says whether the last word on an open is that its reader wished it forgotten.
func WasErased(ctx context.Context, tx *data.Tx, openID int64) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT coalesce((SELECT d.state FROM decisions d WHERE d.open_id = o.id ORDER BY d.id DESC LIMIT 1), o.state)
		FROM opens o WHERE o.id = ?`, openID)
	return State(n) == Erased, err
}

// ForgetVisit forgets an open of the tree at the reader's wish: it no longer
// counts, nothing stays of it but its place in the tree and its day, and the
// browser's key and what they said are gone. What came below it stays, and hangs on whoever was
// above. It writes down that this was asked for, and nothing of who asked.
func ForgetVisit(ctx context.Context, db *data.DB, ring *Keyring, v Visit, openID int64) error {
	keys, err := ring.of(ctx, db, db.Now())
	if err != nil {
		return err
	}
	err = db.Update(ctx, func(tx *data.Tx) error {
		l, err := ByID(ctx, tx, v.Target.LinkID)
		if err != nil {
			return err
		}
		gone, err := WasErased(ctx, tx, openID)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE opens SET channel = 0, observed = 0, device = 0, network_group = NULL,
			opened_at = opened_at - opened_at % 86400000 WHERE id = ? AND link_id = ?`, openID, l.ID)
		switch {
		case err != nil:
			return err
		case n == 0 || gone:
			return ErrNoVisit
		}
		if err := voice.ForgetOpen(ctx, tx, openID); err != nil {
			return err
		}
		if err := v.forgetKeys(ctx, tx, keys, openID); err != nil {
			return err
		}
		act := int64(0)
		if !l.Rehearsal {
			if act, err = audit.Write(ctx, tx, audit.Act{Kind: audit.VisitForgotten, CampaignID: l.CampaignID, LinkID: l.ID, OpenID: openID, Opens: 1}); err != nil {
				return err
			}
		}
		return DecideAll(ctx, tx, l.ID, []int64{openID}, Erased, "", act)
	})
	if err != nil {
		return fmt.Errorf("forgetting a visit: %w", err)
	}
	return nil
}

// forgetKeys forgets by which keys an open is known, and which moment it came by: that would tell its half hour.
func (v Visit) forgetKeys(ctx context.Context, tx *data.Tx, keys *dayKeys, openID int64) error {
	pages, err := tx.Exec(ctx, `DELETE FROM moment_opens WHERE open_id = ?`, openID)
	if err != nil {
		return fmt.Errorf("forgetting by which moment an open came: %w", err)
	}
	today, prior := keys.marks(v.Target.LinkID, v.Target.Owner, v.Browser)
	browsers := int64(0)
	for _, m := range []marks{today, prior} {
		network, visitor := m.network(), m.visitor()
		n, err := tx.Exec(ctx, `DELETE FROM keys WHERE day = ? AND network = ? AND visitor = ? AND open_id = ?`, m.day, network[:], visitor[:], openID)
		if err != nil {
			return fmt.Errorf("forgetting the key of an open: %w", err)
		}
		browsers += n
	}
	day, err := data.Int(ctx, tx, `SELECT opened_at / 86400000 FROM opens WHERE id = ?`, openID)
	if err != nil || day < prior.day || browsers > 0 && pages == 0 {
		return err
	}
	// Those of its page, or of another browser than the one that asks. No index leads there, but this is seldom.
	if _, err := tx.Exec(ctx, `DELETE FROM keys WHERE open_id = ? AND day >= ?`, openID, prior.day); err != nil {
		return fmt.Errorf("forgetting the keys of an open: %w", err)
	}
	return nil
}

// Disown takes what an account shared from it, before the account goes: its
// links stay at the root of their trees, nameless, and are followed no more if
// stop says so; its rehearsals, which were wiped before, go.
func Disown(ctx context.Context, tx *data.Tx, accountID string, stop bool) error {
	if _, err := tx.Exec(ctx, `DELETE FROM links WHERE account_id = ? AND rehearsal = 1`, accountID); err != nil {
		return fmt.Errorf("forgetting rehearsals: %w", err)
	}
	if stop {
		if _, err := tx.Exec(ctx, `UPDATE links SET stopped_at = ? WHERE account_id = ? AND stopped_at IS NULL`, tx.Now(), accountID); err != nil {
			return fmt.Errorf("stopping links: %w", err)
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE links SET account_id = NULL WHERE account_id = ?`, accountID); err != nil {
		return fmt.Errorf("taking a name from links: %w", err)
	}
	return brand.NewEdition(ctx, tx)
}

// Nameless returns the links of a campaign whose ambassadors were erased, the
// newest first.
func Nameless(ctx context.Context, tx *data.Tx, campaignID string) ([]Link, error) {
	// No index is offered for the campaign, which has many links: those of nobody are few.
	return data.All(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM links l WHERE account_id IS NULL AND (campaign_id || '') = ? AND rehearsal = 0 AND house = '' ORDER BY made_at DESC, id DESC`, campaignID)
}
