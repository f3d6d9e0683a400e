package web

import (
	"context"

	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
)

// drawnAtOnce is up to how many people the map stands on the page of its
// campaign or drop. To draw it every open is read, which takes a second for
// many: beyond, it has a page of its own alone.
const drawnAtOnce = 5000

// travels reads how something travelled: day by day, and, if that is soon
// done, its map and its channels. The caller holds a place to draw.
func (s *Server) travels(ctx context.Context, tx *data.Tx, scope spread.Scope, people int64, title, of string) (v views.Travels, err error) {
	if v.Days, err = spread.Days(ctx, tx, scope); err != nil || people == 0 || people > drawnAtOnce {
		return v, err
	}
	m := views.MapPage{Title: title, Of: of, Page: 1, Token: s.tokens.Link}
	if b := s.brand.Load(); b != nil {
		m.Brand = b.Name
	}
	shares, err := spread.Shares(ctx, tx, scope)
	if err != nil {
		return v, err
	}
	m.All = spread.Ambassadors(shares)
	owners, err := spread.ReadOwners(ctx, tx, m.All, "")
	if err != nil {
		return v, err
	}
	v.Channels = views.ChannelsOf(owners, people)
	m.Map, m.Owners = spread.LayOwners(owners)
	v.Map = &m
	return v, nil
}
