package visit

import "slices"

// Reach says who sees what is shared through a channel, as far as that can be known.
type Reach int

// What a copy of a link or the share menu of a phone leads to is anybody's guess, and so is what comes
// through an app that has private messages as well as public posts.
const (
	ReachUnknown Reach = iota
	Private            // those whom it is sent to
	Public             // anybody
)

var (
	privateChannels = []Channel{WhatsApp, Messenger, Telegram, SMS, Email, Signal, IMessage, WeChat, Line, KakaoTalk, Viber, Zalo, Teams, Slack, Threema, QR}
	publicChannels  = []Channel{Facebook, Threads, TikTok, X, LinkedIn, Bluesky, Mastodon, Reddit, Pinterest, VK, Weibo, Tumblr, YouTube, Search}
)

// Reach of the channel.
func (c Channel) Reach() Reach {
	switch {
	case slices.Contains(privateChannels, c):
		return Private
	case slices.Contains(publicChannels, c):
		return Public
	}
	return ReachUnknown
}
