// Package voice knows what people say to the brand of a drop: readers, who have no account, and members.
package voice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Kind is what sort of thing somebody says. The names stand in the database and end keys of words.
type Kind string

// The kinds. A reader reacts and writes a message; a member reacts and says the rest.
const (
	Reaction    Kind = "reaction"
	Message     Kind = "message"
	Comment     Kind = "comment"
	Question    Kind = "question"
	Idea        Kind = "idea"
	Complaint   Kind = "complaint"
	Testimonial Kind = "testimonial"
)

// MemberKinds are what a member can write, in the order in which it is offered.
var MemberKinds = []Kind{Comment, Question, Idea, Complaint, Testimonial}

// Written are the kinds that have words of their own, which somebody at the brand reads.
var Written = append([]Kind{Message}, MemberKinds...)

// Feelings are the reactions that can be chosen, in the order in which they are offered.
var Feelings = []string{"love", "want", "curious", "not_me"}

// State is what became of what was said.
type State string

// The states. Used says that something was made of it.
const (
	New    State = "new"
	Read   State = "read"
	Used   State = "used"
	Closed State = "closed"
)

// States are what somebody at the brand can say became of it.
var States = []State{Read, Used, Closed}

// The lengths of what is said, in characters.
const (
	LongestMessage = 280
	LongestWords   = 1000
	LongestAnswer  = 1000
)

// Voice is one thing that somebody said of a drop.
type Voice struct {
	ID        string
	DropID    string
	Drop      string // its title
	AccountID string // of the member; empty for a reader
	Name      string // of the member
	LinkID    int64  // by which the reader came; 0 for a member
	Via       string // who shared that link; empty: the brand, or somebody who is gone
	OpenID    int64  // the reader's; 0 where none is known
	SquadID   string // of the member
	Squad     string // its name
	Kind      Kind
	Words     string    // of a reaction: which
	Anonymous bool      // the squad is not told who
	ConsentAt time.Time // since when it may be published; zero: it may not
	Minor     bool      // the member said that they are under 18
	SaidAt    time.Time
	State     State

	Answer     string
	AnsweredBy string // name; empty once they are gone
	AnsweredAt time.Time
}

// Publishable says whether its author agrees that it is published; of minors nothing is.
func (v Voice) Publishable() bool { return v.Kind == Testimonial && !v.ConsentAt.IsZero() && !v.Minor }

// FromReader says whether somebody without an account said it.
func (v Voice) FromReader() bool { return v.LinkID != 0 }

// Unnamed is the voice as the squad may hear it: without its author, if they wish that.
func (v Voice) Unnamed() Voice {
	if v.Anonymous {
		v.AccountID, v.Name = "", ""
	}
	return v
}

// CheckFeeling returns what is wrong with a reaction.
func CheckFeeling(feeling string) (p check.Problems) {
	p.OneOf("reaction", feeling, Feelings...)
	return p
}

// CheckMessage returns what is wrong with a reader's message.
func CheckMessage(words string) (p check.Problems) {
	p.Filled("words", words)
	p.Longest("words", words, LongestMessage)
	return p
}

// Check returns what keeps a member from saying it.
func (v Voice) Check() (p check.Problems) {
	if !slices.Contains(MemberKinds, v.Kind) {
		p.Add("kind", "check.choice")
	}
	p.Filled("words", v.Words)
	p.Longest("words", v.Words, LongestWords)
	return p
}

// CheckAnswer returns what is wrong with what somebody at the brand makes of a voice.
func CheckAnswer(state State, answer string) (p check.Problems) {
	if !slices.Contains(States, state) {
		p.Add("state", "check.choice")
	}
	p.Longest("answer", answer, LongestAnswer)
	return p
}

