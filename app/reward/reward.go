package reward

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Reward is something that members can get, as long as there is some of it.
type Reward struct {
	ID        string
	Name      string
	About     string
	LevelID   string // from which on; empty: for every member
	Stock     int    // how many there ever were; of codes, how many
	PerPerson int    // how many one person can get
	Sizes     string // to choose from, one a line; empty: there is one
	Address   bool   // it is sent by post
	Codes     bool   // it is a code from a batch
	AtOnce    bool   // the code is given when it is asked for, without anybody who approves
	MadeAt    time.Time
	EndedAt   time.Time // zero: it is offered

	Taken   int // of the stock: asked for and not declined, or sent
	Waiting int // of those, not sent yet
}

// The lengths of what is said of a reward, in characters, and its bounds.
const (
	LongestAbout = 500
	longestSize  = 30
	mostSizes    = 20
	mostStock    = 100_000
	mostEach     = 100
)

// Left is how many more can be asked for; never below 0.
func (r Reward) Left() int { return max(r.Stock-r.Taken, 0) }

// Choices returns the sizes.
func (r Reward) Choices() (sizes []string) {
	for s := range strings.Lines(r.Sizes) {
		if s = strings.TrimSpace(s); s != "" {
			sizes = append(sizes, s)
		}
	}
	return sizes
}

// Check returns what keeps the reward from being offered or changed.
func (r Reward) Check() (p check.Problems) {
	p.Filled("name", r.Name)
	p.Longest("name", r.Name, LongestName)
	p.Longest("about", r.About, LongestAbout)
	p.Between("per_person", r.PerPerson, 1, mostEach)
	sizes := r.Choices()
	if len(sizes) > mostSizes {
		p.Add("sizes", "reward.too_many_sizes", "n", mostSizes)
	}
	for _, s := range sizes {
		p.Longest("sizes", s, longestSize)
	}
	switch {
	case r.Codes && r.Address:
		p.Add("address", "reward.code_or_post")
	case r.Codes && len(sizes) > 0:
		p.Add("sizes", "reward.code_or_post")
	case r.AtOnce && !r.Codes:
		p.Add("at_once", "reward.at_once_codes")
	}
	if !r.Codes { // the stock of codes is the codes
		p.Between("stock", r.Stock, 0, mostStock)
		if r.Stock < r.Taken {
			p.Add("stock", "reward.below_taken", "n", r.Taken)
		}
	}
	return p
}

const columns = `r.id, r.name, r.about, coalesce(r.level_id, ''),
	CASE WHEN r.codes = 1 THEN (SELECT count(*) FROM reward_codes k WHERE k.reward_id = r.id) ELSE r.stock END,
	r.per_person, r.sizes, r.address, r.codes, r.at_once, r.made_at, r.ended_at,
	(SELECT count(*) FROM claims t WHERE t.reward_id = r.id AND t.state IN ('earned', 'approved', 'sent')),
	(SELECT count(*) FROM claims t WHERE t.reward_id = r.id AND t.state IN ('earned', 'approved'))`

func scan(row data.Row) (r Reward, err error) {
	return r, row.Scan(&r.ID, &r.Name, &r.About, &r.LevelID, &r.Stock, &r.PerPerson, &r.Sizes, data.Bool(&r.Address), data.Bool(&r.Codes),
		data.Bool(&r.AtOnce), data.Time(&r.MadeAt), data.Time(&r.EndedAt), &r.Taken, &r.Waiting)
}

// ByID returns a reward, or data.ErrNotFound.
func ByID(ctx context.Context, tx *data.Tx, rewardID string) (Reward, error) {
	return data.One(ctx, tx, scan, `SELECT `+columns+` FROM rewards r WHERE r.id = ?`, rewardID)
}

// All returns every reward: those that are offered first, by level, then by name.
func All(ctx context.Context, tx *data.Tx) ([]Reward, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+` FROM rewards r LEFT JOIN levels v ON v.id = r.level_id
		ORDER BY CASE WHEN r.ended_at IS NULL THEN 0 ELSE 1 END, coalesce(v.place, 0), lower(r.name), r.id`)
}

// lock lets nobody else ask for the reward, hand out its codes or change its stock until the transaction ends.
func lock(ctx context.Context, tx *data.Tx, rewardID string) error {
	return data.Lock(ctx, tx, "reward "+rewardID)
}

// Offer makes a reward that has passed Check, and returns it with its id.
func Offer(ctx context.Context, tx *data.Tx, r Reward) (Reward, error) {
	if err := lockLevels(ctx, tx); err != nil {
		return r, err
	}
	r = r.tidy()
	r.ID, r.MadeAt = id.New(), tx.Now()
	_, err := tx.Exec(ctx, `INSERT INTO rewards (id, name, about, level_id, stock, per_person, sizes, address, codes, at_once, made_at, ended_at)
		VALUES (?, ?, ?, (SELECT id FROM levels WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?)`, r.ID, r.Name, r.About, r.LevelID, r.Stock, r.PerPerson, r.Sizes,
		r.Address, r.Codes, r.AtOnce, r.MadeAt, r.EndedAt)
	if err != nil {
		return r, fmt.Errorf("offering a reward: %w", err)
	}
	return r, nil
}

// ErrBelow says that more of a reward is taken than there would be.
var ErrBelow = errors.New("more of the reward is taken than there would be")

// Change replaces what is said of a reward by what has passed Check, and how many there are. Whether it is a code stays
// as it is. ErrBelow says that more were taken meanwhile.
func Change(ctx context.Context, tx *data.Tx, r Reward) error {
	if err := lockLevels(ctx, tx); err != nil {
		return err
	}
	if err := lock(ctx, tx, r.ID); err != nil {
		return err
	}
	before, err := ByID(ctx, tx, r.ID)
	if err != nil {
		return err
	}
	if !before.Codes && r.Stock < before.Taken {
		return ErrBelow
	}
	r = r.tidy()
	_, err = tx.Exec(ctx, `UPDATE rewards SET name = ?, about = ?, level_id = (SELECT id FROM levels WHERE id = ?), stock = ?, per_person = ?, sizes = ?,
			address = ?, at_once = ?, ended_at = ?
		WHERE id = ?`, r.Name, r.About, r.LevelID, r.Stock, r.PerPerson, r.Sizes, r.Address, r.AtOnce, r.EndedAt, r.ID)
	if err != nil {
		return fmt.Errorf("changing a reward: %w", err)
	}
	return nil
}

func (r Reward) tidy() Reward {
	r.Name, r.About, r.Sizes = strings.TrimSpace(r.Name), strings.TrimSpace(r.About), strings.Join(r.Choices(), "\n")
	if r.Codes {
		r.Stock = 0 // it is counted
	}
	return r
}
