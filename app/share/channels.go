package share

import (
	"net/url"
	"slices"
	"strings"

	"ricochet.example/app/visit"
)

// Screen is what a person shares from, as far as addresses of messengers differ by it.
type Screen uint8

// The screens. A page that is kept for everyone is made for AnyScreen.
const (
	AnyScreen Screen = iota
	Apple            // an iPhone or an iPad
	Pocket           // another phone or tablet
	Desk
)

// ScreenOf is the screen that a request comes from.
func ScreenOf(h visit.Header) Screen {
	switch d := visit.DeviceOf(h); {
	case visit.IsApple(h):
		return Apple
	case d == visit.Phone || d == visit.Tablet || d == visit.InApp:
		return Pocket
	case d == visit.Desktop:
		return Desk
	}
	return AnyScreen
}

// Way is how a channel takes a message.
type Way uint8

// The ways.
const (
	NoWay    Way = iota // not from this screen
	HandOver            // its app or its site opens with the message written
	Paste               // the message is copied, to be pasted there
	Scan                // somebody else's phone scans the link
)

// WayOf is how a channel takes a message on a screen.
func WayOf(c visit.Channel, from Screen) Way {
	switch {
	case Address(c, from) != "":
		return HandOver
	case c == visit.WeChat || c == visit.QR:
		return Scan
	case slices.Contains(byApp, c):
		return NoWay
	}
	return Paste
}

// byApp are the channels that only take what their app is handed, and that have no app at a desk.
var byApp = []visit.Channel{visit.SMS, visit.Messenger, visit.Viber}

// Address is the pattern of the address that opens a channel with a message written, ready for the person to
// choose who gets it (opens.md §13); empty where there is none. What stands in braces is filled in, percent-
// encoded: {all} is the message, {text} the message without its link, {link} the link, {subject} the first
// line, {mail} all with the line ends of mails.
func Address(c visit.Channel, from Screen) string {
	switch c {
	case visit.WhatsApp:
		return "https://wa.me/?text={all}"
	case visit.Telegram:
		return "https://t.me/share/url?url={link}&text={text}"
	case visit.Email:
		return "mailto:?subject={subject}&body={mail}"
	case visit.LinkedIn:
		return "https://www.linkedin.com/sharing/share-offsite/?url={link}"
	case visit.Teams:
		return "https://teams.microsoft.com/share?href={link}&msgText={text}"
	case visit.Facebook:
		return "https://www.facebook.com/sharer/sharer.php?u={link}"
	case visit.X:
		return "https://twitter.com/intent/tweet?text={text}&url={link}"
	case visit.Threads:
		return "https://www.threads.net/intent/post?text={all}"
	case visit.Bluesky:
		return "https://bsky.app/intent/compose?text={all}"
	case visit.Reddit:
		return "https://www.reddit.com/submit?url={link}&title={subject}"
	case visit.Line:
		if from == Desk {
			return "https://social-plugins.line.me/lineit/share?url={link}"
		}
		return "https://line.me/R/share?text={all}"
	}
	if from == Desk {
		return "" // the others are apps of phones
	}
	switch {
	case c == visit.SMS && from == Apple:
		return "sms:&body={all}"
	case c == visit.SMS && from == Pocket:
		return "sms:?body={all}"
	case c == visit.SMS:
		return "sms:?&body={all}"
	case c == visit.Messenger:
		return "fb-messenger://share/?link={link}"
	case c == visit.Viber:
		return "viber://forward?text={all}"
	}
	return ""
}

// Intent is the address that opens a channel with a message written. Channels without one are shared by
// copying.
func Intent(c visit.Channel, from Screen, m Message) (href string, ok bool) {
	pattern := Address(c, from)
	if pattern == "" {
		return "", false
	}
	all, text, link := m.On(c), m.Text(), m.LinkOn(c)
	subject, _, _ := strings.Cut(text, "\n")
	return strings.NewReplacer("{all}", escape(all), "{text}", escape(text), "{link}", escape(link),
		"{subject}", escape(subject), "{mail}", escape(strings.ReplaceAll(all, "\n", "\r\n"))).Replace(pattern), true
}

// Say is the address that opens a channel with a text written that holds no link of anybody's; empty where there is
// none from that screen.
func Say(c visit.Channel, from Screen, text string) string {
	subject, _, _ := strings.Cut(text, "\n")
	return strings.NewReplacer("{all}", escape(text), "{text}", escape(text), "{link}", "", "{subject}", escape(subject),
		"{mail}", escape(strings.ReplaceAll(text, "\n", "\r\n"))).Replace(Address(c, from))
}

// escape percent-encodes everything; a space is %20, which all of them read.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// Offerable are the channels that a brand can offer its members, in the order in which it does unless it says
// otherwise; Usual are those that it then does offer.
var (
	Offerable = []visit.Channel{
		visit.WhatsApp, visit.Messenger, visit.Telegram, visit.SMS, visit.Email, visit.Instagram, visit.Snapchat,
		visit.Signal, visit.WeChat, visit.Slack, visit.Teams, visit.Discord, visit.LinkedIn, visit.Line, visit.Viber,
		visit.TikTok, visit.Facebook, visit.X, visit.Threads, visit.Bluesky, visit.Reddit, visit.KakaoTalk, visit.Zalo,
		visit.Threema,
	}
	Usual = Offerable[:14]
)

// Offered are the channels that a brand offers, of the names that its setting holds.
func Offered(setting string) []visit.Channel {
	if setting == "" {
		return Usual
	}
	var all []visit.Channel
	for name := range strings.SplitSeq(setting, ",") {
		if c, ok := visit.ParseChannel(name); ok && slices.Contains(Offerable, c) && !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

// ReaderWay is a channel that a reader is offered, and on what.
type ReaderWay struct {
	Channel visit.Channel
	Phone   bool // only on phones and tablets
	Desk    bool // only at a desk
}

// readerMost is how many channels a reader is offered on one screen.
const readerMost = 4

// ReaderWays are the channels that readers are offered, of the names that a brand's setting holds and in its order:
// the first of those that open by an address, as many on a phone as at a desk, where what only a phone has is
// passed over.
func ReaderWays(setting string) (all []ReaderWay) {
	phone, desk := 0, 0
	for _, c := range Offered(setting) {
		w := ReaderWay{Channel: c}
		onPhone := Address(c, AnyScreen) != "" && phone < readerMost
		atDesk := Address(c, Desk) != "" && desk < readerMost
		switch {
		case onPhone && atDesk:
		case onPhone:
			w.Phone = true
		case atDesk:
			w.Desk = true
		default:
			continue
		}
		if onPhone {
			phone++
		}
		if atDesk {
			desk++
		}
		all = append(all, w)
	}
	return all
}
