package views

import (
	"context"

	"ricochet.example/app/lang"
)

// heldTitle is what a page is called that does not show its drop.
func (r Reader) heldTitle(ctx context.Context) string {
	if r.Away {
		return lang.T(ctx, "reader.away_title")
	}
	return lang.T(ctx, "reader.held_title", "brand", r.Brand)
}

// heldText says why, as far as it can be said.
func (r Reader) heldText(ctx context.Context) string {
	if r.Away {
		return lang.T(ctx, "reader.away_text")
	}
	return lang.T(ctx, "reader.held_text")
}
