package squad

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/id"
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

// Door is what stands between the bearer of an invitation and its squad.
type Door struct {
	Application            // what there is already, or else what there will be
	Is          bool       // there is an application that is open, or a seat
	Asks        bool       // the squad asks its questions, and somebody decides
	Invitation  Invitation // as it is now
	To          Squad
}

// Look finds out what an invitation leads an account to, or a stranger where the id is empty. Besides the errors of
// Closed there are data.ErrNotFound for a code that never was, ErrRemoved, and ErrDeclined with the application.
func Look(ctx context.Context, tx *data.Tx, code, accountID string) (d Door, err error) {
	if d.Invitation, d.To, err = ByInvitation(ctx, tx, code); err != nil {
		return d, err
	}
	seat, err := HasSeat(ctx, tx, d.To.ID, accountID)
	if err != nil {
		return d, err
	}
	if seat {
		d.Is, d.State = true, Joined
		return d, nil
	}
	invited, err := data.Int(ctx, tx, `SELECT count(*) FROM invitations i JOIN accounts a ON a.email = i.email WHERE i.code = ? AND a.id = ?`, code, accountID)
	if err != nil {
		return d, err
	}
	have, err := ApplicationOf(ctx, tx, d.To.ID, accountID)
	switch {
	case errors.Is(err, data.ErrNotFound):
	case err != nil:
		return d, err
	case have.State.Open() && (invited == 0 || have.State != Asked):
		d.Application, d.Is = have, true
		return d, nil
	case invited > 0:
	case have.State == Removed:
		return d, ErrRemoved
	case have.State == Declined && tx.Now().Before(have.DecidedAt.Add(AgainAfter)):
		d.Application = have
		return d, ErrDeclined
	}
	if err := Ended(ctx, tx, d.Invitation); err != nil {
		return d, err
	}
	staff, err := data.Int(ctx, tx, `SELECT count(*) FROM accounts WHERE id = ? AND role <> 'ambassador'`, accountID)
	if err != nil {
		return d, err
	}
	d.Application = Application{SquadID: d.To.ID, AccountID: accountID, Code: code, Invited: invited > 0, AskedAt: tx.Now(), Squad: d.To.Name}
	// Who comes from a page that anybody may read is never let in unasked.
	d.Asks = (d.To.Approval || d.Invitation.LinkID != 0) && invited == 0 && staff == 0
	switch {
	case d.Asks:
		d.State = Asked
	case d.To.Full():
		d.State, d.WaitsFrom = InLine, tx.Now()
	default:
		d.State = Joined
	}
	return d, nil
}

// knock is Look when nobody else gets a seat from here on.
func knock(ctx context.Context, tx *data.Tx, code, accountID string) (d Door, err error) {
	_, s, err := ByInvitation(ctx, tx, code)
	if err != nil {
		return d, err
	}
	if err := Lock(ctx, tx, s.ID); err != nil {
		return d, err
	}
	return Look(ctx, tx, code, accountID)
}

