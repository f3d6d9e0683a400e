package views

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/sheet"
	"ricochet.example/app/solo"
	"ricochet.example/app/spread"
	"ricochet.example/app/visit"
	"ricochet.example/views/ui"
)

// SoloPath is where somebody of the brand shares a drop themself, one by one.
func SoloPath(dropID string) string { return DropPath(dropID) + "/solo" }

// SoloForm is what a person typed there.
type SoloForm struct {
	Once     string `form:"once"`
	List     string `form:"list"`
	Words    int    `form:"words"`
	Link     string `form:"link"`
	Do       string `form:"do"`
	File     string `form:"called"`  // what the list was called, if it was a file
	Country  string `form:"country"` // code of phone numbers that have none
	Address  int    `form:"address"` // which column has the addresses, from 1; 0: find out
	Channel  string `form:"channel"`
	Problems check.Problems
}

// SoloLine is a recipient with what came of their link.
type SoloLine struct {
	solo.Recipient
	Token  string
	Totals spread.Totals
	Opened []ComposerOpened // the latest first
}

// ComposerOpened is when the message to a recipient was last opened in a messenger or a mail program.
type ComposerOpened struct {
	Channel visit.Channel
	At      time.Time
}

// tone is that of a state, for a tag.
func (l SoloLine) tone() string {
	switch l.State {
	case solo.Told:
		return ui.Good
	case solo.Waiting:
		return ui.Warn
	}
	return ""
}

// SoloPlan is what will happen with a list.
type SoloPlan struct {
	Drop drop.Drop
	Form SoloForm
	List solo.List
}

// of are the lines with an outcome.
func (v SoloPlan) of(outcomes ...solo.Outcome) (found []solo.Line) {
	for _, l := range v.List.Lines {
		if slices.Contains(outcomes, l.Outcome) {
			found = append(found, l)
		}
	}
	return found
}

// soloUsed is the end of the key of what a column is taken for; empty for one that is not used.
func soloUsed(c sheet.Column) string {
	switch c.Use {
	case sheet.Email:
		return "email"
	case sheet.Name, sheet.First, sheet.Last:
		return "name"
	case sheet.Phone:
		return "phone"
	case sheet.Status, sheet.Consent, sheet.Unsubscribed, sheet.Role:
		return "consent"
	}
	return ""
}

// list is the list once more, of those who get a link, to be sent with the form.
func (v SoloPlan) list() string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"name", "phone", "email"}) // a buffer takes everything
	for _, l := range v.of(solo.New) {
		_ = w.Write(sheet.Row(l.Name, l.Phone, l.Email))
	}
	w.Flush()
	return b.String()
}

// why is what is to be said of a line of which nothing comes.
func (v SoloPlan) why(ctx context.Context, l solo.Line) string {
	switch l.Outcome {
	case solo.Wrong:
		return lang.T(ctx, l.Problem.Key, l.Problem.Args...)
	case solo.There:
		return lang.T(ctx, "solo.there")
	case solo.Twice:
		return lang.T(ctx, "guest.outcome_twice", "n", l.First)
	}
	return lang.T(ctx, "guest.outcome_refused", "said", l.Said)
}

// SoloPage is the queue of those who are told, one by one, and what came of it.
type SoloPage struct {
	Drop      drop.Drop
	Lines     []SoloLine
	Next      *SoloLine // who is told next; nil: nobody waits
	Message   string    // to them
	Composers []solo.Composer
	Words     int // which of the messages, from 1
	Form      SoloForm
	Public    bool
	Zone      *time.Location
}

// count is how many recipients are in a state.
func (v SoloPage) count(s solo.State) (n int) {
	for _, l := range v.Lines {
		if l.State == s {
			n++
		}
	}
	return n
}

// known says whether anybody is known by name.
func (v SoloPage) known() bool {
	for _, l := range v.Lines {
		if l.Name != "" {
			return true
		}
	}
	return false
}

// SoloWords are one of the messages to choose from, in the language of the drop.
func SoloWords(ctx context.Context, n int, d drop.Drop, name, brand string) string {
	in := lang.With(ctx, d.Language)
	key := "solo.words_short"
	switch n {
	case 2:
		key = "solo.words_why"
	case 3:
		key = "solo.words_ask"
	}
	return lang.T(in, key, "name", name, "title", d.Title, "brand", brand, "teaser", d.Teaser)
}

// choices are the messages to choose from.
func (v SoloPage) choices(ctx context.Context) (all []ui.NavItem) {
	for n, key := range []string{"solo.short", "solo.why", "solo.ask"} {
		all = append(all, ui.NavItem{Label: lang.T(ctx, key), Path: SoloPath(v.Drop.ID) + "?words=" + num64(int64(n+1)), Current: v.Words == n+1})
	}
	return all
}
