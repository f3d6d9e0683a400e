package views

import (
	"context"
	"strings"

	"ricochet.example/views/ui"
)

// firstName is how a person is greeted.
func firstName(name string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	return first
}

// kindOf makes the first thing the one to do.
func kindOf(i int) string {
	if i == 0 {
		return ui.Primary
	}
	return ""
}

// place is where the member stands, where there is one campaign to stand in.
func (v HomePage) place(ctx context.Context) string {
	if len(v.Campaigns) != 1 || v.Campaigns[0].Own == nil || v.Campaigns[0].Own.Rank == 0 {
		return ""
	}
	return placeTitle(ctx, *v.Campaigns[0].Own, v.Campaigns[0].Of)
}
