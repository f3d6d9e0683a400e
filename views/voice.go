package views

import (
	"context"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
	"ricochet.example/views/ui"
)

// DropVoicePath is where a member says something of a drop.
func DropVoicePath(dropID string) string { return DropPath(dropID) + "/voice" }

// OwnVoicesPath is what a member has said, and what became of it.
const OwnVoicesPath = "/me/voice"

// OwnVoicePath is where one of them stands, on the nth page from 1.
func OwnVoicePath(voiceID string, n int) string {
	path := OwnVoicesPath
	if n > 1 {
		path = page(path, n)
	}
	return path + "#" + voiceAnchor(voiceID)
}

// voiceAnchor is the name of a thing that was said, on the page that lists it.
func voiceAnchor(voiceID string) string { return "voice-" + voiceID }

// InboxPath is what was said: everything, or in one squad.
func InboxPath(squadID string) string {
	if squadID == "" {
		return "/voices"
	}
	return SquadPath(squadID) + "/voices"
}

// VoicePath is one thing that was said, in the inbox of all or of a squad.
func VoicePath(squadID, voiceID string) string { return InboxPath(squadID) + "/" + voiceID }

// VoiceForm is what a member says, as it was typed.
type VoiceForm struct {
	Once      string `form:"once"`
	Kind      string `form:"kind"`
	Words     string `form:"words"`
	Anonymous string `form:"anonymous"`
	Consent   string `form:"consent"`

	Problems check.Problems `form:"-"`
}

// VoicePage is where a member says something of a drop.
type VoicePage struct {
	Minor   bool // they are under 18: nothing of theirs is published
	Drop    drop.Drop
	Feeling string // of theirs; empty: none yet
	Said    []voice.Voice
	Form    VoiceForm
	Zone    *time.Location
}

// OwnVoicesPage is what a member has said, on all drops.
type OwnVoicesPage struct {
	Said []voice.Voice
	Page int
	More bool
	Zone *time.Location
}

// InboxPage is what was said, for whoever answers.
type InboxPage struct {
	Squad  squad.Squad // the zero Squad: of all, and of readers
	Asked  voice.Asked
	Voices []voice.Voice
	Count  int
	Page   int
	More   bool
	Zone   *time.Location
}

// at is the address of the same inbox, otherwise asked.
func (v InboxPage) at(kind voice.Kind, waiting bool, n int) string {
	path := InboxPath(v.Squad.ID) + "?"
	if kind != "" {
		path += "kind=" + string(kind) + "&"
	}
	if waiting {
		path += "waiting=1&"
	}
	return page(path[:len(path)-1], n)
}

// kinds are the views of the inbox.
func (v InboxPage) kinds(ctx context.Context) []ui.NavItem {
	list := []ui.NavItem{{Label: lang.T(ctx, "voice.all"), Path: v.at("", v.Asked.Waiting, 1), Current: v.Asked.Kind == ""}}
	for _, k := range voice.Written {
		if v.Squad.ID != "" && k == voice.Message {
			continue // readers write to the brand
		}
		list = append(list, ui.NavItem{Label: lang.T(ctx, "voice.kinds_"+string(k)), Path: v.at(k, v.Asked.Waiting, 1), Current: v.Asked.Kind == k})
	}
	return list
}

// waiting are the two views of what waits and of everything.
func (v InboxPage) waiting(ctx context.Context) []ui.NavItem {
	return []ui.NavItem{
		{Label: lang.T(ctx, "voice.waiting"), Path: v.at(v.Asked.Kind, true, 1), Current: v.Asked.Waiting},
		{Label: lang.T(ctx, "voice.everything"), Path: v.at(v.Asked.Kind, false, 1), Current: !v.Asked.Waiting},
	}
}

// AnswerForm is what becomes of something that was said, as it was typed.
type AnswerForm struct {
	State  string `form:"state"`
	Answer string `form:"answer"`

	Problems check.Problems `form:"-"`
}

// VoiceDetail is one thing that was said.
type VoiceDetail struct {
	Squad squad.Squad // in whose inbox it stands; the zero Squad: in that of all
	Voice voice.Voice
	Form  AnswerForm
	Zone  *time.Location
}

// author is who said it, for whoever answers.
func author(ctx context.Context, v voice.Voice) string {
	switch {
	case v.FromReader() && v.Via != "":
		return lang.T(ctx, "voice.reader_of", "name", v.Via)
	case v.FromReader():
		return lang.T(ctx, "voice.reader")
	case v.Name == "":
		return lang.T(ctx, "voice.unnamed")
	}
	return v.Name
}

// kindOptions are what a member can say.
func kindOptions(ctx context.Context) (all []ui.Option) {
	for _, k := range voice.MemberKinds {
		all = append(all, ui.Option{Value: string(k), Label: lang.T(ctx, "voice.kind_"+string(k))})
	}
	return all
}

// stateOptions are what can become of it.
func stateOptions(ctx context.Context) (all []ui.Option) {
	for _, s := range voice.States {
		all = append(all, ui.Option{Value: string(s), Label: lang.T(ctx, "voice.state_"+string(s)), Hint: lang.T(ctx, "voice.state_hint_"+string(s))})
	}
	return all
}
