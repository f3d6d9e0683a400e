package views

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/reward"
	"ricochet.example/views/ui"
)

// RewardsPath is where staff give out rewards.
const RewardsPath = "/rewards"

// LevelsPath is where the ladder is set.
const LevelsPath = RewardsPath + "/levels"

// RewardPath is where a reward is changed.
func RewardPath(rewardID string) string { return RewardsPath + "/" + rewardID }

// CodesPath is where codes are added to a reward.
func CodesPath(rewardID string) string { return RewardPath(rewardID) + "/codes" }

// HandOutPath approves and sends.
const HandOutPath = "/claims"

// ClaimPath is one reward that somebody asked for.
func ClaimPath(claimID string) string { return HandOutPath + "/" + claimID }

// claimStates are the states of claims in the order in which they are offered.
var claimStates = []reward.State{reward.Earned, reward.Approved, reward.Sent, reward.Declined, reward.Withdrawn}

// RewardsPage is what staff see of rewards.
type RewardsPage struct {
	State    reward.State // of the claims that are shown
	Counts   map[reward.State]int
	Claims   []reward.Claim
	Page     int
	More     bool
	Rewards  []reward.Reward
	Ladder   reward.Ladder
	AtLevel  []int // how many members are at each level and no higher
	NotYet   int   // and at none
	Problems check.Problems
	Zone     *time.Location
}

func (v RewardsPage) states(ctx context.Context) (all []ui.NavItem) {
	for _, s := range claimStates {
		all = append(all, ui.NavItem{
			Label: lang.T(ctx, "claim.list_"+string(s), "n", v.Counts[s]), Path: RewardsPath + "?state=" + string(s), Current: s == v.State,
		})
	}
	return all
}

// step is what is done with what is shown: approving, then sending; empty where nothing more comes.
func (v RewardsPage) step(ctx context.Context) (one, many string) {
	switch v.State {
	case reward.Earned:
		return lang.T(ctx, "claim.approve"), lang.T(ctx, "claim.approve_many")
	case reward.Approved:
		return lang.T(ctx, "claim.send"), lang.T(ctx, "claim.send_many")
	}
	return "", ""
}

// HandOutForm is which claims are approved, or sent.
type HandOutForm struct {
	State string   `form:"state"` // in which they were shown
	Claim []string `form:"claim"`
	One   string   `form:"one"` // this one alone
}

// LevelRow is a level as it was typed.
type LevelRow struct {
	ID     string `form:"id"`
	Name   string `form:"name"`
	Score  string `form:"score"`
	People string `form:"people"`
	Months string `form:"months"`
}

// LevelsForm is the ladder as it was typed. A row without a name is no level.
type LevelsForm struct {
	Levels []LevelRow `form:"levels"`

	Problems check.Problems `form:"-"`
}

// LevelsAs is the form of the ladder as it is, with room for more.
func LevelsAs(l reward.Ladder) LevelsForm {
	f := LevelsForm{}
	for _, level := range l {
		f.Levels = append(f.Levels, LevelRow{level.ID, level.Name, typedNumber(level.Score), typedNumber(level.People), typedNumber(level.Months)})
	}
	return f.roomy()
}

// roomy has empty rows at the end, as far as there may be more levels.
func (f LevelsForm) roomy() LevelsForm {
	filled := 0
	for n, l := range f.Levels {
		if l.Name != "" {
			filled = n + 1
		}
	}
	f.Levels = f.Levels[:min(filled, reward.MostLevels)]
	for range max(1, 3-filled) {
		if len(f.Levels) < reward.MostLevels {
			f.Levels = append(f.Levels, LevelRow{})
		}
	}
	return f
}

// Ladder is what was typed, and what is wrong with it, at the fields of the form as Tidy leaves it.
func (f LevelsForm) Ladder() (l reward.Ladder, p check.Problems) {
	for n, row := range f.Levels {
		field := func(name string) string { return fmt.Sprintf("levels.%d.%s", n, name) }
		l = append(l, reward.Level{
			ID: row.ID, Name: row.Name,
			Score: whole(&p, field("score"), row.Score), People: whole(&p, field("people"), row.People), Months: whole(&p, field("months"), row.Months),
		})
	}
	for field, problem := range l.Check() {
		if _, there := p[field]; !there {
			p.Add(field, problem.Key, problem.Args...)
		}
	}
	return l, p
}

// Tidy leaves out the rows in which nothing is named.
func (f LevelsForm) Tidy() LevelsForm {
	var rows []LevelRow
	for _, row := range f.Levels {
		if strings.TrimSpace(row.Name) != "" {
			rows = append(rows, row)
		}
	}
	f.Levels = rows[:min(len(rows), reward.MostLevels)]
	return f
}

func (f LevelsForm) labels(ctx context.Context) (all []string) {
	for n := range f.Levels {
		for _, field := range []struct{ name, key string }{{"name", "level.name"}, {"score", "level.score"}, {"people", "level.people"}, {"months", "level.months"}} {
			all = append(all, fmt.Sprintf("levels.%d.%s", n, field.name), lang.T(ctx, "level.nth", "n", n+1)+" · "+lang.T(ctx, field.key))
		}
	}
	return all
}

