package views

import (
	"context"

	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/solo"
	"ricochet.example/app/spread"
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
	Problems check.Problems
}

// SoloLine is a recipient with what came of their link.
type SoloLine struct {
	solo.Recipient
	Token  string
	Totals spread.Totals
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
