package reward

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Thanks is a line to a member from somebody with a name.
type Thanks struct {
	ID     string
	From   string // the name; empty once they are erased
	Words  string
	SaidAt time.Time
	SeenAt time.Time // when the member put it away; zero: not yet
}

// LongestThanks is the length of such a line, in characters.
const LongestThanks = 280

// CheckThanks returns what is wrong with the words.
func CheckThanks(words string) (p check.Problems) {
	p.Filled("words", words)
	p.Longest("words", words, LongestThanks)
	return p
}

// Thank writes thanks to an account, with words that have passed CheckThanks.
func Thank(ctx context.Context, tx *data.Tx, accountID, from, words string) error {
	_, err := tx.Exec(ctx, `INSERT INTO thanks (id, account_id, from_id, words, said_at) VALUES (?, ?, ?, ?, ?)`,
		id.New(), accountID, from, strings.TrimSpace(words), tx.Now())
	if err != nil {
		return fmt.Errorf("thanking a member: %w", err)
	}
	return nil
}

// ThanksOf returns the thanks to an account, the last first: limit of them, or those alone that they have not put away.
func ThanksOf(ctx context.Context, tx *data.Tx, accountID string, unseen bool, limit int) ([]Thanks, error) {
	return data.All(ctx, tx, func(row data.Row) (t Thanks, err error) {
		return t, row.Scan(&t.ID, &t.From, &t.Words, data.Time(&t.SaidAt), data.Time(&t.SeenAt))
	}, `SELECT t.id, coalesce(a.name, ''), t.words, t.said_at, t.seen_at FROM thanks t LEFT JOIN accounts a ON a.id = t.from_id
		WHERE t.account_id = ? AND (CAST(? AS BIGINT) = 0 OR t.seen_at IS NULL) ORDER BY t.said_at DESC, t.id DESC LIMIT ?`, accountID, unseen, limit)
}

// PutAway notes that a member has read some thanks; data.ErrNotFound if they are not theirs.
func PutAway(ctx context.Context, tx *data.Tx, thanksID, accountID string) error {
	n, err := tx.Exec(ctx, `UPDATE thanks SET seen_at = coalesce(seen_at, ?) WHERE id = ? AND account_id = ?`, tx.Now(), thanksID, accountID)
	if err == nil && n == 0 {
		err = data.ErrNotFound
	}
	return err
}

// FirstRicochetSeen says whether a member has put away the moment of their first ricochet.
func FirstRicochetSeen(ctx context.Context, tx *data.Tx, accountID string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM first_ricochets WHERE account_id = ?`, accountID)
	return n > 0, err
}

// SeeFirstRicochet puts it away for good, whatever becomes of the opens that made it.
func SeeFirstRicochet(ctx context.Context, tx *data.Tx, accountID string) error {
	_, err := tx.Exec(ctx, `INSERT INTO first_ricochets (account_id, seen_at) VALUES (?, ?) ON CONFLICT (account_id) DO NOTHING`, accountID, tx.Now())
	return err
}