const rows = `SELECT v.id, v.drop_id, coalesce(t.title, ''), coalesce(v.account_id, ''), coalesce(a.name, ''), coalesce(v.link_id, 0), coalesce(m.name, ''),
		coalesce(v.open_id, 0), coalesce(v.squad_id, ''), coalesce(s.name, ''), v.kind, v.words, v.anonymous, v.consent_at, v.said_at, v.state,
		v.answer, coalesce(w.name, ''), v.answered_at, EXISTS (SELECT 1 FROM ages y WHERE y.account_id = v.account_id AND y.band = 'minor')
	FROM voices v JOIN drops d ON d.id = v.drop_id LEFT JOIN drop_versions t ON t.drop_id = d.id AND t.number = d.version
	LEFT JOIN accounts a ON a.id = v.account_id LEFT JOIN links l ON l.id = v.link_id LEFT JOIN accounts m ON m.id = l.account_id
	LEFT JOIN squads s ON s.id = v.squad_id LEFT JOIN accounts w ON w.id = v.answered_by `

func scan(row data.Row) (v Voice, err error) {
	return v, row.Scan(&v.ID, &v.DropID, &v.Drop, &v.AccountID, &v.Name, &v.LinkID, &v.Via, &v.OpenID, &v.SquadID, &v.Squad, &v.Kind, &v.Words,
		data.Bool(&v.Anonymous), data.Time(&v.ConsentAt), data.Time(&v.SaidAt), &v.State, &v.Answer, &v.AnsweredBy, data.Time(&v.AnsweredAt), data.Bool(&v.Minor))
}

// ByID returns what was said, or data.ErrNotFound.
func ByID(ctx context.Context, tx *data.Tx, voiceID string) (Voice, error) {
	return data.One(ctx, tx, scan, rows+`WHERE v.id = ?`, voiceID)
}

// Mine returns what an account has written, on one drop or on all where the id is empty, the newest first: limit of
// them, after leaving out some. Reactions are left out.
func Mine(ctx context.Context, tx *data.Tx, accountID, dropID string, limit, leftOut int) ([]Voice, error) {
	return data.All(ctx, tx, scan, rows+`WHERE v.account_id = ? AND (CAST(? AS TEXT) = '' OR v.drop_id = ?) AND v.kind <> 'reaction'
		ORDER BY v.said_at DESC, v.id DESC LIMIT ? OFFSET ?`, accountID, dropID, dropID, limit, leftOut)
}

// NewerOfMine returns how many things its author has written since a voice, which Mine lists before it.
func NewerOfMine(ctx context.Context, tx *data.Tx, v Voice) (int, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM voices WHERE account_id = ? AND kind <> 'reaction' AND (said_at > ? OR said_at = ? AND id > ?)`,
		v.AccountID, v.SaidAt, v.SaidAt, v.ID)
	return int(n), err
}

// CountMine returns how often an account has said something, reactions among it.
func CountMine(ctx context.Context, tx *data.Tx, accountID string) (int, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM voices WHERE account_id = ?`, accountID)
	return int(n), err
}

// Asked is which voices somebody wants to see.
type Asked struct {
	SquadID string   // empty: of all squads, and of readers
	Kind    Kind     // empty: all that have words
	Waiting bool     // only those that nobody has looked at
	Drops   []string // only of these; nil: of all
}

// where is the condition, and what to put into it.
func (a Asked) where() (string, []any) {
	cond, args := []string{`v.kind <> 'reaction'`}, []any(nil)
	if a.SquadID != "" {
		cond, args = append(cond, `v.squad_id = ?`), append(args, a.SquadID)
	}
	if a.Kind != "" {
		cond, args = append(cond, `v.kind = ?`), append(args, string(a.Kind))
	}
	if a.Waiting {
		cond = append(cond, `v.state = 'new'`)
	}
	if a.Drops != nil {
		in := make([]string, len(a.Drops))
		for i, d := range a.Drops {
			in[i], args = `?`, append(args, d)
		}
		cond = append(cond, `v.drop_id IN (`+strings.Join(append(in, `NULL`), `, `)+`)`)
	}
	return `WHERE ` + strings.Join(cond, ` AND `), args
}

