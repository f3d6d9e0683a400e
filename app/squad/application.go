package squad

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/data"
)

// Application is the wish of somebody to be in a squad who is not in it by an invitation alone: somebody has to
// decide, a guardian to agree, or a seat to get free first.
type Application struct {
	ID        string
	SquadID   string
	AccountID string
	Code      string // of the invitation
	Invited   bool   // they in person, so that nobody has to decide
	Answers   []Answer
	State     Stage
	AskedAt   time.Time
	WaitsFrom time.Time // zero: not in the line for a seat
	DecidedAt time.Time
	Reason    string // why they were declined, in the words of who decided

	Squad    string // its name
	Name     string // of the applicant
	Email    string
	Language string
	Decider  string // name of who decided; empty: nobody, or somebody who is gone
	Guardian string // address of who has to agree; empty for adults
	Sponsor  string // name of the member whose invitation or link they came by; empty: nobody's
	Reader   bool   // they read a drop by that member's link
}

// Answer is a question as it was asked, and what the applicant said.
type Answer struct {
	Question string `json:"q"`
	Text     string `json:"a"`
}

// Stage is where an application stands.
type Stage string

// The stages. Those before Joined are open.
const (
	AtGuardian Stage = "guardian" // a guardian has to agree first
	Asked      Stage = "asked"    // somebody has to decide
	InLine     Stage = "waiting"  // for a free seat
	Joined     Stage = "joined"
	Declined   Stage = "declined"
	Withdrawn  Stage = "withdrawn"
	Removed    Stage = "removed" // was a member; comes back by a personal invitation only
)

// Open says whether something can still come of it.
func (s Stage) Open() bool { return s == AtGuardian || s == Asked || s == InLine }

const open = `('guardian', 'asked', 'waiting')`

// Why somebody cannot have what others can.
var (
	ErrAsks     = errors.New("the squad takes nobody unasked")
	ErrDeclined = errors.New("they were declined lately")
	ErrRemoved  = errors.New("they were taken out of the squad")
	ErrDecided  = errors.New("somebody else has decided")
)

// AgainAfter is how long somebody who was declined waits before they may apply once more.
const AgainAfter = 30 * 24 * time.Hour

// The lengths of answers and reasons, in characters.
const (
	longestAnswer = 500
	longestReason = 500
)

// CheckAnswers returns what is wrong with answers; the nth is the field "answer<n>", from 1.
func CheckAnswers(answers []Answer) (p check.Problems) {
	for n, a := range answers {
		field := fmt.Sprintf("answer%d", n+1)
		p.Filled(field, a.Text)
		p.Longest(field, a.Text, longestAnswer)
	}
	return p
}

// CheckReason returns what is wrong with the reason for declining somebody.
func CheckReason(reason string) (p check.Problems) {
	p.Filled("reason", reason)
	p.Longest("reason", reason, longestReason)
	return p
}

const applicationRows = `SELECT p.id, p.squad_id, p.account_id, p.code, p.invited, p.answers, p.state, p.asked_at, p.waits_from, p.decided_at,
		p.reason, s.name, a.name, a.email, a.language, coalesce(w.name, ''), coalesce(g.guardian, ''),
		coalesce(b.name, ''), CASE WHEN i.link_id IS NULL THEN 0 ELSE 1 END
	FROM applications p JOIN squads s ON s.id = p.squad_id JOIN accounts a ON a.id = p.account_id
	LEFT JOIN accounts w ON w.id = p.decided_by LEFT JOIN ages g ON g.account_id = p.account_id
	LEFT JOIN invitations i ON i.code = p.code LEFT JOIN accounts b ON b.id = i.made_by AND b.role = 'ambassador' `

func scanApplication(row data.Row) (a Application, err error) {
	var answers string
	err = row.Scan(&a.ID, &a.SquadID, &a.AccountID, &a.Code, data.Bool(&a.Invited), &answers, &a.State, data.Time(&a.AskedAt), data.Time(&a.WaitsFrom),
		data.Time(&a.DecidedAt), &a.Reason, &a.Squad, &a.Name, &a.Email, &a.Language, &a.Decider, &a.Guardian,
		&a.Sponsor, data.Bool(&a.Reader))
	if err != nil {
		return a, err
	}
	if err := json.Unmarshal([]byte(answers), &a.Answers); err != nil {
		return a, fmt.Errorf("reading what an applicant said: %w", err)
	}
	return a, nil
}

