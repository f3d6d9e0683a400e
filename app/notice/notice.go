package notice

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/message"
	"ricochet.example/data"
)

// Notice is something to tell somebody, once.
type Notice struct {
	AccountID  string
	Kind       Kind
	About      string   // the id of a drop, a link, a level or a voice, a claim with its state, or a week: "2026-W47"
	Along      []string // what else of the kind is told together with it
	HappenedAt time.Time

	Email, Name, Language string // of whom it is for
	TimeZone              string // theirs; empty: the brand's

	MailedAt, PushedAt time.Time // when something of the same was told before; zero: never
}

// fresh is how long something can be told: a server that stood still for a weekend tells it late, and after that
// everybody has seen it anyway.
const fresh = 3 * 24 * time.Hour

// kept is how long it is known that something was told.
const kept = 30 * 24 * time.Hour

// News returns what has happened and is not noted yet. zone is the brand's.
func News(ctx context.Context, tx *data.Tx, zone *time.Location) ([]Notice, error) {
	since := tx.Now().Add(-fresh)
	var all []Notice
	for kind, events := range map[Kind]func(context.Context, *data.Tx, time.Time) ([]drop.Event, error){
		Opened: drop.OpenedSince, Shareable: drop.ShareableSince,
	} {
		found, err := events(ctx, tx, since)
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			all = append(all, Notice{AccountID: e.AccountID, Kind: kind, About: e.DropID, HappenedAt: e.At})
		}
	}
	err := data.Each(ctx, tx, func(row data.Row) error {
		n := Notice{Kind: First}
		err := row.Scan(&n.AccountID, &n.About, data.Time(&n.HappenedAt))
		all = append(all, n)
		return err
	}, `SELECT l.account_id, CAST(l.id AS TEXT), t.first_at FROM link_totals t JOIN links l ON l.id = t.link_id
		JOIN accounts a ON a.id = l.account_id AND a.role = 'ambassador' AND a.suspended_at IS NULL
		WHERE t.first_at > ? AND t.people > 0 AND l.rehearsal = 0 ORDER BY l.id`, since)
	if err != nil {
		return nil, err
	}
	claims, err := claimsSince(ctx, tx, since)
	if err != nil {
		return nil, err
	}
	all = append(all, claims...)
	weeks, err := weeksOver(ctx, tx, zone)
	if err != nil {
		return nil, err
	}
	return unknown(ctx, tx, append(all, weeks...), since)
}

// The first and the last place on earth where a day begins, in seconds east of Greenwich.
const (
	firstPlace = 14 * 60 * 60
	lastPlace  = -12 * 60 * 60
)

// weeksOver are the weeks of those who want to hear of theirs and for whom it is Monday now.
func weeksOver(ctx context.Context, tx *data.Tx, zone *time.Location) (all []Notice, err error) {
	now := tx.Now()
	if monday := time.Monday; now.In(time.FixedZone("", firstPlace)).Weekday() != monday && now.UTC().Weekday() != monday && now.In(time.FixedZone("", lastPlace)).Weekday() != monday {
		return nil, nil // nowhere
	}
	places := map[string]*time.Location{}
	return all, data.Each(ctx, tx, func(row data.Row) error {
		n := Notice{Kind: Digest, HappenedAt: now}
		if err := row.Scan(&n.AccountID, &n.TimeZone); err != nil {
			return err
		}
		place := places[n.TimeZone]
		if place == nil {
			place = account.Zone(n.TimeZone, zone)
			places[n.TimeZone] = place
		}
		if today := now.In(place); today.Weekday() == time.Monday {
			year, week := today.AddDate(0, 0, -1).ISOWeek()
			n.About = fmt.Sprintf("%d-W%02d", year, week)
			all = append(all, n)
		}
		return nil
	}, `SELECT a.id, a.time_zone FROM notice_choices c JOIN accounts a ON a.id = c.account_id
		WHERE c.kind = 'digest' AND c.way = 'mail' AND c.wanted = 1 AND a.role = 'ambassador' AND a.suspended_at IS NULL ORDER BY a.id`)
}

