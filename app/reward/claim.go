package reward

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

// State is what became of a claim. The names stand in the database and end keys of words.
type State string

// The states: earned waits for somebody who approves it, approved for being sent. Of the others nothing more comes.
const (
	Earned    State = "earned"
	Approved  State = "approved"
	Sent      State = "sent"
	Declined  State = "declined"
	Withdrawn State = "withdrawn" // by the member, or because they are gone
)

// Open says whether something is still to come of it.
func (s State) Open() bool { return s == Earned || s == Approved }

// Claim is a reward that somebody earned and asked for.
type Claim struct {
	ID        string
	RewardID  string
	Reward    string // its name
	Post      bool   // it is sent by post
	Codes     bool   // it is a code
	AccountID string // empty once they are erased
	Name      string // of the account
	State     State
	Size      string
	Address   string // empty again AddressKept after it was sent
	AskedAt   time.Time
	DecidedBy string    // name of who approved or declined it; empty if nobody did, or they are gone
	DecidedAt time.Time // zero: nobody did
	SentAt    time.Time // zero: it was not
	Reason    string    // why it was declined
	Code      string    // that was handed out
}

// AddressKept is how long the address of what was sent is kept: for what comes back.
const AddressKept = 30 * 24 * time.Hour

// The lengths of what is typed, in characters.
const (
	LongestAddress = 300
	LongestReason  = 300
)

// Wish is what sending needs, as a member says it.
type Wish struct {
	Size    string
	Address string
}

// Check returns what is missing in a wish for a reward, or too much.
func (w Wish) Check(r Reward) (p check.Problems) {
	if sizes := r.Choices(); len(sizes) > 0 && !slices.Contains(sizes, w.Size) {
		p.Add("size", "check.choice")
	}
	if r.Address {
		p.Filled("address", w.Address)
		p.Longest("address", w.Address, LongestAddress)
	}
	return p
}

// CheckReason returns what is wrong with why something is declined: the member reads it.
func CheckReason(reason string) (p check.Problems) {
	p.Filled("reason", reason)
	p.Longest("reason", reason, LongestReason)
	return p
}

// Why somebody cannot have a reward. ErrNone is another reason.
var (
	ErrEnded  = errors.New("the reward is not offered any more")
	ErrTooLow = errors.New("the level of the reward is not reached")
	ErrHad    = errors.New("they have had as many as one person can get")
)

// Refused says why somebody who has come that far and had that many cannot ask for the reward; nil if they can.
func (r Reward) Refused(l Ladder, p Progress, had int) error {
	switch {
	case !r.EndedAt.IsZero():
		return ErrEnded
	case !p.In, r.LevelID != "" && l.At(p) < l.Place(r.LevelID):
		return ErrTooLow
	case had >= r.PerPerson:
		return ErrHad
	case r.Left() == 0:
		return ErrNone
	}
	return nil
}

// Had returns how many of each reward an account has, or has asked for and not been declined.
func Had(ctx context.Context, tx *data.Tx, accountID string) (map[string]int, error) {
	had := map[string]int{}
	return had, data.Each(ctx, tx, func(row data.Row) error {
		var rewardID string
		var n int
		err := row.Scan(&rewardID, &n)
		had[rewardID] = n
		return err
	}, `SELECT reward_id, count(*) FROM claims WHERE account_id = ? AND state IN ('earned', 'approved', 'sent') GROUP BY reward_id`, accountID)
}

