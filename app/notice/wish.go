// Package notice knows what there is to tell ambassadors, what each of them wants to hear of and how, and that
// nobody is told anything twice, at night, or before they may know.
package notice

import (
	"context"
	"errors"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/check"
	"ricochet.example/data"
)

// Kind is what a notice is about.
type Kind string

// The kinds, the most pressing first.
const (
	Opened    Kind = "opened"    // a drop can be read
	Shareable Kind = "shareable" // and, later than that, shared
	First     Kind = "first"     // somebody opened a link of theirs for the first time
	Reward    Kind = "reward"    // something became of a reward that they asked for
	Answered  Kind = "answered"  // something became of what they said
	Level     Kind = "level"     // they reached a level
	Digest    Kind = "digest"    // what came of a week
)

// Kinds are all of them, in that order.
var Kinds = []Kind{Opened, Shareable, First, Reward, Answered, Level, Digest}

// Way is how somebody is told.
type Way string

// The ways.
const (
	Mail Way = "mail"
	Push Way = "push"
)

// Ways are both.
var Ways = []Way{Mail, Push}

// Can says whether a kind is told in a way at all: a week does not fit on a lock screen.
func (k Kind) Can(w Way) bool { return k != Digest || w == Mail }

// Usual says whether it is, of somebody who chose nothing.
func (k Kind) Usual(w Way) bool {
	switch k {
	case Digest:
		return false
	case Answered:
		return w == Mail
	}
	return w == Push || k == Opened || k == Reward
}

// Wishes are what somebody wants to hear of, how and when.
type Wishes struct {
	Wants map[Kind]map[Way]bool
	// Between these hours of their day nothing is sent; equal: at any time.
	QuietFrom, QuietUntil int
	TimeZone              string // of their day, as in the tz database; empty: the brand's
	Often                 bool   // more than one push a day
}

// Check returns what keeps the wishes from being kept.
func (w Wishes) Check() (p check.Problems) {
	if w.QuietFrom < 0 || w.QuietFrom > 23 {
		p.Add("quiet_from", "check.choice")
	}
	if w.QuietUntil < 0 || w.QuietUntil > 23 {
		p.Add("quiet_until", "check.choice")
	}
	for field, problem := range account.CheckZone(w.TimeZone) {
		p.Add(field, problem.Key, problem.Args...)
	}
	return p
}

// Quiet says whether nothing is sent at an instant of their day.
func (w Wishes) Quiet(at time.Time) bool {
	h := at.Hour()
	if w.QuietFrom <= w.QuietUntil {
		return w.QuietFrom <= h && h < w.QuietUntil
	}
	return h >= w.QuietFrom || h < w.QuietUntil
}

// WishesOf returns those of an account.
func WishesOf(ctx context.Context, tx *data.Tx, accountID string) (w Wishes, err error) {
	w.Wants = map[Kind]map[Way]bool{}
	for _, k := range Kinds {
		w.Wants[k] = map[Way]bool{}
		for _, way := range Ways {
			w.Wants[k][way] = k.Can(way) && k.Usual(way)
		}
	}
	err = data.Each(ctx, tx, func(row data.Row) error {
		return row.Scan(&w.QuietFrom, &w.QuietUntil, data.Bool(&w.Often), &w.TimeZone)
	}, `SELECT quiet_from, quiet_until, push_often, time_zone FROM accounts WHERE id = ?`, accountID)
	if err != nil {
		return w, err
	}
	return w, data.Each(ctx, tx, func(row data.Row) error {
		var k Kind
		var way Way
		var wanted bool
		err := row.Scan(&k, &way, data.Bool(&wanted))
		if w.Wants[k] != nil && k.Can(way) {
			w.Wants[k][way] = wanted
		}
		return err
	}, `SELECT kind, way, wanted FROM notice_choices WHERE account_id = ?`, accountID)
}

// SetWishes keeps what an account wants from now on.
func SetWishes(ctx context.Context, tx *data.Tx, accountID string, w Wishes) error {
	if p := w.Check(); !p.OK() {
		return errors.New("hours that no day has, or a time zone that there is not")
	}
	for _, k := range Kinds {
		for _, way := range Ways {
			if k.Can(way) {
				if err := choose(ctx, tx, accountID, k, way, w.Wants[k][way]); err != nil {
					return err
				}
			}
		}
	}
	_, err := tx.Exec(ctx, `UPDATE accounts SET quiet_from = ?, quiet_until = ?, push_often = ?, time_zone = ? WHERE id = ?`,
		w.QuietFrom, w.QuietUntil, w.Often, w.TimeZone, accountID)
	return err
}

func choose(ctx context.Context, tx *data.Tx, accountID string, k Kind, w Way, wanted bool) error {
	_, err := tx.Exec(ctx, `INSERT INTO notice_choices (account_id, kind, way, wanted) VALUES (?, ?, ?, ?)
		ON CONFLICT (account_id, kind, way) DO UPDATE SET wanted = excluded.wanted`, accountID, string(k), string(w), wanted)
	return err
}

// Stop ends the mails of a kind to an account. That there is no such account is no error.
func Stop(ctx context.Context, tx *data.Tx, accountID string, k Kind) error {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM accounts WHERE id = ?`, accountID)
	if err != nil || n == 0 {
		return err
	}
	return choose(ctx, tx, accountID, k, Mail, false)
}

// Chosen says whether an account has ever chosen what to hear of, or how.
func Chosen(ctx context.Context, tx *data.Tx, accountID string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT (SELECT count(*) FROM notice_choices WHERE account_id = ?)
		+ (SELECT count(*) FROM push_subscriptions WHERE account_id = ?)`, accountID, accountID)
	return n > 0, err
}
