package spread

import (
	"context"
	"errors"
	"fmt"

	"ricochet.example/app/brand"
	"ricochet.example/app/share"
	"ricochet.example/data"
)

// ErrNoRehearsal says that a link is not for trying out, so that nothing of it is wiped.
var ErrNoRehearsal = errors.New("the link is no rehearsal")

// theirs are the opens of a link: those that the fold has come to, and those after.
const theirs = `(SELECT open_id FROM trees WHERE link_id = ? UNION ALL
	SELECT o.id FROM opens o, fold f WHERE o.id > f.open_id AND o.link_id = ?)`

// Wipe forgets every open of a rehearsal.
func Wipe(ctx context.Context, tx *data.Tx, linkID int64) error {
	// Until this is committed nobody appends below what goes.
	if _, err := share.Settled(ctx, tx); err != nil {
		return err
	}
	if err := data.Lock(ctx, tx, "fold"); err != nil {
		return err
	}
	l, err := share.ByID(ctx, tx, linkID)
	if err != nil {
		return err
	}
	if !l.Rehearsal {
		return ErrNoRehearsal
	}
	if err := plantTwigs(ctx, tx, linkID); err != nil {
		return err
	}
	for _, step := range []struct {
		statement string
		args      []any
	}{
		{`DELETE FROM keys WHERE open_id IN ` + theirs, []any{linkID, linkID}},
		{`DELETE FROM decisions WHERE open_id IN ` + theirs, []any{linkID, linkID}},
		{`DELETE FROM hands WHERE parent_id IN ` + theirs, []any{linkID, linkID}},
		{`DELETE FROM sharers WHERE open_id IN ` + theirs, []any{linkID, linkID}},
		{`DELETE FROM opens WHERE id IN ` + theirs, []any{linkID, linkID}},
		{`DELETE FROM trees WHERE link_id = ?`, []any{linkID}},
		{`DELETE FROM link_days WHERE day >= ? AND link_id = ?`, []any{share.Day(l.MadeAt), linkID}},
		{`DELETE FROM link_totals WHERE link_id = ?`, []any{linkID}},
		{`DELETE FROM tallies WHERE link_id = ?`, []any{linkID}},
		// A fold that has read them already must read again.
		{`UPDATE fold SET folded_at = folded_at + 1 WHERE id = 1`, nil},
	} {
		if _, err := tx.Exec(ctx, step.statement, step.args...); err != nil {
			return fmt.Errorf("wiping a rehearsal: %w", err)
		}
	}
	// And a server that remembers their tokens must forget them.
	return brand.NewEdition(ctx, tx)
}
