package drop

import (
	"context"
	"fmt"
	"time"

	"ricochet.example/data"
)

// Draft is what somebody typed into the form of a drop and has not saved. It is theirs alone.
type Draft struct {
	ID        string // the name of the form
	AccountID string
	DropID    string // empty for a drop that is not saved yet
	Content   string // all of the form, as browsers send it
	KeptAt    time.Time
}

// The bounds of drafts: how many a person has of one drop, how long one is kept, and how long its name is.
const (
	mostDrafts   = 5
	draftsFor    = 30 * 24 * time.Hour
	longestDraft = 64
)

// KeepDraft keeps what somebody typed, in the place of what stood in the same form before. Of a drop the newest
// few are kept, for a month.
func KeepDraft(ctx context.Context, tx *data.Tx, d Draft) error {
	if d.ID == "" || len(d.ID) > longestDraft {
		return data.ErrNotFound
	}
	_, err := tx.Exec(ctx, `INSERT INTO drafts (account_id, id, drop_id, content, kept_at) VALUES (?, ?, NULLIF(?, ''), ?, ?)
		ON CONFLICT (account_id, id) DO UPDATE SET content = excluded.content, kept_at = excluded.kept_at`,
		d.AccountID, d.ID, d.DropID, d.Content, tx.Now())
	if err != nil {
		return fmt.Errorf("keeping what was typed: %w", err)
	}
	_, err = tx.Exec(ctx, `DELETE FROM drafts WHERE account_id = ? AND (kept_at < ? OR (coalesce(drop_id, '') = ? AND id NOT IN (
			SELECT id FROM drafts WHERE account_id = ? AND coalesce(drop_id, '') = ? ORDER BY kept_at DESC, id DESC LIMIT ?)))`,
		d.AccountID, tx.Now().Add(-draftsFor), d.DropID, d.AccountID, d.DropID, mostDrafts)
	if err != nil {
		return fmt.Errorf("clearing away old drafts: %w", err)
	}
	return nil
}

const draftColumns = `id, account_id, drop_id, content, kept_at FROM drafts `

func scanDraft(row data.Row) (d Draft, err error) {
	return d, row.Scan(&d.ID, &d.AccountID, data.Null(&d.DropID), &d.Content, data.Time(&d.KeptAt))
}

// Drafts returns what an account typed of a drop and has not saved, the newest first; of drops that are not
// saved yet where the id is empty.
func Drafts(ctx context.Context, tx *data.Tx, accountID, dropID string) ([]Draft, error) {
	return data.All(ctx, tx, scanDraft, `SELECT `+draftColumns+`WHERE account_id = ? AND coalesce(drop_id, '') = ?
		ORDER BY kept_at DESC, id DESC`, accountID, dropID)
}

// DraftByID returns a draft of an account, or data.ErrNotFound.
func DraftByID(ctx context.Context, tx *data.Tx, accountID, draftID string) (Draft, error) {
	return data.One(ctx, tx, scanDraft, `SELECT `+draftColumns+`WHERE account_id = ? AND id = ?`, accountID, draftID)
}

// ThrowAway forgets a draft; one that is not there is no mistake.
func ThrowAway(ctx context.Context, tx *data.Tx, accountID, draftID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM drafts WHERE account_id = ? AND id = ?`, accountID, draftID)
	return err
}
