package share

import (
	"context"
	"fmt"

	"ricochet.example/app/audit"
	"ricochet.example/data"
)

// decideLock is held by whoever decides until that is committed: the fold reads
// decisions in the order of their ids, so they are committed in it.
const decideLock = "decide about opens"

// DecideAll decides the same about many opens of one link, as part of an act.
func DecideAll(ctx context.Context, tx *data.Tx, linkID int64, opens []int64, s State, by string, actID int64) error {
	if err := data.Lock(ctx, tx, decideLock); err != nil {
		return err
	}
	rows := make([]any, 0, 6*len(opens))
	for _, open := range opens {
		rows = append(rows, open, linkID, int64(s), text(by), tx.Now(), null(actID))
	}
	if err := data.InsertRows(ctx, tx, `INSERT INTO decisions (open_id, link_id, state, decided_by, decided_at, act_id)`, 6, rows, ``); err != nil {
		return fmt.Errorf("deciding about %d opens: %w", len(opens), err)
	}
	return nil
}

// before is the last word on an open before an act spoke, of those that were
// not taken back: one column of it.
func before(column string) string {
	return `(SELECT p.` + column + ` FROM decisions p LEFT JOIN acts b ON b.id = p.act_id WHERE p.open_id = d.open_id AND b.undone_at IS NULL
		AND p.id < (SELECT min(f.id) FROM decisions f WHERE f.open_id = d.open_id AND f.act_id = d.act_id) ORDER BY p.id DESC LIMIT 1)`
}

// TakeBack takes an act's decisions back: of every open on which it has the last
// word, what was so before is so again. It returns of how many.
func TakeBack(ctx context.Context, tx *data.Tx, actID int64, by string) (opens int64, err error) {
	if err := data.Lock(ctx, tx, decideLock); err != nil {
		return 0, err
	}
	opens, err = tx.Exec(ctx, `INSERT INTO decisions (open_id, link_id, state, decided_by, decided_at, act_id)
		SELECT d.open_id, d.link_id, coalesce(`+before("state")+`, o.state), CAST(? AS TEXT), CAST(? AS BIGINT), `+before("act_id")+`
		FROM decisions d JOIN opens o ON o.id = d.open_id
		WHERE d.act_id = ? AND NOT EXISTS (SELECT 1 FROM decisions x WHERE x.open_id = d.open_id AND x.id > d.id) ORDER BY d.id`,
		by, tx.Now(), actID)
	if err != nil {
		return 0, fmt.Errorf("taking back what was decided: %w", err)
	}
	if opens == 0 {
		return 0, nil
	}
	return opens, audit.Undo(ctx, tx, actID, by)
}

// Recognised returns what the rule on owners' devices decided by itself, the
// last first: one act a link and moment, limit of them.
func Recognised(ctx context.Context, tx *data.Tx, campaignID string, limit int) ([]audit.Act, error) {
	where, args := ``, []any{limit}
	if campaignID != "" {
		where, args = ` AND l.campaign_id = ?`, []any{campaignID, limit}
	}
	return data.All(ctx, tx, func(r data.Row) (a audit.Act, err error) {
		a.Kind = audit.DeviceRecognise
		return a, r.Scan(&a.LinkID, &a.CampaignID, &a.Campaign, &a.Member, &a.Drop, &a.Opens, data.Time(&a.At))
	}, `SELECT d.link_id, l.campaign_id, c.name, coalesce(m.name, ''), v.title, count(*), d.decided_at
		FROM decisions d JOIN links l ON l.id = d.link_id JOIN campaigns c ON c.id = l.campaign_id
		JOIN drops r ON r.id = l.drop_id JOIN drop_versions v ON v.drop_id = r.id AND v.number = r.version
		LEFT JOIN accounts m ON m.id = l.account_id
		WHERE d.act_id IS NULL AND d.decided_by IS NULL AND d.state = 1 AND l.rehearsal = 0`+where+`
		GROUP BY d.link_id, l.campaign_id, c.name, m.name, v.title, d.decided_at ORDER BY d.decided_at DESC, d.link_id LIMIT ?`, args...)
}
