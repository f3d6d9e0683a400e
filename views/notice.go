package views

import (
	"context"
	"strconv"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/notice"
	"ricochet.example/app/reward"
	"ricochet.example/app/voice"
	"ricochet.example/views/ui"
)

// Paths of what somebody hears of.
const (
	NoticesPath = "/me/notices"
	PushPath    = "/me/push"
	PushOffPath = "/me/push/off"
)

// UnsubscribePath is where mails of a kind are ended with one click.
func UnsubscribePath(code string) string { return "/unsubscribe/" + code }

// NoticesForm is what an ambassador wants to hear of, as it was chosen.
type NoticesForm struct {
	Mail       []string `form:"mail"` // kinds
	Push       []string `form:"push"`
	QuietFrom  string   `form:"quiet_from"`
	QuietUntil string   `form:"quiet_until"`
	Often      string   `form:"often"`
	TimeZone   string   `form:"time_zone"` // empty: the brand's

	Problems check.Problems `form:"-"`
}

// NoticesAs is the form of wishes.
func NoticesAs(w notice.Wishes) (f NoticesForm) {
	for _, k := range notice.Kinds {
		if w.Wants[k][notice.Mail] {
			f.Mail = append(f.Mail, string(k))
		}
		if w.Wants[k][notice.Push] {
			f.Push = append(f.Push, string(k))
		}
	}
	f.QuietFrom, f.QuietUntil, f.TimeZone = strconv.Itoa(w.QuietFrom), strconv.Itoa(w.QuietUntil), w.TimeZone
	if w.Often {
		f.Often = "yes"
	}
	return f
}

// Wishes are what was chosen, with what is wrong in it.
func (f NoticesForm) Wishes() (notice.Wishes, check.Problems) {
	w := notice.Wishes{Wants: map[notice.Kind]map[notice.Way]bool{}, Often: f.Often != ""}
	for _, k := range notice.Kinds {
		w.Wants[k] = map[notice.Way]bool{}
	}
	for way, kinds := range map[notice.Way][]string{notice.Mail: f.Mail, notice.Push: f.Push} {
		for _, k := range kinds {
			if wants := w.Wants[notice.Kind(k)]; wants != nil && notice.Kind(k).Can(way) {
				wants[way] = true
			}
		}
	}
	w.QuietFrom, w.QuietUntil, w.TimeZone = hour(f.QuietFrom), hour(f.QuietUntil), f.TimeZone
	return w, w.Check()
}

// hour is an hour of the day, -1 if it is none.
func hour(typed string) int {
	h, err := strconv.Atoi(typed)
	if err != nil {
		return -1
	}
	return h
}

// NoticesPage is the page on which an ambassador chooses what they hear of.
type NoticesPage struct {
	Form   NoticesForm
	Key    string // of the server, for browsers that are to be sent pushes; empty: nobody can be
	Here   bool   // this browser is sent some
	Brands string // the brand's time zone
}

func noticeKinds(ctx context.Context, w notice.Way, chosen []string) (all []ui.Option) {
	for _, k := range notice.Kinds {
		if k.Can(w) {
			o := ui.Option{Value: string(k), Label: lang.T(ctx, "notice.kind."+string(k))}
			for _, c := range chosen {
				o.Selected = o.Selected || c == string(k)
			}
			all = append(all, o)
		}
	}
	return all
}

// zones are what can be chosen of: the brand's clock, and those of the world.
func (n NoticesPage) zones(ctx context.Context) []ui.Option {
	return append([]ui.Option{{Label: lang.T(ctx, "notice.zone_brands", "zone", n.Brands)}}, zones(n.Form.TimeZone)...)
}

func hours(chosen string) (all []ui.Option) {
	for h := range 24 {
		v := strconv.Itoa(h)
		all = append(all, ui.Option{Value: v, Label: v + ":00", Selected: v == chosen})
	}
	return all
}

// Noticed is what a notice says: one line and one more, and where it leads.
type Noticed struct {
	Kind        notice.Kind
	Title       string // of the drop, or the name of the reward or the level
	Claim       reward.State
	Answered    []voice.Voice // what they said, and something became of
	Path        string
	Name        string // of whom it is for
	Brand, Base string
	Week        notice.Week
	Unsubscribe string // the whole address
}

// Line is what is said first, and Text what is said then.
func (n Noticed) Line(ctx context.Context) string {
	if len(n.Answered) > 1 {
		return lang.T(ctx, "notice.line.answered_many", "n", len(n.Answered))
	}
	return oneLine(lang.T(ctx, "notice.line."+n.key(), "title", n.Title, "brand", n.Brand))
}

// Text is what there is to say of it.
func (n Noticed) Text(ctx context.Context) string {
	if n.Kind == notice.Digest {
		return lang.T(ctx, "notice.week_people", "n", n.Week.People) + " " + lang.T(ctx, "notice.week_drops", "n", n.Week.Drops)
	}
	return lang.T(ctx, "notice.text."+n.key(), "brand", n.Brand)
}

// key is the end of the keys of what it says.
func (n Noticed) key() string {
	switch {
	case n.Kind == notice.Reward:
		return string(n.Kind) + "_" + string(n.Claim)
	case len(n.Answered) > 1:
		return string(n.Kind) + "_many"
	case len(n.Answered) == 1 && n.Answered[0].Answer != "":
		return string(n.Kind) + "_words"
	case len(n.Answered) == 1:
		return string(n.Kind) + "_" + string(n.Answered[0].State)
	}
	return string(n.Kind)
}

// NoticeMail is a notice as a mail, in the language of the context.
func NoticeMail(ctx context.Context, n Noticed) Letter {
	return Letter{
		Subject: n.Line(ctx), brand: n.Brand, base: n.Base,
		Parts: []LetterPart{
			{Words: lang.T(ctx, "mail.hello_name", "name", firstName(n.Name))},
			{Words: n.Text(ctx), Button: lang.T(ctx, "notice.open"), URL: n.Base + n.Path},
			{Words: lang.T(ctx, "notice.stop"), URL: n.Unsubscribe},
		},
	}
}
