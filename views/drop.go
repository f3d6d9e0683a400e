package views

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"

	"ricochet.example/app/campaign"
	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
	"ricochet.example/views/ui"
)

// DropForm is what stands in the form of a drop, as it was typed.
type DropForm struct {
	ID                                                         string // empty for a new one
	Once                                                       string // names the form itself
	Campaign, Language, Title, Teaser, Body, Action, ActionURL string
	Captions                                                   []string
	Base                                                       int    // the version that it was written on
	Spoke                                                      string // the language of that version
	Tags                                                       string // as typed
	UTM                                                        drop.UTM
	Campaigns                                                  []campaign.Campaign
	Images                                                     []drop.Image
	Videos                                                     []drop.Video
	VideoAlt, VideoURL                                         string // of a video that was not taken
	Cover, CoverAlt                                            string
	Alt                                                        string // of a picture that was not taken
	Look                                                       *Look
	LookAs, LookFor                                            string // how it is shown; empty: not chosen yet
	Problems                                                   check.Problems
	Zone                                                       *time.Location

	Begins   bool   // a new one, which may begin with a template
	Template string // the one that it began with

	Clash  *Clash        // what somebody saved meanwhile
	Offers []Offer       // what was typed before and not saved
	Others []drop.Editor // who else has the form open
}

// DropPage is a drop as an insider sees it.
type DropPage struct {
	Drop    drop.Drop
	Cover   *Cover  // nil without one
	Travels Travels // for staff
	Zone    *time.Location
	Now     time.Time
	Staff   bool

	// For staff: who sees it when, and what its links brought.
	Release drop.Release
	Stopped *drop.Stop // nil: it is not
	Squads  []squad.Squad
	Tokens  []LinkOf
	Board   spread.Board // its first rows
	Details *spread.Details
	Houses  []HouseLine // what the brand itself shares
	House   HouseForm
	Felt    []voice.Felt // how readers and members reacted

	Talks []CopyText // what can be said where squads talk, for those who tell them

	// For a member: their link, if they have one.
	Token       string
	Sheet       *Sheet    // nil while it cannot be shared
	Shared      bool      // the link shows the drop
	StoppedAt   time.Time // zero while the link is followed
	ShareableAt time.Time
	Totals      spread.Totals
	Tallies     []share.Tally
	Feeling     string // how they reacted; empty: they have not
	Read        bool   // a member has looked at it before
}

// LinkOf is a member's link, by its token.
type LinkOf struct{ Token, AccountID string }

// squad is the name of a squad.
func (v DropPage) squad(id string) string {
	for _, s := range v.Squads {
		if s.ID == id {
			return s.Name
		}
	}
	return ""
}

// token is that of an account's link.
func (v DropPage) token(accountID string) string {
	for _, l := range v.Tokens {
		if l.AccountID == accountID {
			return l.Token
		}
	}
	return ""
}

// link is where the name of an account on the board leads.
func (v DropPage) link(accountID string) string { return LinkPath(v.token(accountID)) }

// boardPath is the whole board of the drop.
func (v DropPage) boardPath() string { return BoardPath(v.Drop.CampaignID) + "?drop=" + v.Drop.ID }

// pasted are the signals that the link was pasted somewhere: messengers made a
// card of it.
func pasted(all []share.Tally) (some []share.Tally) {
	for _, t := range all {
		if t.Kind == share.Previewed {
			some = append(some, t)
		}
	}
	return some
}

// ReleaseForm is what stands in the form of a release: a line for each squad.
type ReleaseForm struct {
	Lines    []ReleaseLine
	PublicAt string
	Hops     drop.Hops // how far readers may pass it on
	Checks   []Check
	Leads    int      // how many links the drop has
	Reached  *Reached // where they lead; nil: nobody asked
	Busy     bool     // somebody asked, and others were asking all the time
	Picture  ui.Timeline
	Stands   bool        // one is saved
	Stood    bool        // one was, when the form was read
	Again    bool        // it was stopped since, and what was typed would start it again
	Stopped  *drop.Stop  // nil: it is not
	Moves    []drop.Move // that the release as it is saved can make
	ForAll   []drop.Move // and the day for everyone alone
	Loses    []string    // names of the squads that read it now and would not any more, as it was typed
	LosesAll bool        // and everyone else
	Sure     string      // what stands for them in the form
	IsSure   bool        // it is ticked
	Typed    bool        // the picture is of what was typed, not of what is saved
	Problems check.Problems
}

