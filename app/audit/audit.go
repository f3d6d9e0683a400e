// Package audit knows what people did that others may ask about later: who,
// when, what, and why.
package audit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/data"
)

// Kind is what was done. The names stand in the database and are keys of words.
type Kind string

// What can be done. A reader who asks to be forgotten is nobody with an account.
const (
	OpenReleased    Kind = "open_released"
	OpenExcluded    Kind = "open_excluded"
	BranchReleased  Kind = "branch_released"
	BranchExcluded  Kind = "branch_excluded"
	GroupReleased   Kind = "group_released"
	GroupExcluded   Kind = "group_excluded"
	GroupCleared    Kind = "group_cleared" // by the rule on small groups
	RunExcluded     Kind = "run_excluded"  // of opens that looked odd together
	LinkStopped     Kind = "link_stopped"
	LinkResumed     Kind = "link_resumed"
	PersonErased    Kind = "person_erased"
	VisitForgotten  Kind = "visit_forgotten"
	DropRestored    Kind = "drop_restored"     // an older version of it
	DropStopped     Kind = "drop_stopped"      // its release was taken back
	MomentOpened    Kind = "moment_opened"     // in person, by whoever leads the squad; opens are the people who were said to be there
	RecipientsAdded Kind = "recipients_added"  // to those who are told of a drop one by one; opens says how many
	DeviceRecognise Kind = "device_recognised" // by the rule, never written here

	RecipientsForgotten Kind = "recipients_forgotten" // opens says how many

	MemberPaused        Kind = "member_paused"
	MemberResumed       Kind = "member_resumed"
	MemberRemoved       Kind = "member_removed"
	MemberLeft          Kind = "member_left" // at their own wish
	PersonSuspended     Kind = "person_suspended"
	PersonReadmitted    Kind = "person_readmitted"
	ApplicationAccepted Kind = "application_accepted"
	ApplicationDeclined Kind = "application_declined"

	AgeConfirmed     Kind = "age_confirmed" // a member who was 16 or 17 is 18 now
	AgeDeclined      Kind = "age_declined"  // or it is not believed yet
	GuardianWithdrew Kind = "guardian_withdrew"
	GuardianReturned Kind = "guardian_returned" // and agreed again

	LevelsChanged  Kind = "levels_changed"
	RewardOffered  Kind = "reward_offered"
	RewardChanged  Kind = "reward_changed"
	CodesAdded     Kind = "codes_added"      // opens says how many
	CodesTakenBack Kind = "codes_taken_back" // opens says how many
	RewardApproved Kind = "reward_approved"
	RewardSent     Kind = "reward_sent"
	RewardDeclined Kind = "reward_declined"
	MemberThanked  Kind = "member_thanked"

	VoiceSettled Kind = "voice_settled" // what became of what somebody said, and the answer
	VoiceRemoved Kind = "voice_removed"
)

// Act is one thing that somebody did.
type Act struct {
	ID         int64
	Kind       Kind
	AccountID  string // empty: a rule, a reader, or somebody who was erased since
	Name       string // of the account
	CampaignID string
	Campaign   string // its name
	LinkID     int64
	Member     string // whose link it is
	DropID     string // of what was done with a drop itself
	Drop       string // title of that, or of what the link shares
	PersonID   string // whom it was done to; empty: nobody in particular, or somebody erased since
	Person     string // their name
	SquadID    string // in which squad; empty: in none
	Squad      string // its name
	OpenID     int64  // the open, the head of the branch, or the first of its network
	Opens      int64  // how many were decided about
	People     int64  // what that added to the link's numbers, or took from them
	Points     int64
	Note       string // why
	At         time.Time
	UndoneAt   time.Time // zero: it stands
	UndoneBy   string    // name of who took it back; empty once they were erased
}

// longestNote is the length of a note, in characters.
const longestNote = 200

// Check returns what keeps the act from being written down.
func (a Act) Check() (p check.Problems) {
	p.Longest("note", a.Note, longestNote)
	return p
}

// Undoable says whether the act can be taken back from the list: what was
// decided about opens, unless a reader wished it.
func (a Act) Undoable() bool {
	switch a.Kind {
	case OpenReleased, OpenExcluded, BranchReleased, BranchExcluded, GroupReleased, GroupExcluded, GroupCleared, RunExcluded:
		return a.ID != 0 && a.UndoneAt.IsZero()
	}
	return false
}

