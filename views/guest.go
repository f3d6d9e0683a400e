package views

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/message"
	"ricochet.example/app/squad"
	"ricochet.example/views/ui"
)

// GuestsAPage is how many personal invitations a page shows.
const GuestsAPage = 100

// GuestForm is a list of people to invite, as it was typed.
type GuestForm struct {
	Once     string `form:"once"`
	List     string `form:"list"`
	EndsOn   string `form:"ends_at"` // the last day, in the brand's time zone
	Language string `form:"language"`

	Problems check.Problems `form:"-"`
}

// GuestPlan is what will happen when a list is sent.
type GuestPlan struct {
	Squad  squad.Squad
	Form   GuestForm
	Lines  []squad.Line
	Names  map[string]string // of squads, by id
	Rooms  []Room            // squads that are too small for all of them
	Server bool              // there is a mail server
}

// Room is a squad in which not everybody has a seat.
type Room struct {
	Squad string
	Seats int // that are free
	For   int // people who are invited
}

// UnwantedPath is where the bearer of a personal invitation says that they want no more mails.
func UnwantedPath(code string) string { return "/unwanted/" + code }

// InvitePath is where people are invited into a squad by mail.
func InvitePath(squadID string) string { return SquadPath(squadID) + "/invite" }

// GuestsPath is who was invited into a squad by mail.
func GuestsPath(squadID string) string { return SquadPath(squadID) + "/guests" }

// MembersFile is the list of a squad's members, for spreadsheets.
func MembersFile(squadID string) string { return SquadPath(squadID) + "/members.csv" }

// of are the lines with an outcome.
func (g GuestPlan) of(outcomes ...squad.Outcome) (found []squad.Line) {
	for _, l := range g.Lines {
		for _, o := range outcomes {
			if l.Outcome == o {
				found = append(found, l)
			}
		}
	}
	return found
}

// left are the outcomes of lines that are well and still not invited.
var left = []squad.Outcome{squad.Twice, squad.There, squad.Waiting, squad.Staff, squad.Stopped}

// New is how many people are invited.
func (g GuestPlan) New() int { return len(g.of(squad.New)) }

// list is the list once more, of those who are invited, to be sent with the form.
func (g GuestPlan) list() string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"email", "name", "squad", "language"}) // a buffer takes everything
	for _, l := range g.of(squad.New) {
		_ = w.Write([]string{l.Email, l.Name, l.Squad, l.Language})
	}
	w.Flush()
	return b.String()
}

// whyNot is what is to be said of a line that is not invited.
func whyNot(ctx context.Context, l squad.Line) string {
	if l.Outcome == squad.Wrong {
		return lang.T(ctx, l.Problem.Key, l.Problem.Args...)
	}
	return lang.T(ctx, "guest.outcome_"+string(l.Outcome), "n", l.First)
}

// GuestsPage is who was invited into a squad by mail.
type GuestsPage struct {
	Squad  squad.Squad
	Guests []squad.Guest
	All    int
	Page   int // from 1
	More   bool
	Zone   *time.Location
	Now    time.Time
}

// state is the end of the key of where a personal invitation stands, with a tone.
func (g GuestsPage) state(i squad.Guest) (key, tone string) {
	closed := i.Closed(g.Now)
	switch {
	case i.Joined:
		return "guest_joined", ui.Good
	case !i.RevokedAt.IsZero():
		return "guest_revoked", ui.Bad
	case closed != nil:
		return "guest_expired", ui.Warn
	case i.Mail == message.StateFailed:
		return "guest_failed", ui.Bad
	case i.Mail == message.StateUnsure:
		return "guest_unsure", ui.Warn
	case i.Mail == message.StateWaiting, i.Mail == message.StateSending:
		return "guest_waiting", ""
	}
	return "guest_sent", ""
}

// open says whether a personal invitation can be sent again or taken back.
func (g GuestsPage) open(i squad.Guest) bool { return !i.Joined && i.RevokedAt.IsZero() }

// path is that of one of the pages.
func (g GuestsPage) path(page int) string {
	return GuestsPath(g.Squad.ID) + strings.TrimPrefix(OutboxPath("", page), "/outbox")
}

// shownGuests is how many of those who are invited the preview lists.
const shownGuests = 100

func nonEmpty(first, other string) string {
	if first != "" {
		return first
	}
	return other
}