// unknown are those of some that are not noted yet, or noted for another time before anybody was told.
func unknown(ctx context.Context, tx *data.Tx, all []Notice, since time.Time) (news []Notice, err error) {
	known := map[[3]string]time.Time{}
	learn := func(row data.Row) error {
		var key [3]string
		var at time.Time
		var told bool
		err := row.Scan(&key[0], &key[1], &key[2], data.Time(&at), data.Bool(&told))
		if told {
			at = time.Time{}
		}
		known[key] = at
		return err
	}
	const noted = `SELECT account_id, kind, about, happened_at, mailed_at IS NOT NULL OR pushed_at IS NOT NULL FROM notices `
	// Most of a month's are too old to matter, and this is asked every minute.
	if err := data.Each(ctx, tx, learn, noted+`WHERE happened_at > ?`, since); err != nil {
		return nil, err
	}
	for _, n := range all {
		key := [3]string{n.AccountID, string(n.Kind), n.About}
		if _, ok := known[key]; !ok { // it is new, or its release was moved from longer ago
			if err := data.Each(ctx, tx, learn, noted+`WHERE account_id = ? AND kind = ? AND about = ?`, n.AccountID, string(n.Kind), n.About); err != nil {
				return nil, err
			}
		}
		at, ok := known[key]
		// A release that was moved before anybody was told of it is news again.
		moved := !at.IsZero() && !at.Equal(n.HappenedAt) && (n.Kind == Opened || n.Kind == Shareable)
		if !ok || moved {
			news = append(news, n)
		}
	}
	return news, nil
}

// Waiting says whether a mail may be due.
func Waiting(ctx context.Context, tx *data.Tx) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM notices WHERE mail_done = 0 LIMIT 1) one`)
	return n > 0, err
}

// Note keeps something to be told. What was told is not noted again.
func Note(ctx context.Context, tx *data.Tx, n Notice) error {
	_, err := tx.Exec(ctx, `INSERT INTO notices (account_id, kind, about, happened_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (account_id, kind, about) DO UPDATE SET happened_at = excluded.happened_at, mail_done = 0, push_done = 0
		WHERE notices.mailed_at IS NULL AND notices.pushed_at IS NULL`, n.AccountID, string(n.Kind), n.About, n.HappenedAt)
	return err
}

const columns = `n.account_id, n.kind, n.about, n.happened_at, a.email, a.name, a.language, a.time_zone, n.mailed_at, n.pushed_at`

func scan(row data.Row) (n Notice, err error) {
	return n, row.Scan(&n.AccountID, &n.Kind, &n.About, data.Time(&n.HappenedAt), &n.Email, &n.Name, &n.Language, &n.TimeZone, data.Time(&n.MailedAt), data.Time(&n.PushedAt))
}

// order puts the most pressing first.
const order = `CASE n.kind WHEN 'opened' THEN 1 WHEN 'shareable' THEN 2 WHEN 'first' THEN 3 WHEN 'reward' THEN 4 WHEN 'answered' THEN 5 WHEN 'level' THEN 6 ELSE 7 END, n.happened_at, n.about`

// Expire ends what cannot be told any more, and forgets it where nothing was told: its release may be moved yet.
func Expire(ctx context.Context, tx *data.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM notices WHERE happened_at <= ? AND mailed_at IS NULL AND pushed_at IS NULL`, tx.Now().Add(-fresh)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE notices SET mail_done = 1, push_done = 1
		WHERE (mail_done = 0 OR push_done = 0) AND happened_at <= ?`, tx.Now().Add(-fresh)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM notices WHERE happened_at <= ?`, tx.Now().Add(-kept))
	return err
}

