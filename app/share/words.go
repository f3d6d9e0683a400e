package share

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/visit"
	"ricochet.example/data"
)

// LongestWords is how long a member's own message may be, in characters.
const LongestWords = 1000

// CheckWords says what keeps words from being kept.
func CheckWords(words string) (p check.Problems) {
	p.Longest("words", words, LongestWords)
	return p
}

// OwnWords are what a member said of a drop the last time in words of their own, or nothing.
func OwnWords(ctx context.Context, tx *data.Tx, accountID, dropID string) (string, error) {
	words, err := data.One(ctx, tx, func(r data.Row) (s string, err error) { return s, r.Scan(&s) },
		`SELECT words FROM own_words WHERE account_id = ? AND drop_id = ?`, accountID, dropID)
	if errors.Is(err, data.ErrNotFound) {
		err = nil
	}
	return words, err
}

// KeepWords keeps a member's own words on a drop for the next time.
func KeepWords(ctx context.Context, tx *data.Tx, accountID, dropID, words string) error {
	_, err := tx.Exec(ctx, `INSERT INTO own_words (account_id, drop_id, words, kept_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (account_id, drop_id) DO UPDATE SET words = excluded.words, kept_at = excluded.kept_at`, accountID, dropID, words, tx.Now())
	if err != nil {
		return fmt.Errorf("keeping a member's words: %w", err)
	}
	return nil
}

// ForgetWords lets a member begin again with the ready-made messages.
func ForgetWords(ctx context.Context, tx *data.Tx, accountID, dropID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM own_words WHERE account_id = ? AND drop_id = ?`, accountID, dropID)
	return err
}

// Circles are those that a member can note having told.
var Circles = []string{"friends", "family", "team", "colleagues"}

// Told is when a member told which circle of a drop.
type Told struct {
	Circle string
	At     time.Time
}

// ToldOf returns a member's notes on a drop.
func ToldOf(ctx context.Context, tx *data.Tx, accountID, dropID string) ([]Told, error) {
	return data.All(ctx, tx, func(r data.Row) (t Told, err error) { return t, r.Scan(&t.Circle, data.Time(&t.At)) },
		`SELECT circle, told_at FROM circles_told WHERE account_id = ? AND drop_id = ? ORDER BY circle`, accountID, dropID)
}

// Tell notes that a member told a circle of a drop, or takes the note back.
func Tell(ctx context.Context, tx *data.Tx, accountID, dropID, circle string, told bool) error {
	if !slices.Contains(Circles, circle) {
		return data.ErrNotFound
	}
	var err error
	if told {
		_, err = tx.Exec(ctx, `INSERT INTO circles_told (account_id, drop_id, circle, told_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (account_id, drop_id, circle) DO NOTHING`, accountID, dropID, circle, tx.Now())
	} else {
		_, err = tx.Exec(ctx, `DELETE FROM circles_told WHERE account_id = ? AND drop_id = ? AND circle = ?`, accountID, dropID, circle)
	}
	if err != nil {
		return fmt.Errorf("noting whom a member told: %w", err)
	}
	return nil
}

// The rules under which tallies of begun shares stand: a member's own, so that they can be told from those of
// readers of the link.
const (
	ByOwner  = "own"
	ByReader = "go"
)

// habit is how far back it is looked which channels a member uses, in days.
const habit = 180

// Used returns the channels that a member has begun to share through lately, the most used first.
func Used(ctx context.Context, tx *data.Tx, accountID string) ([]visit.Channel, error) {
	return data.All(ctx, tx, func(r data.Row) (c visit.Channel, err error) { return c, r.Scan(&c) },
		`SELECT t.channel FROM tallies t JOIN links l ON l.id = t.link_id
		WHERE l.account_id = ? AND t.kind = ? AND t.rule = ? AND t.day > ?
		GROUP BY t.channel ORDER BY sum(t.count) DESC, max(t.last_at) DESC, t.channel`,
		accountID, int64(Intended), ByOwner, Day(tx.Now())-habit)
}

// Begun returns those of a member's links that they have begun to share, by any button.
func Begun(ctx context.Context, tx *data.Tx, accountID string) (map[int64]bool, error) {
	begun := map[int64]bool{}
	return begun, data.Each(ctx, tx, func(r data.Row) error {
		var link int64
		err := r.Scan(&link)
		begun[link] = true
		return err
	}, `SELECT DISTINCT t.link_id FROM links l JOIN tallies t ON t.link_id = l.id
		WHERE l.account_id = ? AND l.rehearsal = 0 AND t.kind = ? AND t.rule = ?`, accountID, int64(Intended), ByOwner)
}

// SharersIn returns the members of a squad who have begun to share a drop, or any drop if it is not named, or whose
// link of it somebody opened.
func SharersIn(ctx context.Context, tx *data.Tx, squadID, dropID string) (map[string]bool, error) {
	which, args := ``, []any{squadID, int64(Intended), ByOwner}
	if dropID != "" {
		which, args = ` AND l.drop_id = ?`, append(args, dropID)
	}
	all, err := data.All(ctx, tx, data.Text, `SELECT DISTINCT l.account_id FROM members m JOIN links l ON l.account_id = m.account_id
		WHERE m.squad_id = ? AND l.rehearsal = 0 AND (EXISTS (SELECT 1 FROM tallies t WHERE t.link_id = l.id AND t.kind = ? AND t.rule = ?)
			OR EXISTS (SELECT 1 FROM link_totals t WHERE t.link_id = l.id AND t.people > 0))`+which, args...)
	shared := make(map[string]bool, len(all))
	for _, id := range all {
		shared[id] = true
	}
	return shared, err
}
