package views

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/reward"
	"ricochet.example/app/spread"
	"ricochet.example/views/ui"
)

// OwnRewardsPath is what a member gets.
const OwnRewardsPath = "/me/rewards"

// OwnRewardPath is one reward, as a member sees it.
func OwnRewardPath(rewardID string) string { return OwnRewardsPath + "/" + rewardID }

// WithdrawPath takes back what a member asked for.
func WithdrawPath(claimID string) string { return "/me/claims/" + claimID + "/withdraw" }

// PutAwayPath puts away thanks.
func PutAwayPath(thanksID string) string { return "/me/thanks/" + thanksID + "/seen" }

// RicochetPath puts away the moment of the first ricochet.
const RicochetPath = "/me/ricochet"

// OfferedReward is a reward as a member sees it.
type OfferedReward struct {
	reward.Reward
	Level   string // its name; empty: for everybody
	Refused error  // why they cannot ask for it, as reward.Reward.Refused says; nil: they can
}

// why says what keeps a member from asking; empty if nothing does.
func (o OfferedReward) why(ctx context.Context) string {
	switch {
	case o.Refused == nil:
		return ""
	case errors.Is(o.Refused, reward.ErrTooLow) && o.Level != "":
		return lang.T(ctx, "reward.from_level", "level", o.Level)
	case errors.Is(o.Refused, reward.ErrTooLow):
		return lang.T(ctx, "reward.members_only")
	case errors.Is(o.Refused, reward.ErrHad):
		return lang.T(ctx, "reward.had")
	case errors.Is(o.Refused, reward.ErrNone):
		return lang.T(ctx, "reward.none_left")
	}
	return lang.T(ctx, "reward.ended")
}

// OwnRewardsPage is what a member gets.
type OwnRewardsPage struct {
	Ladder   reward.Ladder
	Progress reward.Progress
	Offered  []OfferedReward
	Claims   []reward.Claim
	Thanks   []reward.Thanks
	Zone     *time.Location
}

// at is the place of the member's level on the ladder, from 1.
func (v OwnRewardsPage) at() int { return v.Ladder.At(v.Progress) }

// next is the level above the member's, if there is one.
func (v OwnRewardsPage) next() (reward.Level, bool) {
	if at := v.at(); at < len(v.Ladder) {
		return v.Ladder[at], true
	}
	return reward.Level{}, false
}

// asked is one thing that a level asks for, with how much of it is there.
type asked struct {
	have, want int
	words      string
}

// toGo is what the next level asks for.
func (v OwnRewardsPage) toGo(ctx context.Context, l reward.Level) (all []asked) {
	for _, a := range []struct {
		key        string
		have, want int
	}{
		{"level.have_score", int(v.Progress.Score), l.Score}, {"level.have_people", int(v.Progress.People), l.People}, {"level.have_months", v.Progress.Months, l.Months},
	} {
		if a.want > 0 {
			have := min(a.have, a.want)
			all = append(all, asked{have, a.want, lang.T(ctx, a.key, "have", lang.Number(ctx, have), "n", a.want)})
		}
	}
	return all
}

// asks says what a level asks for.
func asks(ctx context.Context, l reward.Level) string {
	var parts []string
	for _, a := range []struct {
		key string
		n   int
	}{{"level.score_n", l.Score}, {"level.people_n", l.People}, {"level.months_n", l.Months}} {
		if a.n > 0 {
			parts = append(parts, lang.T(ctx, a.key, "n", a.n))
		}
	}
	if len(parts) == 0 {
		return lang.T(ctx, "level.asks_nothing")
	}
	return strings.Join(parts, " · ")
}

// claimTag is what became of a claim, in a word.
func claimTag(ctx context.Context, s reward.State) (label, icon, tone string) {
	switch s {
	case reward.Earned:
		return lang.T(ctx, "claim.earned"), "hourglass", ui.Hot
	case reward.Approved:
		return lang.T(ctx, "claim.approved"), "check", ui.Good
	case reward.Sent:
		return lang.T(ctx, "claim.sent"), "send", ui.Good
	case reward.Declined:
		return lang.T(ctx, "claim.declined"), "x", ui.Warn
	}
	return lang.T(ctx, "claim.withdrawn"), "undo-2", ""
}

// claimMore says what comes next, or what was.
func claimMore(ctx context.Context, c reward.Claim, zone *time.Location) string {
	switch c.State {
	case reward.Earned:
		return lang.T(ctx, "claim.earned_more")
	case reward.Approved:
		return lang.T(ctx, "claim.approved_more", "who", memberName(ctx, c.DecidedBy), "at", lang.Date(ctx, c.DecidedAt, zone))
	case reward.Sent:
		return lang.T(ctx, "claim.sent_more", "at", lang.Date(ctx, c.SentAt, zone))
	case reward.Declined:
		return lang.T(ctx, "claim.declined_more", "who", memberName(ctx, c.DecidedBy), "at", lang.Date(ctx, c.DecidedAt, zone))
	}
	return ""
}

// AskForm is what sending a reward needs, as it was typed.
type AskForm struct {
	Once    string `form:"once"`
	Size    string `form:"size"`
	Address string `form:"address"`

	Problems check.Problems `form:"-"`
}

// OwnRewardPage is where a member asks for a reward.
type OwnRewardPage struct {
	Reward OfferedReward
	Form   AskForm
}

func (v OwnRewardPage) sizes(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: "", Label: lang.T(ctx, "reward.choose_size")}}
	for _, s := range v.Reward.Choices() {
		all = append(all, ui.Option{Value: s, Label: s})
	}
	return all
}

// HomeLevel is what a member has reached, in a line.
type HomeLevel struct {
	Show  bool   // there is a ladder, or something to get
	Level string // the name of theirs; empty: none yet
	Next  string // of the one above; empty: there is none
	Share float64
	Can   int // how many rewards they may ask for
}

// Moments are what a member is told once: thanks, and their first ricochet.
type Moments struct {
	Thanks   []reward.Thanks
	Ricochet bool
	Passed   spread.Totals // of all their links
}

func whenTrue(yes bool) string {
	if yes {
		return "yes"
	}
	return ""
}

func typedNumber(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
