package views

import (
	"context"
	"strconv"
	"strings"

	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/picture"
	"ricochet.example/views/ui"
)

// Cover is the picture above a drop's text.
type Cover struct {
	ID, Alt                   string
	Width, Height, PhoneWidth int    // in pixels
	prefix                    string // of its address
}

// Under is the cover at another address; nil stays nil.
func (c *Cover) Under(prefix string) *Cover {
	if c == nil {
		return nil
	}
	moved := *c
	moved.prefix = prefix
	return &moved
}

func (c *Cover) src() string { return c.prefix + "/m/" + c.ID }

func (c *Cover) srcset() string {
	return c.src() + "-phone " + strconv.Itoa(c.PhoneWidth) + "w, " + c.src() + " " + strconv.Itoa(c.Width) + "w"
}

// Look is what would come of a drop as it stands in its form.
type Look struct {
	Language, Brand, Label, Title, Teaser string
	Host                                  string // as messengers write it under a card
	Cover                                 *Cover
	Pages                                 []LookPage
	Card                                  picture.CardLayout
	Checks                                []Check
	Leads                                 int      // how many links it has
	Reached                               *Reached // where they lead; nil: nobody asked
}

// Reached is where the links of a drop lead.
type Reached struct {
	Links []ReachedLink
	Left  int // how many were too many to look at
}

// ReachedLink is whether one leads somewhere, and what is to be said of it.
type ReachedLink struct {
	Address string
	OK      bool
	Key     string
	Args    []any
}

// Unknown says that nobody knows whether it leads somewhere: the site was not reached, or not in time.
func (l ReachedLink) Unknown() bool { return l.Key == "reach.late" || l.Key == "reach.failed" }

// Check is one thing to see to before a drop is released.
type Check struct {
	OK   bool
	Key  string
	Args []any
}

// messenger is how one app shows a card: what of it, its style sheet says how much.
type messenger struct {
	name                    string
	site, teaser, hostBelow bool
}

// messengers are those whose cards differ most.
var messengers = []messenger{
	{name: "WhatsApp", teaser: true, hostBelow: true},
	{name: "iMessage", hostBelow: true},
	{name: "Telegram", site: true, teaser: true},
}

// class is the part of the name in the style sheet.
func (m messenger) class() string { return "as-" + strings.ToLower(m.name) }

// covers are the choices for a cover.
func (f DropForm) covers(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: "", Label: lang.T(ctx, "image.no_cover"), Selected: f.Cover == ""}}
	for n, i := range f.Images {
		all = append(all, ui.Option{Value: i.ID, Label: imageName(ctx, n, i)})
	}
	return all
}

// imageName is what a picture is called in the editor.
func imageName(ctx context.Context, n int, i drop.Image) string {
	name := lang.T(ctx, "image.number", "n", n+1)
	if i.Alt != "" {
		name += " · " + i.Alt
	}
	return name
}

func pixels(n int) string { return strconv.Itoa(n) }

// viewBox is the frame of a card.
var viewBox = "0 0 " + strconv.Itoa(picture.CardWidth) + " " + strconv.Itoa(picture.CardHeight)
