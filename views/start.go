package views

import (
	"ricochet.example/app/campaign"
	"ricochet.example/app/spread"
)

// Overview is what staff see first.
type Overview struct {
	Squads    int
	Members   int64
	Campaigns int
	Drops     int64
	Released  int64
	Current   []Underway // the campaigns that run now, as many as are shown
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
