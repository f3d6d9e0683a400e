package views

import (
	"context"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/picture"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/views/ui"
)

// MomentsPath is where a squad's moments in person are opened.
func MomentsPath(squadID string) string { return SquadPath(squadID) + "/moments" }

// MomentPath is one of them.
func MomentPath(squadID, momentID string) string { return MomentsPath(squadID) + "/" + momentID }

// MomentForm is what a person typed to open a moment.
type MomentForm struct {
	Once     string `form:"once"`
	Drop     string `form:"drop"`
	Heads    string `form:"heads"`
	Problems check.Problems
}

// MomentsPage is where moments are opened, and those that there were.
type MomentsPage struct {
	Squad   squad.Squad
	Captain string // their name; empty: the squad has none
	Drops   []ui.Option
	All     []share.Moment
	Form    MomentForm
	Now     time.Time
	Zone    *time.Location
}

// MomentPage is a moment, to be scanned while it lasts.
type MomentPage struct {
	Moment   share.Moment
	Squad    squad.Squad
	Language string // of the drop
	Link     string
	Label    string
	Code     picture.QR
	Now      time.Time
	Zone     *time.Location
}

// viewBox is the code's, one unit a module.
func (v MomentPage) viewBox() string { return codeBox(v.Code) }

// momentSums says what came by a moment.
func momentSums(ctx context.Context, m share.Moment) string {
	said := lang.T(ctx, "moment.sums", "n", m.People, "heads", m.Heads)
	if m.Alike > 0 {
		said += " · " + lang.T(ctx, "moment.alike", "n", m.Alike)
	}
	if m.Beyond > 0 {
		said += " · " + lang.T(ctx, "moment.beyond", "n", m.Beyond)
	}
	return said
}

// byMoment says by which moment an open came, and what that means.
func (v OpenPage) byMoment(ctx context.Context) string {
	said := lang.DateTime(ctx, v.Moment.OpenedAt, v.Link.Zone)
	if v.Alike {
		return lang.T(ctx, "moment.open_alike", "when", said, "heads", v.Moment.Heads)
	}
	return said
}