// Ask writes down that somebody who has come that far asks for a reward, with a wish that has passed Check, and returns
// the claim. Where the code is given at once it is sent already. The errors are those of Refused.
func Ask(ctx context.Context, tx *data.Tx, rewardID, accountID string, p Progress, w Wish) (Claim, error) {
	c := Claim{ID: id.New(), RewardID: rewardID, AccountID: accountID, State: Earned}
	if err := lock(ctx, tx, rewardID); err != nil {
		return c, err
	}
	r, err := ByID(ctx, tx, rewardID)
	if err != nil {
		return c, err
	}
	ladder, err := Levels(ctx, tx)
	if err != nil {
		return c, err
	}
	had, err := Had(ctx, tx, accountID)
	if err != nil {
		return c, err
	}
	if err := r.Refused(ladder, p, had[r.ID]); err != nil {
		return c, err
	}
	if len(r.Choices()) == 0 {
		w.Size = ""
	}
	if !r.Address {
		w.Address = ""
	}
	var sent time.Time
	if r.Codes && r.AtOnce {
		c.State, sent = Sent, tx.Now()
	}
	_, err = tx.Exec(ctx, `INSERT INTO claims (id, reward_id, account_id, state, size, address, asked_at, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, r.ID, accountID, string(c.State), w.Size, address(w.Address), tx.Now(), sent)
	if err != nil {
		return c, fmt.Errorf("asking for a reward: %w", err)
	}
	if c.State == Sent {
		err = give(ctx, tx, r.ID, c.ID)
	}
	return c, err
}

func address(typed string) string {
	return strings.TrimSpace(strings.ReplaceAll(typed, "\r\n", "\n"))
}

const claimRows = `SELECT c.id, c.reward_id, r.name, r.address, r.codes, coalesce(c.account_id, ''), coalesce(a.name, ''), c.state, c.size, c.address,
		c.asked_at, coalesce(w.name, ''), c.decided_at, c.sent_at, c.reason, coalesce(k.code, '')
	FROM claims c JOIN rewards r ON r.id = c.reward_id LEFT JOIN accounts a ON a.id = c.account_id LEFT JOIN accounts w ON w.id = c.decided_by
	LEFT JOIN reward_codes k ON k.claim_id = c.id `

func scanClaim(row data.Row) (c Claim, err error) {
	return c, row.Scan(&c.ID, &c.RewardID, &c.Reward, data.Bool(&c.Post), data.Bool(&c.Codes), &c.AccountID, &c.Name, &c.State, &c.Size, &c.Address,
		data.Time(&c.AskedAt), &c.DecidedBy, data.Time(&c.DecidedAt), data.Time(&c.SentAt), &c.Reason, &c.Code)
}

// ClaimByID returns a claim, or data.ErrNotFound.
func ClaimByID(ctx context.Context, tx *data.Tx, claimID string) (Claim, error) {
	return data.One(ctx, tx, scanClaim, claimRows+`WHERE c.id = ?`, claimID)
}

// ClaimsOf returns what an account asked for, the last first.
func ClaimsOf(ctx context.Context, tx *data.Tx, accountID string) ([]Claim, error) {
	return data.All(ctx, tx, scanClaim, claimRows+`WHERE c.account_id = ? ORDER BY c.asked_at DESC, c.id DESC`, accountID)
}

// Claims returns those in a state: limit of them, after leaving out some. What waits comes the oldest first, what is
// done the last first.
func Claims(ctx context.Context, tx *data.Tx, state State, limit, leftOut int) ([]Claim, error) {
	order := `c.asked_at, c.id`
	if !state.Open() {
		order = `coalesce(c.sent_at, c.decided_at, c.asked_at) DESC, c.id DESC`
	}
	return data.All(ctx, tx, scanClaim, claimRows+`WHERE c.state = ? ORDER BY `+order+` LIMIT ? OFFSET ?`, string(state), limit, leftOut)
}

// CountClaims returns how many claims there are in each state.
func CountClaims(ctx context.Context, tx *data.Tx) (map[State]int, error) {
	all := map[State]int{}
	return all, data.Each(ctx, tx, func(row data.Row) error {
		var s State
		var n int
		err := row.Scan(&s, &n)
		all[s] = n
		return err
	}, `SELECT state, count(*) FROM claims GROUP BY state`)
}

// move takes a claim out of some states into another; false says that it was in none of them.
func move(ctx context.Context, tx *data.Tx, claimID string, to State, from ...State) (bool, error) {
	args := []any{string(to), claimID}
	for _, s := range from {
		args = append(args, string(s))
	}
	n, err := tx.Exec(ctx, `UPDATE claims SET state = ? WHERE id = ? AND state IN (?`+strings.Repeat(", ?", len(from)-1)+`)`, args...)
	if err != nil {
		return false, fmt.Errorf("moving a claim on: %w", err)
	}
	return n > 0, nil
}

// Approve says that a reward will be sent; false says that nobody waits for that any more.
func Approve(ctx context.Context, tx *data.Tx, claimID, by string) (bool, error) {
	ok, err := move(ctx, tx, claimID, Approved, Earned)
	if err != nil || !ok {
		return false, err
	}
	_, err = tx.Exec(ctx, `UPDATE claims SET decided_by = ?, decided_at = ? WHERE id = ?`, by, tx.Now(), claimID)
	return true, err
}

// Send notes that what was approved is sent, and hands out its code if it is one; false says that it was not approved,
// or is sent already.
func Send(ctx context.Context, tx *data.Tx, c Claim) (bool, error) {
	if err := lock(ctx, tx, c.RewardID); err != nil {
		return false, err
	}
	ok, err := move(ctx, tx, c.ID, Sent, Approved)
	if err != nil || !ok {
		return false, err
	}
	if _, err := tx.Exec(ctx, `UPDATE claims SET sent_at = ? WHERE id = ?`, tx.Now(), c.ID); err != nil {
		return false, err
	}
	if c.Codes {
		return true, give(ctx, tx, c.RewardID, c.ID)
	}
	return true, nil
}

// Decline says that a reward is not given, with a reason that has passed CheckReason; its address is forgotten, and the
// stock has one more. False says that it was sent or ended meanwhile.
func Decline(ctx context.Context, tx *data.Tx, claimID, by, reason string) (bool, error) {
	ok, err := move(ctx, tx, claimID, Declined, Earned, Approved)
	if err != nil || !ok {
		return false, err
	}
	_, err = tx.Exec(ctx, `UPDATE claims SET decided_by = ?, decided_at = ?, reason = ?, address = '' WHERE id = ?`, by, tx.Now(), strings.TrimSpace(reason), claimID)
	return true, err
}

// Withdraw takes back what a member asked for and nobody has approved; data.ErrNotFound if it is not theirs.
func Withdraw(ctx context.Context, tx *data.Tx, claimID, accountID string) error {
	n, err := tx.Exec(ctx, `UPDATE claims SET state = 'withdrawn', address = '' WHERE id = ? AND account_id = ? AND state = 'earned'`, claimID, accountID)
	if err == nil && n == 0 {
		c, err := ClaimByID(ctx, tx, claimID)
		if err == nil && c.AccountID != accountID {
			err = data.ErrNotFound
		}
		return err // else somebody was quicker, and the page says what became of it
	}
	return err
}

// ForgetPerson takes out of the claims of an account what they said, and ends those that are open. What was sent is
// still known to have been sent.
func ForgetPerson(ctx context.Context, tx *data.Tx, accountID string) error {
	_, err := tx.Exec(ctx, `UPDATE claims SET size = '', address = '', reason = '', state = CASE WHEN state IN ('earned', 'approved') THEN 'withdrawn' ELSE state END
		WHERE account_id = ?`, accountID)
	if err != nil {
		return fmt.Errorf("forgetting what somebody asked for: %w", err)
	}
	return nil
}

// Forget erases the addresses of what was sent AddressKept ago.
func Forget(ctx context.Context, tx *data.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE claims SET address = '' WHERE address <> '' AND sent_at <= ?`, tx.Now().Add(-AddressKept))
	if err != nil {
		return fmt.Errorf("erasing addresses: %w", err)
	}
	return nil
}
