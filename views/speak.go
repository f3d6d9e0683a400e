package views

import (
	"context"
	"slices"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/voice"
	"ricochet.example/views/ui"
)

// SpeakPath is where a reader writes to the brand.
func SpeakPath(token string) string { return "/s/" + token + "/voice" }

// WantPath is where a reader asks to be let in.
func WantPath(token string) string { return "/s/" + token + "/want" }

// ReactPath takes a reader's reaction.
func ReactPath(token string) string { return "/s/" + token + "/react" }

// feelings are the reactions that readers and members choose from.
func feelings() []string { return voice.Feelings }

// SpeakPage is where a reader says something to the brand, and asks to be let in.
type SpeakPage struct {
	Token     string
	Brand     string
	Title     string // of the drop
	Language  string // and its language
	Known     bool   // an open of this browser is known, so that what it said can be taken back
	Rehearsal bool
	SignedIn  bool   // somebody is, so that it is no reader who would speak
	DropID    string // of which they can say something as a member; empty: they cannot
	Heard     voice.Heard
	Feeling   string // chosen just now
	Sent      bool   // a message, just now
	Squad     string // that takes applications of this link's readers; empty: none
	Closed    bool   // they asked to be let in just now, and nobody is
	Words     string // as they were typed
	Other     bool   // it was ticked that somebody else wrote before
	Problems  check.Problems
	Until     time.Time // too much was said here until then; zero: it was not
	Zone      *time.Location
}

// Said tells whether anything was heard from this browser, or from one that looks just like it.
func (v SpeakPage) Said() bool { return v.Known && (v.Heard.Reacted || v.Heard.Wrote != "") }

// feeling is a reaction in words.
func feeling(ctx context.Context, name string) string { return lang.T(ctx, "voice.feeling_"+name) }

// feelingIcon is its picture.
func feelingIcon(name string) string {
	switch name {
	case "love":
		return "heart"
	case "want":
		return "shopping-bag"
	case "curious":
		return "sparkles"
	}
	return "minus"
}

// voiceTag is what became of what somebody said, with a tone.
func voiceTag(ctx context.Context, s voice.State) (label, tone string) {
	switch s {
	case voice.Used:
		tone = ui.Good
	case voice.New:
		tone = ui.Hot
	}
	return lang.T(ctx, "voice.state_"+string(s)), tone
}

// reacted says whether anybody reacted to the drop.
func (v DropPage) reacted() bool {
	return slices.ContainsFunc(v.Felt, func(f voice.Felt) bool { return f.Readers+f.Members+f.Unconfirmed > 0 })
}
