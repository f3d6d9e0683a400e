package views

import (
	"context"
	"strings"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/visit"
)

// Sheet is what a member shares a drop with: the message first, then the ways.
type Sheet struct {
	DropID   string
	Language string // of the drop, and so of the message
	Token    string
	Link     string // the member's, without a channel
	Label    string
	Captions []string // ready-made, filled in
	Chosen   int      // which of them is written, from 1; 0: the member's own words
	Own      string   // what the member said last time in words of their own, if anything
	Words    string   // what is written
	Longest  int      // how long that may be, in characters
	Main     *Way     // one tap away, if there is such a way
	First    []Way
	More     []Way
	Told     []share.Told
	Problems check.Problems
}

// Way is a channel to share through.
type Way struct {
	Channel string // name, and key of its words
	Pattern string // of its address, with braces to fill in; empty where there is none
	Pastes  bool   // the message is copied, to be pasted there
	Scans   bool   // somebody else's phone scans the link
}

// told says whether a circle was noted.
func (s Sheet) told(circle string) bool {
	for _, t := range s.Told {
		if t.Circle == circle {
			return true
		}
	}
	return false
}

// shown is an address as people read it: without what every address begins with.
func shown(address string) string {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		return address
	}
	return rest
}

// Send hands a message on to a channel.
type Send struct {
	DropID, Title, Language string
	Channel                 string
	Text                    string // label and link included
	Href                    string // opens the channel; empty where the message is pasted
}

// heading says what becomes of the message.
func (v Send) heading(ctx context.Context) string {
	if v.Channel == visit.Copy.String() || v.Channel == visit.Native.String() {
		return lang.T(ctx, "share.title")
	}
	return lang.T(ctx, "share.by", "channel", lang.T(ctx, "channel."+v.Channel))
}

// ChannelsForm is which channels are offered, and in which order.
type ChannelsForm struct {
	Lines    []ChannelLine
	Problems check.Problems
}

// ChannelLine is one of them.
type ChannelLine struct {
	Channel string
	Offered bool
}

// SharePath is where a member's message goes that no script handed on.
func SharePath(dropID string) string { return DropPath(dropID) + "/share" }

// SendPath is where a message is handed on to a channel.
func SendPath(dropID, channel string) string { return SharePath(dropID) + "/" + channel }

// WordsPath is where a member's own words are kept while they are written.
func WordsPath(dropID string) string { return DropPath(dropID) + "/words" }

// ToldPath is where a member notes whom they told.
func ToldPath(dropID string) string { return DropPath(dropID) + "/told" }

// ChannelsPath is where it is decided which channels members are offered.
const ChannelsPath = "/channels"

// QRPath is the QR code of a member's link.
func QRPath(dropID string) string { return DropPath(dropID) + "/qr" }

// StoryFile is the name of a drop's picture for stories, PhotoFile that of the one for feeds.
const (
	StoryFile = "/story.png"
	PhotoFile = "/picture.png"
)
