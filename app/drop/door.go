package drop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ricochet.example/app/brand"
	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Hops is how far readers may pass a drop on.
type Hops string

// What there is to choose. Whoever opens an ambassador's link is one hop away from them.
const (
	AnyHops Hops = "" // as far as it gets
	NoHops  Hops = "0"
	OneHop  Hops = "1"
	TwoHops Hops = "2"
)

// AllHops are the choices, the widest first.
var AllHops = []Hops{AnyHops, TwoHops, OneHop, NoHops}

// HopsOf returns how far readers may pass a drop on.
func HopsOf(ctx context.Context, tx *data.Tx, dropID string) (Hops, error) {
	n, err := data.Int(ctx, tx, `SELECT coalesce(hops, -1) FROM drops WHERE id = ?`, dropID)
	if err != nil || n < 0 {
		return AnyHops, err
	}
	return Hops(fmt.Sprint(n)), nil
}

// SetHops decides how far readers may pass a drop on from now on. It is one of AllHops.
func SetHops(ctx context.Context, tx *data.Tx, dropID string, h Hops) error {
	var n any
	switch h {
	case NoHops, OneHop, TwoHops:
		n = int64(h[0] - '0')
	}
	if _, err := tx.Exec(ctx, `UPDATE drops SET hops = ? WHERE id = ?`, n, dropID); err != nil {
		return err
	}
	return brand.NewEdition(ctx, tx)
}

// Doors gives a code to every drop that has none.
func Doors(ctx context.Context, tx *data.Tx) error {
	without, err := data.All(ctx, tx, data.Text, `SELECT id FROM drops WHERE door IS NULL ORDER BY id`)
	for _, dropID := range without {
		if err := openDoor(ctx, tx, dropID); err != nil {
			return err
		}
	}
	return err
}

func openDoor(ctx context.Context, tx *data.Tx, dropID string) error {
	_, err := tx.Exec(ctx, `UPDATE drops SET door = ? WHERE id = ? AND door IS NULL`, id.Code(), dropID)
	return err
}

// DoorOf returns the code of the door by which members come to a drop; it is empty as long as no server was started
// since an earlier version made the drop.
func DoorOf(ctx context.Context, tx *data.Tx, dropID string) (string, error) {
	return data.One(ctx, tx, data.Text, `SELECT coalesce(door, '') FROM drops WHERE id = ?`, dropID)
}

// Entry is what a door leads an account to.
type Entry int

// What a door can lead to. Whoever it is nothing to is not told whether there is such a door.
const (
	Shut  Entry = iota // nothing
	Open               // the drop, which they may read
	Early              // the drop, which they may read later
	Away               // a drop of which they have a link, and which was taken back for now
)

// ByDoor returns what a door leads an account to, and the drop where it is something to them.
func ByDoor(ctx context.Context, tx *data.Tx, code, accountID string) (dropID string, e Entry, err error) {
	dropID, err = data.One(ctx, tx, data.Text, `SELECT id FROM drops WHERE door = ?`, code)
	if errors.Is(err, data.ErrNotFound) || accountID == "" {
		return "", Shut, ignore(err)
	}
	if err != nil {
		return "", Shut, err
	}
	_, err = VisibleByID(ctx, tx, accountID, dropID)
	if err == nil {
		return dropID, Open, nil
	}
	if !errors.Is(err, data.ErrNotFound) {
		return "", Shut, err
	}
	coming, err := Upcoming(ctx, tx, accountID)
	for _, c := range coming {
		if c.DropID == dropID {
			return dropID, Early, err
		}
	}
	if err != nil {
		return "", Shut, err
	}
	if away, err := IsAway(ctx, tx, accountID, dropID); away || err != nil {
		return "", Away, err
	}
	return "", Shut, nil
}

func ignore(err error) error {
	if errors.Is(err, data.ErrNotFound) {
		return nil
	}
	return err
}

// SquadDoor is the door of a drop that a squad may read.
type SquadDoor struct {
	DropID, Code, Title, Language string
	OpensAt, ShareableAt          time.Time // for that squad
}

// DoorsOf returns the doors of the drops that a squad may read by now, the last n, the newest first.
func DoorsOf(ctx context.Context, tx *data.Tx, squadID string, n int) ([]SquadDoor, error) {
	return data.All(ctx, tx, func(row data.Row) (d SquadDoor, err error) {
		return d, row.Scan(&d.DropID, &d.Code, &d.Title, &d.Language, data.Time(&d.OpensAt), data.Time(&d.ShareableAt))
	}, `SELECT d.id, d.door, v.title, d.language, s.opens_at, s.shareable_at`+shown+`JOIN release_steps s ON s.drop_id = d.id
		WHERE s.squad_id = ? AND s.opens_at <= ? AND d.door IS NOT NULL ORDER BY s.opens_at DESC, d.id DESC LIMIT ?`, squadID, tx.Now(), n)
}
