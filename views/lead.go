package views

import (
	"context"
	"strings"
	"time"

	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/views/ui"
)

// LeadPath is the page of whoever leads a squad.
func LeadPath(squadID string) string { return SquadPath(squadID) + "/lead" }

// LeadGroupPath is where whoever leads a squad decides about a group of held opens.
func LeadGroupPath(squadID, token string, p share.Place) string {
	return SquadPath(squadID) + "/held/" + token + "/" + num64(int64(p))
}

// LeadList is some people of whom a page names so many, and how many there are.
type LeadList[T any] struct {
	Named []T
	Of    int
}

// mostListed is how many people a list names: whoever leads more speaks to all of them, and not to each.
const mostListed = 100

// Add adds one more of them, who is made if they are named.
func (l *LeadList[T]) Add(who func() T) {
	if l.Of++; len(l.Named) < mostListed {
		l.Named = append(l.Named, who())
	}
}

// LeadMember is a member who is behind with a drop.
type LeadMember struct {
	ID, Name string
	New      bool   // came lately
	Mail     string // the address that opens a mail to them, written
}

// LeadNew is a member who came lately.
type LeadNew struct {
	ID, Name string
	JoinedAt time.Time
	Shared   bool   // something by now
	Mail     string // the address that opens a welcome to them, written
}

// LeadWay is a way to send a text on from the captain's own phone.
type LeadWay struct{ Channel, Href string }

// LeadDrop is a drop that a squad has, and who of its members is behind with it.
type LeadDrop struct {
	Door             drop.SquadDoor
	Shareable        bool // by now
	Read, Shared, Of int  // members
	Unread, Unshared LeadList[LeadMember]
	Behind           []string // the addresses of both
	Text             string   // for the group
	Ways             []LeadWay
}

// LeadPage is what whoever leads a squad looks after.
type LeadPage struct {
	Squad   squad.Squad
	Own     string // the account of whoever looks
	Staff   bool   // they are staff
	Drops   []LeadDrop
	New     LeadList[LeadNew]
	Groups  []HeldGroup // that wait, the latest first
	Waiting int64       // how many there are in all
	Acts    []ActLine   // what was decided last
	Judged  []string    // campaigns in which no group clears by itself
	Once    string
	Zone    *time.Location
}

// LeadText is what the captain can say of a drop in their group, in its language: behind it stand the label of the
// drop, if it has one, and the door that lets in its members alone.
func LeadText(ctx context.Context, d drop.SquadDoor, base, label string, shareable bool) string {
	key := "lead.text_read"
	if shareable {
		key = "lead.text_share"
	}
	text := lang.T(lang.With(ctx, d.Language), key, "title", d.Title)
	if label != "" {
		text += "\n(" + label + ")"
	}
	return text + "\n" + base + DoorPath(d.Code)
}

// momentPath is where a code of the drop is shown to people in a room.
func (v LeadPage) momentPath(d LeadDrop) string {
	return MomentsPath(v.Squad.ID) + "?drop=" + d.Door.DropID
}

// sums says how many members have read a drop and shared it.
func (d LeadDrop) sums(ctx context.Context) string {
	said := lang.T(ctx, "lead.read_n", "n", d.Read, "of", lang.Number(ctx, d.Of))
	if d.Shareable {
		said += " · " + lang.T(ctx, "lead.shared_n", "n", d.Shared, "of", lang.Number(ctx, d.Of))
	}
	return said
}

// rule is the rule on small groups, in words.
func rule(ctx context.Context) string {
	return lang.T(ctx, "lead.rule", "days", int(share.ClearAfter/(24*time.Hour)), "most", share.ClearMost, "times", share.ClearTimes)
}

// own says whether the group is of a link of whoever looks.
func (v LeadPage) own(g HeldGroup) bool { return g.AccountID == v.Own }

// of is the member whose group it is, and the drop.
func (g HeldGroup) of(ctx context.Context) string {
	return strings.Join([]string{memberName(ctx, g.Member), g.Title}, " · ")
}

// says is what was decided of a squad's opens, in a line.
func (a ActLine) says(ctx context.Context, zone *time.Location) string {
	said := a.by(ctx) + ", " + lang.DateTime(ctx, a.At, zone) + " · " + memberName(ctx, a.Member)
	if words := a.change(ctx); words != "" {
		said += " · " + words
	}
	if !a.UndoneAt.IsZero() {
		said += " · " + lang.T(ctx, "act.undone", "who", memberName(ctx, a.UndoneBy), "when", lang.DateTime(ctx, a.UndoneAt, zone))
	}
	return said
}

// mostNamed is how many members are named before the rest is behind a tap.
const mostNamed = 6

// parts are the first few of a list, and the rest.
func (l LeadList[T]) parts() (first, rest []T) {
	n := min(len(l.Named), mostNamed)
	return l.Named[:n], l.Named[n:]
}

// label is what the button of a way says.
func (w LeadWay) label(ctx context.Context, behind int) string {
	if w.Channel == "email" {
		return lang.T(ctx, "lead.mail_n", "n", behind)
	}
	return lang.T(ctx, "channel."+w.Channel)
}

// quietly is the look of a button of a list.
func quietly(label, about, path, icon string) ui.Action {
	return ui.Action{Label: label, About: about, Path: path, Icon: icon, Kind: ui.Quiet, Only: true}
}
