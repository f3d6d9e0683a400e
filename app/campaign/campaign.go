// Package campaign knows the goals that drops are shared for, and when.
package campaign

import (
	"context"
	"errors"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Campaign is a goal with dates. It holds drops, and the points of its links are ranked together.
type Campaign struct {
	ID        string
	Name      string
	Goal      string
	StartsAt  time.Time
	EndsAt    time.Time
	Most      int // points that one person can be worth (L in the formula of the score)
	CreatedAt time.Time
	JudgesAll bool // small groups of held opens do not clear by themselves (package share): each waits for a person
}

// DefaultMost is the Most that a new campaign is offered; 2 or 3 is wiser when a prize is at stake.
const DefaultMost = 5

// HighestMost bounds Most, and with it what one undetected fake can gain.
const HighestMost = 10

// The lengths of what a campaign says of itself, in characters.
const (
	longestName = 80
	longestGoal = 300
)

// Check returns what keeps the campaign from being made or changed.
func (c Campaign) Check() (p check.Problems) {
	p.Filled("name", c.Name)
	p.Longest("name", c.Name, longestName)
	p.Longest("goal", c.Goal, longestGoal)
	if c.StartsAt.IsZero() {
		p.Add("starts_at", "check.required")
	}
	if c.EndsAt.IsZero() {
		p.Add("ends_at", "check.required")
	}
	if !c.EndsAt.After(c.StartsAt) {
		p.Add("ends_at", "campaign.ends_first")
	}
	p.Between("most", c.Most, 1, HighestMost)
	return p
}

// Runs says whether the campaign is under way.
func (c Campaign) Runs(now time.Time) bool { return !now.Before(c.StartsAt) && now.Before(c.EndsAt) }

const columns = `id, name, goal, starts_at, ends_at, most, created_at, judges_all`

func scan(row data.Row) (c Campaign, err error) {
	return c, row.Scan(&c.ID, &c.Name, &c.Goal, data.Time(&c.StartsAt), data.Time(&c.EndsAt), &c.Most, data.Time(&c.CreatedAt), data.Bool(&c.JudgesAll))
}

// Create makes a campaign that has passed Check, and returns it with its id.
func Create(ctx context.Context, tx *data.Tx, c Campaign) (Campaign, error) {
	c = c.tidy()
	c.ID, c.CreatedAt = id.New(), tx.Now()
	_, err := tx.Exec(ctx, `INSERT INTO campaigns (`+columns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.Name, c.Goal, c.StartsAt, c.EndsAt, c.Most, c.CreatedAt, c.JudgesAll)
	return c, err
}

// ErrSettled is that the points of a campaign cannot be changed any more.
var ErrSettled = errors.New("the points of a campaign are settled when its first link is made")

// Change replaces what the campaign says of itself, and its dates. Most can be changed until the first link
// is made: then people have been told what counts, and ErrSettled says so.
func Change(ctx context.Context, tx *data.Tx, c Campaign) error {
	c = c.tidy()
	before, err := ByID(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if settled, err := Settled(ctx, tx, c.ID); err != nil {
		return err
	} else if settled && c.Most != before.Most {
		return ErrSettled
	}
	_, err = tx.Exec(ctx, `UPDATE campaigns SET name = ?, goal = ?, starts_at = ?, ends_at = ?, most = ?, judges_all = ? WHERE id = ?`,
		c.Name, c.Goal, c.StartsAt, c.EndsAt, c.Most, c.JudgesAll, c.ID)
	return err
}

// Settled says whether the campaign's Most is settled.
func Settled(ctx context.Context, tx *data.Tx, campaignID string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT CASE WHEN EXISTS (SELECT 1 FROM links WHERE campaign_id = ?) THEN 1 ELSE 0 END`, campaignID)
	return n > 0, err
}

func (c Campaign) tidy() Campaign {
	c.Name, c.Goal = strings.TrimSpace(c.Name), strings.TrimSpace(c.Goal)
	return c
}

// ByID returns one campaign, or data.ErrNotFound.
func ByID(ctx context.Context, tx *data.Tx, campaignID string) (Campaign, error) {
	return data.One(ctx, tx, scan, `SELECT `+columns+` FROM campaigns WHERE id = ?`, campaignID)
}

// All returns every campaign, the one that starts last first.
func All(ctx context.Context, tx *data.Tx) ([]Campaign, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+` FROM campaigns ORDER BY starts_at DESC, id DESC`)
}

// Judged returns the names of the campaigns in which every group of held opens waits for a person, as far as a squad reads
// anything of them.
func Judged(ctx context.Context, tx *data.Tx, squadID string) ([]string, error) {
	return data.All(ctx, tx, data.Text, `SELECT c.name FROM campaigns c WHERE c.judges_all = 1
		AND EXISTS (SELECT 1 FROM drops d JOIN release_steps step ON step.drop_id = d.id
			WHERE d.campaign_id = c.id AND step.squad_id = ? AND step.opens_at <= ?) ORDER BY c.name, c.id`, squadID, tx.Now())
}

// Current returns the campaigns that are under way, the one that ends first first.
func Current(ctx context.Context, tx *data.Tx) ([]Campaign, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+` FROM campaigns
		WHERE starts_at <= ? AND ends_at > ? ORDER BY ends_at, id`, tx.Now(), tx.Now())
}
