package visit

// Channel is a way by which links travel: what a link says of itself, or what a request gives away.
// The numbers are stored: never renumber, only append.
type Channel uint8

// The channels. The first group may stand at the end of a link's address; the second can only be
// observed.
const (
	Unknown   Channel = 0 // direct, or nothing is known
	Copy      Channel = 1 // the copy button
	QR        Channel = 2
	Native    Channel = 3 // the device's own share sheet, which does not say where to
	WhatsApp  Channel = 4
	Messenger Channel = 5
	Telegram  Channel = 6
	SMS       Channel = 7
	Email     Channel = 8
	Signal    Channel = 9
	IMessage  Channel = 10
	Instagram Channel = 11
	Facebook  Channel = 12
	Threads   Channel = 13
	Snapchat  Channel = 14
	TikTok    Channel = 15 // and Douyin
	X         Channel = 16
	LinkedIn  Channel = 17
	WeChat    Channel = 18 // and WeCom
	Line      Channel = 19
	KakaoTalk Channel = 20
	Viber     Channel = 21
	Zalo      Channel = 22
	Teams     Channel = 23
	Slack     Channel = 24
	Discord   Channel = 25
	Bluesky   Channel = 26
	Mastodon  Channel = 27 // and the rest of the fediverse
	Reddit    Channel = 28
	Pinterest Channel = 29
	VK        Channel = 30
	Weibo     Channel = 31
	Threema   Channel = 32

	Other       Channel = 33 // an app that has no name here
	Google      Channel = 34 // Google Messages, Google Chat
	GoogleApp   Channel = 35
	Microsoft   Channel = 36 // Bing and Office, which share one fetcher
	Search      Channel = 37 // a search engine
	AIAssistant Channel = 38
	Skype       Channel = 39
	Naver       Channel = 40
	Band        Channel = 41
	Between     Channel = 42
	OK          Channel = 43 // Odnoklassniki
	Tumblr      Channel = 44
	Quora       Channel = 45
	Notion      Channel = 46
	Embedly     Channel = 47
	Iframely    Channel = 48
	ClickUp     Channel = 49
	Evernote    Channel = 50
	Asana       Channel = 51
	Matrix      Channel = 52
	Mattermost  Channel = 53
	Chatwork    Channel = 54
	DingTalk    Channel = 55
	Mixmax      Channel = 56
	Discourse   Channel = 57
	IRC         Channel = 58
	Keybase     Channel = 59
	Flipboard   Channel = 60
	Hatena      Channel = 61
	Buffer      Channel = 62
	MeWe        Channel = 63
	Remind      Channel = 64
	Anytype     Channel = 65
	QQ          Channel = 66
	YouTube     Channel = 67
	Xing        Channel = 68
	Wire        Channel = 69
	RocketChat  Channel = 70
	Zulip       Channel = 71
	Trello      Channel = 72
	Zoom        Channel = 73
	Steam       Channel = 74
	Kik         Channel = 75
	GroupMe     Channel = 76
	Nextcloud   Channel = 77
	Bitrix      Channel = 78
	Wakelet     Channel = 79
	Lark        Channel = 80 // and Feishu
	Webex       Channel = 81
	Jira        Channel = 82 // Atlassian's link cards
	Linear      Channel = 83
	Basecamp    Channel = 84
	Imo         Channel = 85
	Twitch      Channel = 86
)

// firstObserved is the first channel that no link can carry.
const firstObserved = Other

var channelNames = [...]string{
	Unknown: "unknown", Copy: "copy", QR: "qr", Native: "native", WhatsApp: "whatsapp",
	Messenger: "messenger", Telegram: "telegram", SMS: "sms", Email: "email", Signal: "signal",
	IMessage: "imessage", Instagram: "instagram", Facebook: "facebook", Threads: "threads",
	Snapchat: "snapchat", TikTok: "tiktok", X: "x", LinkedIn: "linkedin", WeChat: "wechat",
	Line: "line", KakaoTalk: "kakaotalk", Viber: "viber", Zalo: "zalo", Teams: "teams",
	Slack: "slack", Discord: "discord", Bluesky: "bluesky", Mastodon: "mastodon",
	Reddit: "reddit", Pinterest: "pinterest", VK: "vk", Weibo: "weibo", Threema: "threema",
	Other: "other", Google: "google", GoogleApp: "google_app", Microsoft: "microsoft",
	Search: "search", AIAssistant: "ai_assistant", Skype: "skype", Naver: "naver", Band: "band",
	Between: "between", OK: "ok", Tumblr: "tumblr", Quora: "quora", Notion: "notion",
	Embedly: "embedly", Iframely: "iframely", ClickUp: "clickup", Evernote: "evernote",
	Asana: "asana", Matrix: "matrix", Mattermost: "mattermost", Chatwork: "chatwork",
	DingTalk: "dingtalk", Mixmax: "mixmax", Discourse: "discourse", IRC: "irc",
	Keybase: "keybase", Flipboard: "flipboard", Hatena: "hatena", Buffer: "buffer",
	MeWe: "mewe", Remind: "remind", Anytype: "anytype", QQ: "qq", YouTube: "youtube",
	Xing: "xing", Wire: "wire", RocketChat: "rocketchat", Zulip: "zulip", Trello: "trello",
	Zoom: "zoom", Steam: "steam", Kik: "kik", GroupMe: "groupme", Nextcloud: "nextcloud",
	Bitrix: "bitrix", Wakelet: "wakelet", Lark: "lark", Webex: "webex", Jira: "jira",
	Linear: "linear", Basecamp: "basecamp", Imo: "imo", Twitch: "twitch",
}

var channelsByName = func() map[string]Channel {
	m := make(map[string]Channel, len(channelNames))
	for c, name := range channelNames {
		m[name] = Channel(c)
	}
	return m
}()

// String returns the channel's name as addresses and reports write it, "unknown" for a number that
// is none.
func (c Channel) String() string {
	if int(c) < len(channelNames) {
		return channelNames[c]
	}
	return channelNames[Unknown]
}

// ParseChannel returns the channel of a name as String writes it.
func ParseChannel(name string) (Channel, bool) {
	c, ok := channelsByName[name]
	return c, ok
}

// Suffix says whether a link's address may end in the channel's name: /s/{token}/whatsapp.
func (c Channel) Suffix() bool { return c > Unknown && c < firstObserved }

// Suffixes returns the channels that a link's address may end in, in the order of their numbers.
func Suffixes() []Channel {
	all := make([]Channel, 0, firstObserved-1)
	for c := Unknown + 1; c < firstObserved; c++ {
		all = append(all, c)
	}
	return all
}

// open says whether the mark of a link leaves the channel open: it was copied, printed or handed
// to the device, and nobody knows where it went.
func (c Channel) open() bool { return c == Unknown || c == Copy || c == QR || c == Native }

// Resolve says through which channel a visit came, from the mark in the link and what the request
// gave away. A mark that leaves the channel open gives way to what was observed. Where both are
// known and differ, the link was forwarded: both are worth keeping.
func Resolve(link, observed Channel) (channel, seen Channel) {
	if link.open() && observed != Unknown {
		return observed, observed
	}
	return link, observed
}

// observe returns the channel that a request gives away, by the strength of the evidence: the
// in-app browser's own token, Android's X-Requested-With, the referring site or app, a click id.
func observe(a agent, f Facts) Channel {
	if a.inApp != Unknown {
		return a.inApp
	}
	if c := packageChannel(f.Header); c != Unknown {
		return c
	}
	if c := referrer(f.Header); c != Unknown {
		return c
	}
	return clickID(f.Query)
}