// enter gives the applicant the seat that there is.
func (d *Door) enter(ctx context.Context, tx *data.Tx) error {
	if err := d.use(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM applications WHERE squad_id = ? AND account_id = ?`, d.To.ID, d.AccountID); err != nil {
		return err
	}
	d.To.Members++
	return seat(ctx, tx, d.To.ID, d.AccountID)
}

func seat(ctx context.Context, tx *data.Tx, squadID, accountID string) error {
	_, err := tx.Exec(ctx, `INSERT INTO members (squad_id, account_id, joined_at) VALUES (?, ?, ?)`, squadID, accountID, tx.Now())
	return err
}

// use notes that the invitation was used, in place of the one with which they had applied before and were not
// heard yet.
func (d *Door) use(ctx context.Context, tx *data.Tx) error {
	before, err := ApplicationOf(ctx, tx, d.To.ID, d.AccountID)
	if err != nil && !errors.Is(err, data.ErrNotFound) {
		return err
	}
	if err == nil && before.State.Open() {
		if err := giveBack(ctx, tx, before.Code); err != nil {
			return err
		}
	}
	return take(ctx, tx, d.Code)
}

// take notes that an invitation was used.
func take(ctx context.Context, tx *data.Tx, code string) error {
	n, err := tx.Exec(ctx, `UPDATE invitations SET used = used + 1
		WHERE code = ? AND revoked_at IS NULL AND (cap = 0 OR used < cap)`, code)
	if err == nil && n == 0 {
		err = fmt.Errorf("%w while it was being used", ErrRevoked)
	}
	return err
}

// giveBack lets somebody else use an invitation that came to nothing.
func giveBack(ctx context.Context, tx *data.Tx, code string) error {
	_, err := tx.Exec(ctx, `UPDATE invitations SET used = used - 1 WHERE code = ? AND used > 0`, code)
	return err
}

// Join gives the bearer of an invitation a seat in its squad. Whoever has one already keeps it, whatever became
// of the invitation. Otherwise the errors are data.ErrNotFound, those of Closed, ErrRemoved, ErrDeclined, ErrAsks
// where somebody has to decide first, and ErrFull.
func Join(ctx context.Context, tx *data.Tx, code, accountID string) (Squad, error) {
	d, err := knock(ctx, tx, code, accountID)
	switch {
	case err != nil || d.Is && d.State == Joined:
		return d.To, err
	case d.State == InLine:
		return d.To, ErrFull
	case d.State != Joined:
		return d.To, ErrAsks
	}
	return d.To, d.enter(ctx, tx)
}

// Apply takes the bearer of an invitation as far as they get: into the squad, into the line for a seat, or before
// somebody who decides. held says that a guardian has to agree before. Whoever has applied already gets that
// application. The errors are those of Join but ErrAsks and ErrFull.
func Apply(ctx context.Context, tx *data.Tx, code, accountID string, answers []Answer, held bool) (Application, error) {
	d, err := knock(ctx, tx, code, accountID)
	if err != nil || d.Is {
		return d.Application, err
	}
	if held {
		d.State, d.WaitsFrom = AtGuardian, time.Time{}
	}
	if d.State == Joined {
		return d.Application, d.enter(ctx, tx)
	}
	if err := d.use(ctx, tx); err != nil {
		return d.Application, err
	}
	if answers == nil {
		answers = []Answer{}
	}
	text, err := json.Marshal(answers)
	if err != nil {
		return d.Application, fmt.Errorf("writing what an applicant said: %w", err)
	}
	a := d.Application
	a.ID, a.Answers = id.New(), answers
	_, err = tx.Exec(ctx, `INSERT INTO applications (id, squad_id, account_id, code, invited, answers, state, asked_at, waits_from)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (squad_id, account_id) DO UPDATE SET id = excluded.id, code = excluded.code, invited = excluded.invited, answers = excluded.answers,
			state = excluded.state, asked_at = excluded.asked_at, waits_from = excluded.waits_from,
			decided_by = NULL, decided_at = NULL, reason = ''`,
		a.ID, a.SquadID, a.AccountID, a.Code, a.Invited, string(text), string(a.State), a.AskedAt, a.WaitsFrom)
	return a, err
}

// TakeIn puts the application of somebody before those who decide who applied somewhere else, for example by a form
// of another program. One that is there already stays.
func TakeIn(ctx context.Context, tx *data.Tx, squadID, accountID string, answers []Answer) error {
	if answers == nil {
		answers = []Answer{}
	}
	text, err := json.Marshal(answers)
	if err != nil {
		return fmt.Errorf("writing what an applicant said: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO applications (id, squad_id, account_id, code, invited, answers, state, asked_at)
		VALUES (?, ?, ?, '', 0, ?, 'asked', ?)
		ON CONFLICT (squad_id, account_id) DO UPDATE SET id = excluded.id, code = '', invited = 0, answers = excluded.answers, state = 'asked',
			asked_at = excluded.asked_at, waits_from = NULL, decided_by = NULL, decided_at = NULL, reason = ''
		WHERE applications.state NOT IN ('guardian', 'asked', 'waiting', 'removed')`, id.New(), squadID, accountID, string(text), tx.Now())
	return err
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

// Accept decides that an applicant gets a seat, and puts them at the end of the line for one; MoveUp gives it to
// them if one is free. It returns ErrDecided when somebody was quicker.
func Accept(ctx context.Context, tx *data.Tx, squadID, applicationID, by string) error {
	if err := Lock(ctx, tx, squadID); err != nil {
		return err
	}
	return decided(tx.Exec(ctx, `UPDATE applications SET state = 'waiting', waits_from = ?, decided_by = ?, decided_at = ?
		WHERE id = ? AND squad_id = ? AND state = 'asked'`, tx.Now(), by, tx.Now(), applicationID, squadID))
}

// TurnDown decides that an applicant gets no seat, be they in the line for one, and says why. It returns
// ErrDecided when somebody was quicker.
func TurnDown(ctx context.Context, tx *data.Tx, squadID, applicationID, by, reason string) error {
	if err := Lock(ctx, tx, squadID); err != nil {
		return err
	}
	a, err := ApplicationByID(ctx, tx, squadID, applicationID)
	if err != nil {
		return err
	}
	if err := decided(tx.Exec(ctx, `UPDATE applications SET state = 'declined', waits_from = NULL, decided_by = ?, decided_at = ?, reason = ?
		WHERE id = ? AND state IN `+open, by, tx.Now(), reason, applicationID)); err != nil {
		return err
	}
	return a.refuse(ctx, tx)
}

// refuse lets somebody else use the invitation of an applicant who was refused, and takes back what was for them
// in person: else they would be in with the next click.
func (a Application) refuse(ctx context.Context, tx *data.Tx) error {
	if err := giveBack(ctx, tx, a.Code); err != nil {
		return err
	}
	return uninvite(ctx, tx, a.SquadID, a.AccountID)
}

func decided(n int64, err error) error {
	if err == nil && n == 0 {
		return ErrDecided
	}
	return err
}

// Withdraw ends the open application of an account to a squad. That there is none is no error.
func Withdraw(ctx context.Context, tx *data.Tx, squadID, accountID string) error {
	if err := Lock(ctx, tx, squadID); err != nil {
		return err
	}
	a, err := ApplicationOf(ctx, tx, squadID, accountID)
	if errors.Is(err, data.ErrNotFound) || err == nil && !a.State.Open() {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE applications SET state = 'withdrawn', waits_from = NULL, decided_at = ? WHERE id = ?`, tx.Now(), a.ID); err != nil {
		return err
	}
	return giveBack(ctx, tx, a.Code)
}

// Bar notes that a member was taken out, so that no invitation brings them back but a personal one that is made
// from now on, and forgets what they said to get in.
func Bar(ctx context.Context, tx *data.Tx, squadID, accountID, by string) error {
	if err := uninvite(ctx, tx, squadID, accountID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO applications (id, squad_id, account_id, code, invited, answers, state, asked_at, decided_by, decided_at)
		VALUES (?, ?, ?, '', 0, '[]', 'removed', ?, ?, ?)
		ON CONFLICT (squad_id, account_id) DO UPDATE SET state = 'removed', code = '', invited = 0, answers = '[]', waits_from = NULL, decided_by = excluded.decided_by,
			decided_at = excluded.decided_at, reason = ''`, id.New(), squadID, accountID, tx.Now(), by, tx.Now())
	return err
}

// How long what applicants said is kept after it was decided, and how long a guardian has to answer.
const (
	answersKept   = 90 * 24 * time.Hour
	guardianWaits = 30 * 24 * time.Hour
)

// Forget deletes applications that came to an end some time ago, but for the note that somebody was taken out,
// and invitations for people who never came.
func Forget(ctx context.Context, tx *data.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM applications WHERE state IN ('joined', 'declined', 'withdrawn') AND coalesce(decided_at, asked_at) <= ?`,
		tx.Now().Add(-answersKept)); err != nil {
		return err
	}
	return forgetGuests(ctx, tx)
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

// Unanswered returns the applications for which a guardian has not been heard of for a month.
func Unanswered(ctx context.Context, tx *data.Tx) ([]Application, error) {
	return data.All(ctx, tx, scanApplication, applicationRows+`WHERE p.state = 'guardian' AND p.asked_at <= ? ORDER BY p.asked_at, p.id LIMIT 100`,
		tx.Now().Add(-guardianWaits))
}

// Settle lets the applications of an account go on that waited for a guardian, or ends them, and returns them as
// they were. MoveUp follows for those that went on.
func Settle(ctx context.Context, tx *data.Tx, accountID string, agreed bool) ([]Application, error) {
	all, err := data.All(ctx, tx, scanApplication, applicationRows+`WHERE p.account_id = ? AND p.state = 'guardian' ORDER BY p.squad_id`, accountID)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if err := Lock(ctx, tx, a.SquadID); err != nil {
			return nil, err
		}
		s, err := ByID(ctx, tx, a.SquadID)
		if err != nil {
			return nil, err
		}
		stage, waitsFrom, decidedAt := InLine, tx.Now(), time.Time{}
		switch {
		case !agreed:
			stage, waitsFrom, decidedAt = Declined, time.Time{}, tx.Now()
			if err := a.refuse(ctx, tx); err != nil {
				return nil, err
			}
		case (s.Approval || a.Reader) && !a.Invited:
			stage, waitsFrom = Asked, time.Time{}
		}
		if _, err := tx.Exec(ctx, `UPDATE applications SET state = ?, waits_from = ?, decided_at = ? WHERE id = ? AND state = 'guardian'`,
			string(stage), waitsFrom, decidedAt, a.ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// MoveUp gives the free seats of a squad to those who wait for one, the first in the line first, and returns
// their applications. Who is suspended is passed over.
func MoveUp(ctx context.Context, tx *data.Tx, squadID string) ([]Application, error) {
	if err := Lock(ctx, tx, squadID); err != nil {
		return nil, err
	}
	s, err := ByID(ctx, tx, squadID)
	if err != nil {
		return nil, err
	}
	free := s.Capacity - s.Members
	if s.Capacity == 0 {
		free = largest
	}
	if free <= 0 {
		return nil, nil
	}
	lucky, err := data.All(ctx, tx, scanApplication, applicationRows+`WHERE p.squad_id = ? AND p.state = 'waiting' AND a.suspended_at IS NULL
		ORDER BY p.waits_from, p.id LIMIT ?`, squadID, free)
	if err != nil {
		return nil, err
	}
	for n := range lucky {
		a := &lucky[n]
		if _, err := tx.Exec(ctx, `UPDATE applications SET state = 'joined', decided_at = coalesce(decided_at, ?) WHERE id = ?`, tx.Now(), a.ID); err != nil {
			return nil, err
		}
		if err := seat(ctx, tx, squadID, a.AccountID); err != nil {
			return nil, err
		}
		a.State = Joined
	}
	return lucky, nil
}
