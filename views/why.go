package views

import (
	"context"

	"ricochet.example/app/lang"
	"ricochet.example/app/picture"
)

// TreePath is a member's own tree as a picture to show around.
func TreePath(token string) string { return LinkPath(token) + "/tree.png" }

// TreePicture is that picture, but for what the brand says on it. Readers are spots, and how many were gathered in
// one; the member's own initials stand in the middle.
func TreePicture(ctx context.Context, v LinkPage) picture.TreePoster {
	return picture.TreePoster{
		Title: v.Title,
		Big:   lang.T(ctx, "home.people", "n", v.Totals.People),
		Small: lang.T(ctx, "counted.farthest", "n", v.Totals.Farthest),
		Map:   v.ripples(ctx).drawing(ctx),
	}
}

// addsUp says whether the whole tree was read, so that its parts are the whole.
func (v LinkPage) addsUp() bool { return v.Tree.Left == 0 && v.Totals.People > 0 }

// fetchWords says beside the fetches how many were left out, where the score does not say so.
func fetchWords(ctx context.Context, v LinkPage) string {
	if v.Staff || v.Tree.Len() == 0 {
		return leftOutWords(ctx, v.Tallies)
	}
	return ""
}
