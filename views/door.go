package views

import (
	"context"
	"net/url"
	"strings"

	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/spread"
	"ricochet.example/views/ui"
)

// DoorPath is where members come to a drop, and nobody else learns anything.
func DoorPath(code string) string { return "/d/" + code }

// HousesPath is where links of the house are made for a drop.
func HousesPath(dropID string) string { return DropPath(dropID) + "/houses" }

// DoorPage is what whoever stands before a door sees that leads them nowhere, be there such a door or not.
type DoorPage struct {
	Brand    string
	Path     string
	SignedIn bool
}

// CopyText is what can be said in some place where people talk.
type CopyText struct {
	Place string // end of the key of its words: group, list or channel
	Text  string
}

// TalksOf are the texts that lead members to a drop, in the language of the drop: in their group, and to a broadcast
// list.
func TalksOf(ctx context.Context, language, brand, door string) []CopyText {
	in := lang.With(ctx, language)
	return []CopyText{
		{"group", groupText(ctx, language, door)},
		{"list", lang.T(in, "door.for_list", "brand", brand, "url", door)},
		{"channel", lang.T(in, "door.for_channel", "brand", brand, "url", door)},
	}
}

func groupText(ctx context.Context, language, door string) string {
	return lang.T(lang.With(ctx, language), "door.for_group", "url", door)
}

// groupChannel is the channel that the address of a group is of.
func groupChannel(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	for host, channel := range map[string]string{
		"chat.whatsapp.com": "whatsapp", "whatsapp.com": "whatsapp", "wa.me": "whatsapp", "t.me": "telegram", "telegram.me": "telegram",
		"m.me": "messenger", "messenger.com": "messenger", "signal.group": "sms",
	} {
		if h := strings.TrimPrefix(u.Hostname(), "www."); h == host {
			return channel
		}
	}
	return ""
}

// hopOptions are how far readers may pass a drop on.
func hopOptions(ctx context.Context) (all []ui.Option) {
	for _, h := range drop.AllHops {
		key := string(h)
		if h == drop.AnyHops {
			key = "any"
		}
		all = append(all, ui.Option{Value: string(h), Label: lang.T(ctx, "release.hops_"+key)})
	}
	return all
}

// HouseForm is the name of a new link of the house, as it was typed.
type HouseForm struct {
	Once  string `form:"once"`
	House string `form:"house"`

	Problems check.Problems `form:"-"`
}

// HouseLine is a link of the house and what it brought.
type HouseLine struct {
	Name    string
	Token   string
	Address string
	Drop    string // title, where several stand together
	Stopped bool
	Totals  spread.Totals
}

// housesFrom says from when on links of the house show the drop.
func housesFrom(ctx context.Context, v DropPage) string {
	if v.Drop.PublicAt.IsZero() {
		return lang.T(ctx, "house.never")
	}
	return lang.T(ctx, "house.from", "when", lang.DateTime(ctx, v.Drop.PublicAt, v.Zone))
}