// ApplicationOf returns the application of an account to a squad, whatever became of it, or data.ErrNotFound.
func ApplicationOf(ctx context.Context, tx *data.Tx, squadID, accountID string) (Application, error) {
	return data.One(ctx, tx, scanApplication, applicationRows+`WHERE p.squad_id = ? AND p.account_id = ?`, squadID, accountID)
}

// ApplicationByID returns an application to a squad, or data.ErrNotFound.
func ApplicationByID(ctx context.Context, tx *data.Tx, squadID, applicationID string) (Application, error) {
	return data.One(ctx, tx, scanApplication, applicationRows+`WHERE p.squad_id = ? AND p.id = ?`, squadID, applicationID)
}

// OpenApplicationsOf returns what an account has applied for and not heard of yet, the oldest first.
func OpenApplicationsOf(ctx context.Context, tx *data.Tx, accountID string) ([]Application, error) {
	return data.All(ctx, tx, scanApplication, applicationRows+`WHERE p.account_id = ? AND p.state IN `+open+` ORDER BY p.asked_at, p.id`, accountID)
}

// Applications returns n of the applications to a squad in some stage, the one whose turn it is first, leaving out
// the first skip.
func Applications(ctx context.Context, tx *data.Tx, squadID string, stage Stage, n, skip int) ([]Application, error) {
	return data.All(ctx, tx, scanApplication, applicationRows+`WHERE p.squad_id = ? AND p.state = ?
		ORDER BY p.waits_from, p.asked_at, p.id LIMIT ? OFFSET ?`, squadID, string(stage), n, skip)
}

// Decided returns n of the applications to a squad that were declined or accepted lately, the last first, leaving
// out the first skip.
func Decided(ctx context.Context, tx *data.Tx, squadID string, since time.Time, n, skip int) ([]Application, error) {
	return data.All(ctx, tx, scanApplication, applicationRows+`WHERE p.squad_id = ? AND p.state IN ('declined', 'joined') AND p.decided_at >= ?
		ORDER BY p.decided_at DESC, p.id LIMIT ? OFFSET ?`, squadID, since, n, skip)
}

// CountOpen returns how many applications to a squad wait for somebody to decide, and how many for a seat.
func CountOpen(ctx context.Context, tx *data.Tx, squadID string) (asked, inLine int, err error) {
	err = data.Each(ctx, tx, func(row data.Row) error {
		var s Stage
		var n int
		err := row.Scan(&s, &n)
		switch s {
		case Asked:
			asked = n
		case InLine:
			inLine = n
		}
		return err
	}, `SELECT state, count(*) FROM applications WHERE squad_id = ? AND state IN `+open+` GROUP BY state`, squadID)
	return asked, inLine, err
}

// Undecided returns how many applications wait for somebody to decide, by squad.
func Undecided(ctx context.Context, tx *data.Tx) (map[string]int, error) {
	counts := map[string]int{}
	return counts, data.Each(ctx, tx, func(row data.Row) error {
		var squadID string
		var n int
		err := row.Scan(&squadID, &n)
		counts[squadID] = n
		return err
	}, `SELECT squad_id, count(*) FROM applications WHERE state = 'asked' GROUP BY squad_id`)
}

// Place returns which place in the line for a seat an application has, from 1.
func Place(ctx context.Context, tx *data.Tx, a Application) (int, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM applications
		WHERE squad_id = ? AND state = 'waiting' AND (waits_from < ? OR waits_from = ? AND id <= ?)`, a.SquadID, a.WaitsFrom, a.WaitsFrom, a.ID)
	return int(n), err
}

// EachApplication calls fn for every application to a squad that is kept but for the notes on those who were taken
// out, the oldest first.
func EachApplication(ctx context.Context, tx *data.Tx, squadID string, fn func(Application) error) error {
	return data.Each(ctx, tx, func(row data.Row) error {
		a, err := scanApplication(row)
		if err != nil {
			return err
		}
		return fn(a)
	}, applicationRows+`WHERE p.squad_id = ? AND p.state <> 'removed' ORDER BY p.asked_at, p.id`, squadID)
}

// Asking is how many people wait for somebody to decide whether they may join a squad.
type Asking struct {
	SquadID string
	Squad   string // its name
	People  int
}

// AskingAll returns the squads that people wait to join, by name.
func AskingAll(ctx context.Context, tx *data.Tx) ([]Asking, error) {
	return data.All(ctx, tx, func(row data.Row) (a Asking, err error) {
		return a, row.Scan(&a.SquadID, &a.Squad, &a.People)
	}, `SELECT s.id, s.name, count(*) FROM squads s JOIN applications p ON p.squad_id = s.id AND p.state = 'asked'
		GROUP BY s.id, s.name ORDER BY lower(s.name), s.id`)
}