// RewardForm is a reward as it was typed.
type RewardForm struct {
	Once      string `form:"once"`
	Name      string `form:"name"`
	About     string `form:"about"`
	Level     string `form:"level"`
	Kind      string `form:"kind"` // of a new one: a thing, or a code
	Stock     string `form:"stock"`
	PerPerson string `form:"per_person"`
	Sizes     string `form:"sizes"`
	Address   string `form:"address"`
	AtOnce    string `form:"at_once"`
	Ended     string `form:"ended"`

	Problems check.Problems `form:"-"`
	Ladder   reward.Ladder  `form:"-"`
	Codes    bool           `form:"-"` // an old one: is it a code?
}

// What a new reward can be.
const (
	AThing = "thing"
	ACode  = "code"
)

// RewardAs is the form of a reward as it is.
func RewardAs(r reward.Reward, l reward.Ladder) RewardForm {
	return RewardForm{
		Name: r.Name, About: r.About, Level: r.LevelID, Stock: strconv.Itoa(r.Stock), PerPerson: strconv.Itoa(r.PerPerson), Sizes: r.Sizes,
		Address: whenTrue(r.Address), AtOnce: whenTrue(r.AtOnce), Ended: whenTrue(!r.EndedAt.IsZero()), Ladder: l, Codes: r.Codes,
	}
}

// Reward changes r to what was typed, as of now, and returns what is wrong with that.
func (f RewardForm) Reward(r *reward.Reward, now time.Time) (p check.Problems) {
	r.Name, r.About, r.LevelID, r.Sizes = f.Name, strings.ReplaceAll(f.About, "\r\n", "\n"), f.Level, strings.ReplaceAll(f.Sizes, "\r\n", "\n")
	r.Address, r.AtOnce = f.Address != "", f.AtOnce != ""
	if r.ID == "" {
		r.Codes = f.Kind == ACode
		p.OneOf("kind", f.Kind, AThing, ACode)
	}
	if !r.Codes {
		r.Stock = whole(&p, "stock", f.Stock)
	}
	r.PerPerson = whole(&p, "per_person", f.PerPerson)
	switch {
	case f.Ended == "":
		r.EndedAt = time.Time{}
	case r.EndedAt.IsZero():
		r.EndedAt = now
	}
	if f.Level != "" && f.Ladder.Place(f.Level) == 0 {
		p.Add("level", "check.choice")
	}
	for field, problem := range r.Check() {
		if _, there := p[field]; !there {
			p.Add(field, problem.Key, problem.Args...)
		}
	}
	return p
}

func (f RewardForm) levels(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: "", Label: lang.T(ctx, "reward.every_level")}}
	for _, l := range f.Ladder {
		all = append(all, ui.Option{Value: l.ID, Label: l.Name})
	}
	return all
}

// CodesForm are codes as they were pasted.
type CodesForm struct {
	Codes string `form:"codes"`
	All   string `form:"all"` // to take back: all that nobody was given

	Problems check.Problems `form:"-"`
}

// RewardPage is where a reward is changed.
type RewardPage struct {
	Reward reward.Reward
	Form   RewardForm
	Codes  CodesForm

	Spare     []string // the first of the codes that are there to be given
	MoreSpare bool     // there are more
}

// ClaimForm is why a reward is declined, as it was typed.
type ClaimForm struct {
	Reason string `form:"reason"`

	Problems check.Problems `form:"-"`
}

// ClaimPage is one reward that somebody asked for.
type ClaimPage struct {
	Claim reward.Claim
	Form  ClaimForm
	Zone  *time.Location
}

// levelName is what a level is called; empty: it asks for none.
func levelName(l reward.Ladder, levelID string) string {
	if at := l.Place(levelID); at > 0 {
		return l[at-1].Name
	}
	return ""
}

// ThankPath is where a member is thanked.
func ThankPath(squadID, accountID string) string { return MemberPath(squadID, accountID) + "/thanks" }

// ThanksForm is a line of thanks as it was typed.
type ThanksForm struct {
	Once  string `form:"once"`
	Words string `form:"words"`

	Problems check.Problems `form:"-"`
}

// heads are the columns of the list of claims.
func (v RewardsPage) heads(ctx context.Context) []ui.Head {
	return []ui.Head{
		{Label: lang.T(ctx, "claim.who")}, {Label: lang.T(ctx, "claim.what")}, {Label: lang.T(ctx, "claim.asked_at"), Fold: true}, {Label: lang.T(ctx, "claim.do"), Heard: true},
	}
}

// claimBox names the box by which a claim is chosen. The first has the name of the field, which what is wrong leads to.
func claimBox(n int) string {
	if n == 0 {
		return "claim"
	}
	return "claim-" + num(n)
}
