package views

import (
	"context"

	"ricochet.example/app/lang"
	"ricochet.example/app/picture"
	"ricochet.example/app/spread"
)

// ripples is the map, with where its spots lead.
func (v LinkPage) ripples(ctx context.Context) rippleMap {
	m := rippleMap{
		Ripple: v.Map, Title: lang.T(ctx, "link.map_title", "title", v.Title), Chosen: -1,
		About:  lang.T(ctx, "link.map_text", "n", len(v.Numbers), "hops", v.Totals.Farthest),
		Middle: initials(v.Member),
	}
	if n := v.Choice.Branch; n > 0 {
		m.Title = lang.T(ctx, "map.branch_title", "number", num(n), "title", v.Title)
		m.Middle = num(n)
	}
	return m
}

// onPage is the map as the page shows it: spots lead to their branch.
func (v LinkPage) onPage(ctx context.Context) picture.Drawing {
	m := v.ripples(ctx)
	if n := v.Choice.Branch; n > 0 {
		m.Up = v.branchAt(v.Tree.Reader(n).Above)
	}
	m.Branch = func(s spread.Spot) string {
		if s.Number == 0 || s.Number == v.Choice.Branch || s.Gathered == 0 && s.Below == 0 {
			return ""
		}
		return v.branchAt(s.Number)
	}
	return m.drawing(ctx)
}

// LinkDrawing is the map as a file: with its title, and what was told besides.
func LinkDrawing(ctx context.Context, v LinkPage) picture.Drawing {
	m := v.ripples(ctx)
	return framed(m.drawing(ctx), v.Member+" · "+v.Title, lang.T(ctx, "map.link_file", "n", len(v.Numbers), "people", v.Totals.People, "hops", v.Totals.Farthest))
}

func mapCaption(ctx context.Context, m spread.Ripple) string {
	if m.Hidden > 0 {
		return lang.T(ctx, "link.map_gathered", "n", m.Hidden)
	}
	return lang.T(ctx, "link.map_hint")
}