const columns = `a.id, a.kind, coalesce(a.account_id, ''), coalesce(w.name, ''), coalesce(a.campaign_id, ''), coalesce(c.name, ''),
	coalesce(a.link_id, 0), coalesce(m.name, nullif(o.name, ''), l.house, ''), coalesce(a.drop_id, ''), coalesce(v.title, ''), coalesce(a.open_id, 0),
	a.opens, a.people, a.points, a.note, a.acted_at, a.undone_at, coalesce(u.name, ''),
	coalesce(a.member_id, ''), coalesce(p.name, ''), coalesce(a.squad_id, ''), coalesce(q.name, '')`

const from = ` FROM acts a LEFT JOIN accounts w ON w.id = a.account_id LEFT JOIN accounts u ON u.id = a.undone_by LEFT JOIN campaigns c ON c.id = a.campaign_id
	LEFT JOIN links l ON l.id = a.link_id LEFT JOIN accounts m ON m.id = l.account_id LEFT JOIN recipients o ON o.link_id = l.id
	LEFT JOIN accounts p ON p.id = a.member_id LEFT JOIN squads q ON q.id = a.squad_id
	LEFT JOIN drops d ON d.id = coalesce(l.drop_id, a.drop_id) LEFT JOIN drop_versions v ON v.drop_id = d.id AND v.number = d.version`

func scan(r data.Row) (a Act, err error) {
	return a, r.Scan(&a.ID, &a.Kind, &a.AccountID, &a.Name, &a.CampaignID, &a.Campaign, &a.LinkID, &a.Member, &a.DropID, &a.Drop, &a.OpenID,
		&a.Opens, &a.People, &a.Points, &a.Note, data.Time(&a.At), data.Time(&a.UndoneAt), &a.UndoneBy,
		&a.PersonID, &a.Person, &a.SquadID, &a.Squad)
}

// Write writes an act down, as of now, and returns its id.
func Write(ctx context.Context, tx *data.Tx, a Act) (int64, error) {
	id, err := data.Insert(ctx, tx, `INSERT INTO acts (kind, account_id, campaign_id, link_id, drop_id, open_id, opens, people, points, note, acted_at, member_id, squad_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(a.Kind), text(a.AccountID), text(a.CampaignID), number(a.LinkID), text(a.DropID), number(a.OpenID), a.Opens, a.People, a.Points,
		strings.TrimSpace(a.Note), tx.Now(), text(a.PersonID), text(a.SquadID))
	if err != nil {
		return 0, fmt.Errorf("writing down what was done: %w", err)
	}
	return id, nil
}

// Undo notes that an act was taken back; data.ErrNotFound says that there is
// none which still stands.
func Undo(ctx context.Context, tx *data.Tx, actID int64, by string) error {
	n, err := tx.Exec(ctx, `UPDATE acts SET undone_at = ?, undone_by = ? WHERE id = ? AND undone_at IS NULL`, tx.Now(), text(by), actID)
	if err == nil && n == 0 {
		err = data.ErrNotFound
	}
	return err
}

// ByID returns an act, or data.ErrNotFound.
func ByID(ctx context.Context, tx *data.Tx, actID int64) (Act, error) {
	return data.One(ctx, tx, scan, `SELECT `+columns+from+` WHERE a.id = ?`, actID)
}

// Latest returns what was done, the last first: limit of them, after leaving
// out some; in one campaign, or in all where the id is empty.
func Latest(ctx context.Context, tx *data.Tx, campaignID string, limit, leftOut int) ([]Act, error) {
	if campaignID == "" {
		return data.All(ctx, tx, scan, `SELECT `+columns+from+` ORDER BY a.id DESC LIMIT ? OFFSET ?`, limit, leftOut)
	}
	return data.All(ctx, tx, scan, `SELECT `+columns+from+` WHERE a.campaign_id = ? ORDER BY a.id DESC LIMIT ? OFFSET ?`, campaignID, limit, leftOut)
}

// OfSquad returns what was decided about groups of opens of links that were made in a squad, the last first: limit of
// them.
func OfSquad(ctx context.Context, tx *data.Tx, squadID string, limit int) ([]Act, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+from+` WHERE l.squad_id = ? AND a.kind IN (?, ?, ?) ORDER BY a.id DESC LIMIT ?`,
		squadID, string(GroupReleased), string(GroupExcluded), string(GroupCleared), limit)
}

// OfOpen returns what was decided about one open, the last first.
func OfOpen(ctx context.Context, tx *data.Tx, openID int64) ([]Act, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+from+` WHERE a.id IN (SELECT act_id FROM decisions WHERE open_id = ?) ORDER BY a.id DESC LIMIT 50`, openID)
}

// text is nil for an empty text, number for 0: there is nothing to refer to.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func number(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}
