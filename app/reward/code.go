package reward

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ricochet.example/app/check"
	"ricochet.example/data"
)

// The bounds of a batch of codes: how many, and how long each is in characters.
const (
	MostCodes   = 10_000
	longestCode = 100
)

// ReadCodes reads codes that were pasted or uploaded: one a line, or the first column of a CSV. A first line that says
// what the column is has no digit where all others have some; it is left out. What is there twice is there once.
func ReadCodes(text string) (codes []string, p check.Problems) {
	seen := map[string]bool{}
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r", "\n")
	for l := range strings.Lines(text) {
		code := l
		if i := strings.IndexAny(l, ",;\t"); i >= 0 {
			code = l[:i]
		}
		code = strings.Trim(strings.TrimSpace(code), `"'`)
		if code == "" || seen[code] {
			continue
		}
		seen[code] = true
		codes = append(codes, code)
	}
	if headed(codes) {
		codes = codes[1:]
	}
	for _, code := range codes {
		p.Longest("codes", code, longestCode)
	}
	if len(codes) == 0 {
		p.Add("codes", "check.required")
	}
	if len(codes) > MostCodes {
		p.Add("codes", "reward.too_many_codes", "n", MostCodes)
	}
	return codes, p
}

// headed says whether the first of some lines is no code, but says what they are.
func headed(lines []string) bool {
	if len(lines) == 0 || strings.EqualFold(lines[0], "code") {
		return len(lines) > 0
	}
	plain := func(line string) bool { return !strings.ContainsAny(line, "0123456789") }
	return len(lines) > 1 && plain(lines[0]) && !slices.ContainsFunc(lines[1:], plain)
}

// AddCodes puts codes to a reward that hands them out, and returns how many were new: one that it ever had stays what
// it is. data.ErrNotFound says that the reward hands out none.
func AddCodes(ctx context.Context, tx *data.Tx, rewardID string, codes []string) (added int, err error) {
	r, err := ByID(ctx, tx, rewardID)
	if err == nil && !r.Codes {
		err = data.ErrNotFound
	}
	if err != nil {
		return 0, err
	}
	for _, code := range codes {
		n, err := tx.Exec(ctx, `INSERT INTO reward_codes (reward_id, code, added_at) VALUES (?, ?, ?) ON CONFLICT (reward_id, code) DO NOTHING`, rewardID, code, tx.Now())
		if err != nil {
			return 0, fmt.Errorf("adding a code: %w", err)
		}
		added += int(n)
	}
	return added, nil
}

// Spare returns the codes of a reward that are there to be given, the next one first: limit of them.
func Spare(ctx context.Context, tx *data.Tx, rewardID string, limit int) ([]string, error) {
	return data.All(ctx, tx, data.Text, `SELECT code FROM reward_codes WHERE reward_id = ? AND given_at IS NULL ORDER BY added_at, code LIMIT ?`, rewardID, limit)
}

// TakeBack takes codes from a reward that nobody was given, and returns how many those were: some of them, or all
// where none is named.
func TakeBack(ctx context.Context, tx *data.Tx, rewardID string, codes []string) (n int, err error) {
	if err := lock(ctx, tx, rewardID); err != nil {
		return 0, err
	}
	if len(codes) == 0 {
		all, err := tx.Exec(ctx, `DELETE FROM reward_codes WHERE reward_id = ? AND given_at IS NULL`, rewardID)
		return int(all), err
	}
	for _, code := range codes {
		one, err := tx.Exec(ctx, `DELETE FROM reward_codes WHERE reward_id = ? AND code = ? AND given_at IS NULL`, rewardID, code)
		if err != nil {
			return 0, fmt.Errorf("taking back a code: %w", err)
		}
		n += int(one)
	}
	return n, nil
}

// ErrNone says that there is nothing left of a reward.
var ErrNone = errors.New("nothing is left of the reward")

// give hands out a code to a claim. The reward is locked; that a code is given once is also what the table says.
func give(ctx context.Context, tx *data.Tx, rewardID, claimID string) error {
	n, err := tx.Exec(ctx, `UPDATE reward_codes SET given_at = ?, claim_id = ? WHERE reward_id = ? AND given_at IS NULL
		AND code = (SELECT code FROM reward_codes WHERE reward_id = ? AND given_at IS NULL ORDER BY added_at, code LIMIT 1)`,
		tx.Now(), claimID, rewardID, rewardID)
	if err != nil {
		return fmt.Errorf("handing out a code: %w", err)
	}
	if n == 0 {
		return ErrNone
	}
	return nil
}