// List returns what was said, the newest first: limit of them, after leaving out some.
func List(ctx context.Context, tx *data.Tx, a Asked, limit, leftOut int) ([]Voice, error) {
	where, args := a.where()
	return data.All(ctx, tx, scan, rows+where+` ORDER BY v.said_at DESC, v.id DESC LIMIT ? OFFSET ?`, append(args, limit, leftOut)...)
}

// Count returns how many there are.
func Count(ctx context.Context, tx *data.Tx, a Asked) (int, error) {
	where, args := a.where()
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM voices v `+where, args...)
	return int(n), err
}

// Felt is how often a drop was reacted to in one way.
type Felt struct {
	Feeling     string
	Readers     int // whose opens count
	Members     int
	Unconfirmed int // how often by readers of whom no open is known
}

// FeltOf returns how a drop was reacted to, in the order of Feelings; those that nobody chose are there with 0. What
// came by opens that do not count is left out.
func FeltOf(ctx context.Context, tx *data.Tx, dropID string) ([]Felt, error) {
	all := make([]Felt, len(Feelings))
	for i, f := range Feelings {
		all[i].Feeling = f
	}
	return all, data.Each(ctx, tx, func(row data.Row) error {
		var feeling string
		var n Felt
		if err := row.Scan(&feeling, &n.Readers, &n.Members, &n.Unconfirmed); err != nil {
			return err
		}
		if i := slices.Index(Feelings, feeling); i >= 0 {
			n.Feeling = feeling
			all[i] = n
		}
		return nil
	}, `SELECT v.words, count(*) FILTER (WHERE v.link_id IS NOT NULL AND (v.retired = 2 OR o.id IS NOT NULL AND `+counts+`)),
			count(v.account_id), count(*) FILTER (WHERE v.link_id IS NOT NULL AND v.open_id IS NULL AND v.retired IN (0, 1))
		FROM voices v LEFT JOIN opens o ON o.id = v.open_id WHERE v.drop_id = ? AND v.kind = 'reaction' GROUP BY v.words`, dropID)
}

// ErrSaid says that somebody who may speak once has spoken.
var ErrSaid = errors.New("it was said already")

// ErrMany says that a member has said very much of one drop.
var ErrMany = errors.New("too much was said")

// mostOfMember is how much a member can have said of one drop at a time.
const mostOfMember = 50

// React notes how a member feels about a drop, in place of what they felt before.
func React(ctx context.Context, tx *data.Tx, dropID, accountID, feeling string) error {
	_, err := tx.Exec(ctx, `INSERT INTO voices (id, drop_id, account_id, kind, words, said_at, state) VALUES (?, ?, ?, 'reaction', ?, ?, 'read')
		ON CONFLICT (account_id, drop_id) WHERE kind = 'reaction' AND account_id IS NOT NULL DO UPDATE SET words = excluded.words, said_at = excluded.said_at`,
		id.New(), dropID, accountID, feeling, tx.Now())
	return err
}

// FeelingOf returns how a member feels about a drop; empty if they have not said.
func FeelingOf(ctx context.Context, tx *data.Tx, dropID, accountID string) (string, error) {
	found, err := data.One(ctx, tx, data.Text, `SELECT words FROM voices WHERE drop_id = ? AND account_id = ? AND kind = 'reaction'`, dropID, accountID)
	if errors.Is(err, data.ErrNotFound) {
		err = nil
	}
	return found, err
}

// Say writes down what a member says, which has passed Check. Its squad is the one of theirs to which the drop was
// released first.
func Say(ctx context.Context, tx *data.Tx, v Voice) error {
	if err := data.Lock(ctx, tx, "voices "+v.AccountID); err != nil { // or two at once would both be the last
		return err
	}
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM voices WHERE account_id = ? AND drop_id = ?`, v.AccountID, v.DropID)
	if err != nil {
		return err
	}
	if n >= mostOfMember {
		return ErrMany
	}
	minor, err := IsMinor(ctx, tx, v.AccountID)
	if err != nil {
		return err
	}
	var consent time.Time
	if v.Kind == Testimonial && !v.ConsentAt.IsZero() && !minor {
		consent = tx.Now()
	}
	_, err = tx.Exec(ctx, `INSERT INTO voices (id, drop_id, account_id, squad_id, kind, words, anonymous, consent_at, said_at, state)
		VALUES (?, ?, ?, (SELECT m.squad_id FROM members m LEFT JOIN release_steps r ON r.squad_id = m.squad_id AND r.drop_id = ?
			WHERE m.account_id = ? ORDER BY CASE WHEN r.drop_id IS NULL THEN 1 ELSE 0 END, r.opens_at, m.squad_id LIMIT 1), ?, ?, ?, ?, ?, 'new')`,
		id.New(), v.DropID, v.AccountID, v.DropID, v.AccountID, string(v.Kind), strings.TrimSpace(v.Words), v.Anonymous, consent, tx.Now())
	if err != nil {
		return fmt.Errorf("writing down what a member says: %w", err)
	}
	return nil
}

