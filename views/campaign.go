package views

import (
	"context"
	"slices"
	"strings"

	"ricochet.example/app/campaign"
	"ricochet.example/app/lang"
	"ricochet.example/app/spread"
	"ricochet.example/views/ui"
)

// drops are all of the campaign's, those that nothing came of as well.
func (v CampaignPage) drops() (lines []PartLine) {
	names := map[string]string{}
	for _, d := range v.Drops {
		names[d.ID] = d.Title
	}
	all := v.ByDrop
	for _, p := range all {
		lines = append(lines, PartLine{Part: p, Name: names[p.ID], Path: DropPath(p.ID)})
		delete(names, p.ID)
	}
	for _, d := range v.Drops {
		if _, left := names[d.ID]; left {
			lines = append(lines, PartLine{Part: spread.Part{ID: d.ID}, Name: d.Title, Path: DropPath(d.ID)})
		}
	}
	return scaled(lines)
}

// squads are those in which links were made, and the links that were made in none.
func (v CampaignPage) squads(ctx context.Context) (lines []PartLine) {
	names := map[string]string{}
	for _, s := range v.Squads {
		names[s.ID] = s.Name
	}
	for _, p := range v.BySquad {
		l := PartLine{Part: p, Name: names[p.ID], Path: BoardPath(v.Campaign.ID) + "?squad=" + p.ID}
		if p.ID == "" {
			l.Name, l.Path = lang.T(ctx, "board.no_squad"), ""
		}
		lines = append(lines, l)
	}
	return scaled(lines)
}

// scaled tells each line what the largest is.
func scaled(lines []PartLine) []PartLine {
	most := int64(0)
	for _, l := range lines {
		most = max(most, l.People)
	}
	for i := range lines {
		lines[i].Most = most
	}
	return lines
}

// campaignWays lead from a campaign to what there is to see of it and to decide in it.
func campaignWays(ctx context.Context, id string, waiting int64) []ui.NavItem {
	held := ui.NavItem{Label: lang.T(ctx, "held.title"), Path: HeldPath(id), Icon: "shield-check"}
	if n := waiting; n > 0 {
		held.Label, held.Icon = lang.T(ctx, "held.waiting", "n", n, "many", upTo(ctx, n)), "hourglass"
	}
	return []ui.NavItem{
		{Label: lang.T(ctx, "board.heading"), Path: BoardPath(id), Icon: "trophy"},
		{Label: lang.T(ctx, "map.title"), Path: MapOf(CampaignPath(id)), Icon: "network"},
		{Label: lang.T(ctx, "review.title"), Path: ReviewPath(id), Icon: "eye"},
		held,
	}
}

// forSquads names the squads that the campaign is for.
func (v CampaignPage) forSquads() string {
	var names []string
	for _, s := range v.Squads {
		if slices.Contains(v.For, s.ID) {
			names = append(names, s.Name)
		}
	}
	return strings.Join(names, ", ")
}

// squads are those that the campaign may be for.
func (f CampaignForm) squads() (all []ui.Option) {
	for _, s := range f.Squads {
		all = append(all, ui.Option{Value: s.ID, Label: s.Name, Selected: slices.Contains(f.Chosen, s.ID)})
	}
	return all
}

// labels are the form's fields and what they are called, in turn.
func (f CampaignForm) labels(ctx context.Context) []string {
	all := []string{
		"name", lang.T(ctx, "campaign.name"), "goal", lang.T(ctx, "campaign.goal"), "starts_at", lang.T(ctx, "campaign.starts_at"),
		"ends_at", lang.T(ctx, "campaign.ends_at"), "most", lang.T(ctx, "campaign.most"),
	}
	for _, l := range lang.Supported() {
		all = append(all, campaign.LabelField(l), lang.T(ctx, "campaign.in_"+l))
	}
	return all
}
