package views

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/message"
	"ricochet.example/app/sheet"
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
	As       string `form:"as"`      // AsGuests, or AsApplicants
	File     string `form:"called"`  // what the list was called, if it was a file
	Address  int    `form:"address"` // which column has the addresses, from 1; 0: find out
	Fixed    bool   `form:"fixed"`   // the list is one that this program wrote into the form
	Squads   int    `form:"squads"`  // which has squads, from 1; 0: find out; sheet.NoSquads: none

	Problems check.Problems `form:"-"`
}

// What the people of a list are.
const (
	AsGuests     = ""      // they are invited
	AsApplicants = "apply" // they applied somewhere else, and somebody decides
)

// Applicants says that the people of the list applied somewhere else.
func (f GuestForm) Applicants() bool { return f.As == AsApplicants }

// say is a key of words about guests, or the same about applicants.
func (f GuestForm) say(key string) string {
	if f.Applicants() {
		return "applicant." + key
	}
	return "guest." + key
}

// GuestPlan is what will happen when a list is sent.
type GuestPlan struct {
	Squad  squad.Squad
	Form   GuestForm
	Lines  []squad.Line
	Table  sheet.Table       // what the columns of the list are taken for
	Staff  bool              // whose people go into any squad
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
var left = []squad.Outcome{squad.Twice, squad.There, squad.Waiting, squad.Staff, squad.Stopped, squad.Applied, squad.TakenOut, squad.Refused}

// New is how many people are invited.
func (g GuestPlan) New() int { return len(g.of(squad.New)) }

// list is the list once more, of those who are invited, to be sent with the form.
func (g GuestPlan) list() string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	// What people said has columns of its own, in the order in which the questions come up.
	var questions []string
	if g.Form.Applicants() {
		for _, l := range g.of(squad.New) {
			for _, a := range l.Answers {
				if !slices.Contains(questions, a.Question) && len(questions) < mostColumns {
					questions = append(questions, a.Question)
				}
			}
		}
	}
	_ = w.Write(sheet.Row(append([]string{"email", "name", "squad", "language"}, questions...)...)) // a buffer takes everything
	for _, l := range g.of(squad.New) {
		record := []string{l.Email, l.Name, l.Squad, l.Language}
		for _, q := range questions {
			record = append(record, answerTo(l, q))
		}
		_ = w.Write(sheet.Row(record...))
	}
	w.Flush()
	return b.String()
}

// largestKept is up to how many bytes a list is kept on the page that says what will happen, to be read once more in
// another way. Larger files are to be chosen again.
const largestKept = 4 << 20

// used is the end of the key of what a column is taken for; empty for one that is not used.
func (g GuestPlan) used(c sheet.Column) string {
	switch c.Use {
	case sheet.Email:
		return "email"
	case sheet.Name, sheet.First, sheet.Last:
		return "name"
	case sheet.Squad, sheet.Group:
		return "squad"
	case sheet.Language:
		return "language"
	case sheet.Status, sheet.Consent, sheet.Unsubscribed, sheet.Role:
		return "consent"
	case sheet.City, sheet.Instagram, sheet.Born, sheet.Phone:
		if g.Form.Applicants() {
			return "answer"
		}
	case "":
		if g.Form.Applicants() && !g.Table.Tool.Book() {
			return "answer"
		}
	}
	return ""
}

// unused are the titles of the columns that are not used.
func unused(t sheet.Table, used func(sheet.Column) string) string {
	var all []string
	for _, c := range t.Columns {
		if used(c) == "" && c.Title != "" {
			all = append(all, c.Title)
		}
	}
	return strings.Join(all, ", ")
}

// columnsOf are the columns of a list, to choose one.
func columnsOf(t sheet.Table, others ...ui.Option) []ui.Option {
	for i, c := range t.Columns {
		o := ui.Option{Value: strconv.Itoa(i + 1), Label: nonEmpty(c.Title, strconv.Itoa(i+1))}
		if c.Sample != "" {
			o.Label += " (" + shortSample(c.Sample) + ")"
		}
		others = append(others, o)
	}
	return others
}

// addressColumn is the column with the addresses, from 1; 0: there is none.
func addressColumn(t sheet.Table) string {
	return strconv.Itoa(1 + slices.IndexFunc(t.Columns, func(c sheet.Column) bool { return c.Use == sheet.Email }))
}

// shortSample is the beginning of what stands in a column.
func shortSample(s string) string {
	if all := []rune(s); len(all) > 32 {
		return string(all[:32]) + "…"
	}
	return s
}

// mostColumns is how many columns with answers a list has at most.
const mostColumns = 20

func answerTo(l squad.Line, question string) string {
	for _, a := range l.Answers {
		if a.Question == question {
			return a.Text
		}
	}
	return ""
}

// ranges names lines by their numbers: "7, 9–12".
func ranges(lines []squad.Line) string {
	var parts []string
	for i := 0; i < len(lines); {
		j := i
		for j+1 < len(lines) && lines[j+1].Number <= lines[j].Number+1 {
			j++
		}
		part := strconv.Itoa(lines[i].Number)
		if lines[j].Number > lines[i].Number {
			part += "–" + strconv.Itoa(lines[j].Number)
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// linesShown is of how many lines the preview says everything; of the others it says the numbers.
const linesShown = 300

// whyNot is what is to be said of a line that is not invited.
func whyNot(ctx context.Context, l squad.Line) string {
	if l.Outcome == squad.Wrong {
		return lang.T(ctx, l.Problem.Key, l.Problem.Args...)
	}
	return lang.T(ctx, "guest.outcome_"+string(l.Outcome), "n", l.First, "said", l.Said)
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