// IsMinor says whether an account said that they are under 18. Nothing of theirs is published, whatever they agreed to.
func IsMinor(ctx context.Context, tx *data.Tx, accountID string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM ages WHERE account_id = ? AND band = 'minor'`, accountID)
	return n > 0, err
}

// Agree says whether a testimonial may be published, in its author's name; data.ErrNotFound if it is not theirs, and
// for a minor who would say yes.
func Agree(ctx context.Context, tx *data.Tx, voiceID, accountID string, yes bool) error {
	var at time.Time
	if yes {
		at = tx.Now()
		minor, err := IsMinor(ctx, tx, accountID)
		if err != nil {
			return err
		}
		if minor {
			return data.ErrNotFound
		}
	}
	return found(tx.Exec(ctx, `UPDATE voices SET consent_at = ? WHERE id = ? AND account_id = ? AND kind = 'testimonial'`, at, voiceID, accountID))
}

// DisagreeAll takes back for an account that anything it said may be published.
func DisagreeAll(ctx context.Context, tx *data.Tx, accountID string) error {
	_, err := tx.Exec(ctx, `UPDATE voices SET consent_at = NULL WHERE account_id = ? AND consent_at IS NOT NULL`, accountID)
	return err
}

// Unsay takes back what a member said; data.ErrNotFound if it is not theirs.
func Unsay(ctx context.Context, tx *data.Tx, voiceID, accountID string) error {
	return found(tx.Exec(ctx, `DELETE FROM voices WHERE id = ? AND account_id = ?`, voiceID, accountID))
}

// Settle notes what became of a voice, and what is answered to its author. by is who says so.
func Settle(ctx context.Context, tx *data.Tx, voiceID, by string, state State, answer string) error {
	answer = strings.TrimSpace(answer)
	return found(tx.Exec(ctx, `UPDATE voices SET state = ?, answered_at = CASE WHEN answer = CAST(? AS TEXT) AND answered_at IS NOT NULL THEN answered_at ELSE CAST(? AS BIGINT) END,
		answer = ?, answered_by = ? WHERE id = ? AND kind <> 'reaction'`, string(state), answer, tx.Now().UnixMilli(), answer, by, voiceID))
}

// Remove deletes what was said, for example because a reader asks for it.
func Remove(ctx context.Context, tx *data.Tx, voiceID string) error {
	return found(tx.Exec(ctx, `DELETE FROM voices WHERE id = ?`, voiceID))
}

func found(n int64, err error) error {
	if err == nil && n == 0 {
		err = data.ErrNotFound
	}
	return err
}