// Due returns what is to be written as a mail now, and what nobody wants to have written. zone is the brand's. It only
// reads: of many members that takes long, and nobody's writes are to wait for it. Mailed is asked about each again.
func Due(ctx context.Context, tx *data.Tx, zone *time.Location) (mails, unwanted []Notice, err error) {
	waiting, err := data.All(ctx, tx, scan, `SELECT `+columns+` FROM notices n JOIN accounts a ON a.id = n.account_id
		WHERE n.mail_done = 0 AND a.suspended_at IS NULL ORDER BY a.id, `+order)
	if err != nil {
		return nil, nil, err
	}
	var wishes Wishes
	var stopped bool
	var place *time.Location
	of := ""
	for _, n := range waiting {
		if n.AccountID != of {
			if wishes, err = WishesOf(ctx, tx, n.AccountID); err != nil {
				return nil, nil, err
			}
			if stopped, err = message.Stopped(ctx, tx, n.Email); err != nil {
				return nil, nil, err
			}
			place, of = account.Zone(n.TimeZone, zone), n.AccountID
		}
		switch {
		case stopped || !wishes.Wants[n.Kind][Mail]:
			unwanted = append(unwanted, n)
		case gathers(mails, n) || n.settles(tx.Now()):
		case !wishes.Quiet(tx.Now().In(place)):
			mails = append(mails, n)
		}
	}
	return mails, unwanted, nil
}

// May says whether the person may know of it now: a release can be moved after it was noted.
func (n Notice) May(ctx context.Context, tx *data.Tx) (bool, error) {
	var err error
	switch n.Kind {
	case Shareable:
		return drop.IsShareable(ctx, tx, n.AccountID, n.About)
	case Opened, First:
		_, _, err = DropOf(ctx, tx, n)
	case Reward:
		_, err = ClaimOf(ctx, tx, n)
	case Level:
		_, err = LevelOf(ctx, tx, n)
	case Answered:
		_, err = AnsweredOf(ctx, tx, n)
	}
	if errors.Is(err, data.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Mailed notes that a mail is written, and says whether it was not before: of several servers one hears yes.
func Mailed(ctx context.Context, tx *data.Tx, n Notice) (first bool, err error) {
	for i, about := range append([]string{n.About}, n.Along...) {
		rows, err := tx.Exec(ctx, `UPDATE notices SET mail_done = 1, mailed_at = ? WHERE account_id = ? AND kind = ? AND about = ? AND mail_done = 0`, tx.Now(), n.AccountID, string(n.Kind), about)
		if err != nil || i == 0 && rows == 0 {
			return false, err
		}
	}
	return true, nil
}

// Unmailed notes that a mail is not wanted.
func Unmailed(ctx context.Context, tx *data.Tx, n Notice) error {
	_, err := tx.Exec(ctx, `UPDATE notices SET mail_done = 1 WHERE account_id = ? AND kind = ? AND about = ?`, n.AccountID, string(n.Kind), n.About)
	return err
}

// DropOf returns the drop that a notice is about, and for its first open the link; the others are about none. What the
// person may not read now is not found.
func DropOf(ctx context.Context, tx *data.Tx, n Notice) (d drop.Drop, link int64, err error) {
	switch n.Kind {
	case Opened, Shareable:
		d, err = drop.VisibleByID(ctx, tx, n.AccountID, n.About)
	case First:
		if link, err = strconv.ParseInt(n.About, 10, 64); err != nil {
			return d, 0, err
		}
		var dropID string
		if dropID, err = data.One(ctx, tx, data.Text, `SELECT drop_id FROM links WHERE id = ?`, link); err == nil {
			d, err = drop.VisibleByID(ctx, tx, n.AccountID, dropID)
		}
	}
	return d, link, err
}

// Week is what came of seven days for one ambassador.
type Week struct {
	People int64 // reached by their links
	Drops  int   // that opened to them
}

// WeekOf is the week before the day of an instant: the seven days that a digest of that day is about, each from one
// midnight to the next as they are counted, which is UTC's. Where it is Monday long before that, the last of them that
// is over is the Saturday: no day is left out of one digest and not in the next.
func WeekOf(ctx context.Context, tx *data.Tx, accountID string, at time.Time) (w Week, err error) {
	day := min(time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC).Unix(), tx.Now().Unix()) / 86400
	if w.People, err = data.Int(ctx, tx, `SELECT coalesce(sum(t.people), 0) FROM link_days t JOIN links l ON l.id = t.link_id
		WHERE l.account_id = ? AND l.rehearsal = 0 AND t.day >= ? AND t.day < ?`, accountID, day-7, day); err != nil {
		return w, err
	}
	w.Drops, err = drop.OpenedFor(ctx, tx, accountID, at.AddDate(0, 0, -7))
	return w, err
}
