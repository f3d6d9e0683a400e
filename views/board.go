package views

import (
	"context"

	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/spread"
	"ricochet.example/views/ui"
)

// RehearsePath is where a rehearsal of a drop is asked for.
func RehearsePath(dropID string) string { return "/drops/" + dropID + "/rehearsal" }

// RehearsalPath is the board of a rehearsal.
func RehearsalPath(token string) string { return "/rehearsals/" + token }

// LinkPath is the page of a link: its tree, and its reasons.
func LinkPath(token string) string { return "/links/" + token }

// MapPath is the ripple map of a link, as a picture of its own.
func MapPath(token string) string { return "/links/" + token + "/map.svg" }

// total adds a board up; the farthest is the farthest of all.
func total(board []spread.Standing) (t spread.Totals) {
	for _, s := range board {
		t.Add(s.Sums)
		t.Farthest = max(t.Farthest, s.Farthest)
	}
	return t
}

// why says where a score comes from.
func why(ctx context.Context, t spread.Totals) string {
	if t.People == 0 {
		return lang.T(ctx, "board.why_nothing")
	}
	return lang.T(ctx, "board.why", "n", t.People, "beyond", t.Beyond(), "points", t.Points)
}

func placeTitle(ctx context.Context, s spread.Standing, of int) string {
	if s.Points == 0 {
		return lang.T(ctx, "board.not_yet")
	}
	return lang.T(ctx, "board.place", "rank", lang.Rank(ctx, s.Rank), "of", of)
}

func boardHeads(ctx context.Context) []ui.Head {
	heads := []ui.Head{{Label: lang.T(ctx, "board.rank")}, {Label: lang.T(ctx, "board.member")}}
	for _, key := range []string{"spread.people", "spread.beyond", "spread.sharers", "spread.held"} {
		heads = append(heads, ui.Head{Label: lang.T(ctx, key), Num: true, Fold: true})
	}
	heads = append(heads, ui.Head{Label: lang.T(ctx, "spread.points"), Num: true})
	return heads
}

func campaignOptions(all []campaign.Campaign) (options []ui.Option) {
	for _, c := range all {
		options = append(options, ui.Option{Value: c.ID, Label: c.Name})
	}
	return options
}

func languageOptions() (options []ui.Option) {
	for _, code := range lang.Supported() {
		options = append(options, ui.Option{Value: code, Label: lang.Name(code)})
	}
	return options
}

// releaseNames are the fields of a release and their labels, in the order of the form.
func releaseNames(ctx context.Context, f ReleaseForm) (names []string) {
	for i, l := range f.Lines {
		names = append(names,
			drop.Field("squad", i), l.Name,
			drop.Field("opens_at", i), l.Name+", "+lang.T(ctx, "release.opens_at"),
			drop.Field("shareable_at", i), l.Name+", "+lang.T(ctx, "release.shareable_at"))
	}
	return append(names, "public_at", lang.T(ctx, "release.public_at"))
}