// save is what the button says that saves the plan.
func (f ReleaseForm) save(ctx context.Context) string {
	if f.Stands {
		return lang.T(ctx, "release.save_plan")
	}
	return lang.T(ctx, "release.save")
}

// sureLabel names what the plan as it was typed does that somebody has to be sure of.
func (f ReleaseForm) sureLabel(ctx context.Context) string {
	switch {
	case f.Again:
		return lang.T(ctx, "release.sure_again")
	case f.LosesAll:
		return lang.T(ctx, "release.sure_everyone")
	default:
		return lang.T(ctx, "release.sure", "squads", strings.Join(f.Loses, ", "))
	}
}

// ReleasePicturePath is where a release is drawn as it is typed, and ReleaseLinksPath where the links of its drop are
// looked at.
func ReleasePicturePath(dropID string) string { return ReleasePath(dropID) + "/picture" }

// ReleaseLinksPath is where the links of a drop are looked at before it is released.
func ReleaseLinksPath(dropID string) string { return ReleasePath(dropID) + "/links" }

// linkChecks say of the links of a drop what to see to: how many lead nowhere, and of how many nobody knows.
func (f ReleaseForm) linkChecks() (all []Check) {
	if f.Reached == nil {
		key := "look.links_unchecked"
		if f.Busy {
			key = "look.links_busy"
		}
		return []Check{{Key: key, Args: []any{"n", f.Leads}}}
	}
	dead, unknown := 0, f.Reached.Left
	for _, l := range f.Reached.Links {
		switch {
		case l.OK:
		case l.Unknown():
			unknown++
		default:
			dead++
		}
	}
	switch {
	case dead > 0:
		all = append(all, Check{Key: "look.links_dead", Args: []any{"n", dead}})
	case unknown == 0:
		all = append(all, Check{OK: true, Key: "look.links_fine", Args: []any{"n", f.Leads}})
	}
	if unknown > 0 {
		all = append(all, Check{Key: "look.links_unknown", Args: []any{"n", unknown}})
	}
	return all
}

// ReleaseTimeline is the picture of who sees a drop when. A moment that is not there yet, or before the one that it
// follows, is left out.
func ReleaseTimeline(ctx context.Context, r drop.Release, names map[string]string, now time.Time) ui.Timeline {
	t := ui.Timeline{Now: now}
	for _, s := range r.Steps {
		row := ui.TimelineRow{Label: names[s.SquadID], Waits: true, Reads: s.OpensAt, Sends: s.ShareableAt}
		if row.Sends.Before(row.Reads) || row.Reads.IsZero() {
			row.Sends = time.Time{}
		}
		t.Rows = append(t.Rows, row)
	}
	if at := r.PublicAt; !at.IsZero() {
		t.Rows = append(t.Rows, ui.TimelineRow{Label: lang.T(ctx, "release.everyone"), Reads: at, Sends: at})
	}
	return t
}

// ReleaseLine is what a release says of one squad.
type ReleaseLine struct {
	SquadID, Name        string
	Chosen               bool
	Moves                []drop.Move // that its step as it is saved can make
	OpensAt, ShareableAt string
}

// editing is where the form says that it is open, for a drop that others may have open too.
func editing(id string) templ.Attributes {
	if id == "" {
		return nil
	}
	return templ.Attributes{"data-editing": EditingPath(id)}
}

// templates are what a new drop can begin with.
func (f DropForm) templates(ctx context.Context) []ui.NavItem {
	all := []ui.NavItem{{Label: lang.T(ctx, "template.none"), Path: "/drops/new?language=" + f.Language, Current: f.Template == ""}}
	for _, kind := range drop.Templates {
		all = append(all, ui.NavItem{Label: lang.T(ctx, "template."+kind), Path: "/drops/new?template=" + kind + "&language=" + f.Language, Current: f.Template == kind})
	}
	return all
}

// timeline is the picture of who sees the drop when.
func (v DropPage) timeline(ctx context.Context) ui.Timeline {
	names := map[string]string{}
	for _, s := range v.Release.Steps {
		names[s.SquadID] = v.squad(s.SquadID)
	}
	return ReleaseTimeline(ctx, v.Release, names, v.Now)
}

// ReadPath is where a member's page says that it was looked at.
func ReadPath(dropID string) string { return DropPath(dropID) + "/read" }

// scripted is a member's page of a drop with what makes it nicer. What it has read is noted once.
func (v DropPage) scripted(p ui.Page) ui.Page {
	p = withScript(withScript(withScript(p, "js/sheet.js"), "js/poster.js"), "js/counted.js")
	if !v.Read {
		p = withScript(p, "js/read.js")
	}
	return p
}
