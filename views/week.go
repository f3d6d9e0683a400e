package views

import (
	"context"
	"strings"
	"time"

	"ricochet.example/app/lang"
	"ricochet.example/app/picture"
	"ricochet.example/views/ui"
)

// WeekPath is a member's week as a picture to share, WeekFile the picture, and WithPlace says in an address that their
// place in the squad stands on it.
const (
	WeekPath  = "/me/week"
	WeekFile  = "/me/week.png"
	WithPlace = "place"
)

// WeekPage is a member's week as a picture tells it.
type WeekPage struct {
	Brand, Label string
	Week         HomeWeek
	People       []int // who came in it, at each hop
	Placed       bool  // their place stands on it
	From, To     time.Time
	Zone         *time.Location
}

// Title is what the picture is called, with its days.
func (v WeekPage) Title(ctx context.Context) string {
	return lang.T(ctx, "week.title", "from", lang.Date(ctx, v.From, time.UTC), "to", lang.Date(ctx, v.To, time.UTC))
}

// Card is the picture: the person's own numbers, and no name at all.
func (v WeekPage) Card(ctx context.Context) picture.WeekCard {
	c := picture.WeekCard{
		Brand: v.Brand, Title: lang.T(ctx, "week.mine"), Label: v.Label, People: v.People,
		Big:  lang.T(ctx, "home.people", "n", v.Week.People),
		Days: lang.T(ctx, "week.days", "from", lang.Day(ctx, v.From, time.UTC), "to", lang.Day(ctx, v.To, time.UTC)),
	}
	if n := len(v.People); n > 0 {
		c.Small = append(c.Small, lang.T(ctx, "counted.farthest", "n", n))
	}
	if v.Placed && v.Week.Rank > 0 {
		c.Small = append(c.Small, v.Week.place(ctx))
	}
	return c
}

// file is the address of the picture as it was chosen.
func (v WeekPage) file() string {
	if v.Placed {
		return WeekFile + "?" + WithPlace
	}
	return WeekFile
}

// choices are whether the place stands on it.
func (v WeekPage) choices(ctx context.Context) []ui.NavItem {
	return []ui.NavItem{
		{Label: lang.T(ctx, "week.without"), Path: WeekPath, Current: !v.Placed},
		{Label: lang.T(ctx, "week.with"), Path: WeekPath + "?" + WithPlace, Current: v.Placed},
	}
}

// alt is what can be seen on the picture.
func (v WeekPage) alt(ctx context.Context) string {
	c := v.Card(ctx)
	return strings.Join(append([]string{c.Title, c.Days, c.Big}, c.Small...), ", ")
}
