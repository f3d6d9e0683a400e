package drop

import (
	"context"
	"errors"
	"fmt"

	"ricochet.example/data"
)

// unsaved is how many drops that are not saved an account can fill with pictures and videos: forms are named by the
// browser that has them, so that there could be any number.
const unsaved = 4

// ErrManyUnsaved says that an account has as many pictures, or videos, of drops that are not saved as it may.
var ErrManyUnsaved = errors.New("as many uploads wait for drops to be saved as may")

// uploads are things of one kind that were uploaded for drops.
type uploads struct {
	table string
	most  int64 // that a drop may have
	full  error // that it has them
}

// room returns an error if another of them is one too many for a drop, or for the form of one that is not saved; what
// has the id is not counted. Until the transaction ends nobody else asks.
func (u uploads) room(ctx context.Context, tx *data.Tx, dropID, form, accountID, id string) error {
	owner := "drop " + dropID
	if dropID == "" {
		owner = "account " + accountID
	}
	if err := data.Lock(ctx, tx, u.table+" of "+owner); err != nil {
		return err
	}
	if dropID != "" {
		return u.below(ctx, tx, u.most, u.full, `drop_id = ?`, dropID, id)
	}
	if err := u.below(ctx, tx, u.most, u.full, `drop_id IS NULL AND added_by = ? AND form = ?`, accountID, form, id); err != nil {
		return err
	}
	return u.below(ctx, tx, unsaved*u.most, ErrManyUnsaved, `drop_id IS NULL AND added_by = ?`, accountID, id)
}

func (u uploads) below(ctx context.Context, tx *data.Tx, most int64, full error, which string, args ...any) error {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM `+u.table+` WHERE `+which+` AND id <> ?`, args...)
	if err != nil {
		return fmt.Errorf("counting what was uploaded: %w", err)
	}
	if n >= most {
		return full
	}
	return nil
}
