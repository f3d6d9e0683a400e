package views

import (
	"context"
	"strings"

	"ricochet.example/app/account"
	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/message"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/views/ui"
)

// Overview is what staff see first.
type Overview struct {
	Squads    int
	Members   int64
	Campaigns int
	Drops     int64
	Released  int64
	Current   []Underway // the campaigns that run now, as many as are shown
	Asking    []squad.Asking
	Grown     []account.Account // who say that they are 18 now, as many as are shown
	GrownMore int               // how many more there are
	Voices    int               // that nobody has read
	Claims    int               // rewards that were asked for
	Mails     int               // that did not arrive; none for who may not see the outbox
	Turns     []drop.Turn       // what comes next
	// FirstSquad is where to invite people when there is a squad and nobody in it.
	FirstSquad string
	// Damaged says that something of the database was found damaged.
	Damaged bool
}

// Underway is a campaign that runs, how far it went, and what waits there.
type Underway struct {
	campaign.Campaign
	Board   spread.Board // who leads
	Waiting int64        // opens that wait for a judgement
}

// waiting are the things that only somebody of staff can do, each with where to.
func (o Overview) waiting(ctx context.Context) (all []ui.NavItem) {
	for _, a := range o.Asking {
		all = append(all, ui.NavItem{Label: lang.T(ctx, "start.asking", "n", a.People, "squad", a.Squad), Path: ApplicationsPath(a.SquadID), Icon: "user-plus"})
	}
	for _, c := range o.Current {
		if c.Waiting > 0 {
			all = append(all, ui.NavItem{Label: lang.T(ctx, "start.held", "n", c.Waiting, "campaign", c.Name), Path: HeldPath(c.ID), Icon: "hourglass"})
		}
	}
	for _, who := range o.Grown {
		all = append(all, ui.NavItem{Label: lang.T(ctx, "start.grown", "name", who.Name), Path: GrownPath(who.ID), Icon: "circle-check"})
	}
	if o.GrownMore > 0 {
		all = append(all, ui.NavItem{Label: lang.T(ctx, "start.grown_more", "n", o.GrownMore), Path: AllGrownPath, Icon: "circle-check"})
	}
	if o.Voices > 0 {
		all = append(all, ui.NavItem{Label: lang.T(ctx, "start.voices", "n", o.Voices), Path: "/voices", Icon: "message-square"})
	}
	if o.Claims > 0 {
		all = append(all, ui.NavItem{Label: lang.T(ctx, "start.claims", "n", o.Claims), Path: RewardsPath, Icon: "gift"})
	}
	if o.Mails > 0 {
		all = append(all, ui.NavItem{Label: lang.T(ctx, "start.mails", "n", o.Mails), Path: OutboxPath(message.StateFailed, 1), Icon: "mail"})
	}
	return all
}

// says is what happens in a turn.
func says(ctx context.Context, t drop.Turn) string {
	switch {
	case len(t.Squads) == 0:
		return lang.T(ctx, "start.public")
	case t.Shares:
		return lang.T(ctx, "start.shares", "n", len(t.Squads), "squads", some(ctx, t.Squads))
	}
	return lang.T(ctx, "start.opens", "squads", some(ctx, t.Squads))
}

// some are names in a row, of many the first.
func some(ctx context.Context, names []string) string {
	const shown = 3
	if len(names) <= shown+1 {
		return strings.Join(names, ", ")
	}
	return lang.T(ctx, "start.and_more", "names", strings.Join(names[:shown], ", "), "n", len(names)-shown)
}

// firstStep is one of the things to do before anything can travel.
type firstStep struct {
	key, hint string
	path      string
	done      bool
}

// begun says that the installation is past its first steps.
func (o Overview) begun() bool {
	for _, s := range o.steps() {
		if !s.done {
			return false
		}
	}
	return true
}

func (o Overview) steps() []firstStep {
	people := "/squads"
	if o.FirstSquad != "" {
		people = SquadPath(o.FirstSquad)
	}
	return []firstStep{
		{"start.step_squad", "start.step_squad_hint", "/squads/new", o.Squads > 0},
		{"start.step_members", "start.step_members_hint", people, o.Members > 0},
		{"start.step_campaign", "start.step_campaign_hint", "/campaigns/new", o.Campaigns > 0},
		{"start.step_drop", "start.step_drop_hint", "/drops", o.Drops > 0},
		{"start.step_release", "start.step_release_hint", "/drops", o.Released > 0},
	}
}
