package visit

import "strings"

// inApp returns the app whose in-app browser sent a User-Agent, Unknown for none. The tokens are
// case-sensitive: "Line/" must not match in "Online/". Order matters where apps carry each other's
// tokens: Threads is built from Instagram, both from Facebook's browser.
func inApp(ua string) Channel {
	switch {
	case has(ua, "wechatdevtools") || has(ua, "qcloudcdn"):
		return Unknown // Tencent's crawler dressed as WeChat
	case versioned(ua, "Barcelona") || has(ua, "MetaIAB Threads"):
		return Threads
	case has(ua, "FBAN/Messenger") || has(ua, "FB_IAB/Orca") || has(ua, "FB_IAB/MESSENGER") ||
		has(ua, "FBAN/Orca") || has(ua, "FBAN/mLite") || has(ua, "MessengerLite") ||
		has(ua, "FB_IAB/MLite") || has(ua, "MetaIAB Messenger"):
		return Messenger
	case versioned(ua, "Instagram") || has(ua, "MetaIAB Instagram"):
		return Instagram
	case has(ua, "FBAN/") || has(ua, "FB_IAB/") || has(ua, "FBAV/") || has(ua, "MetaIAB"):
		return Facebook
	case snapchat(ua):
		return Snapchat
	case has(ua, "musical_ly") || has(ua, "musically_go") || has(ua, "trill_") ||
		has(ua, "BytedanceWebview") || has(ua, "ultralite") || has(ua, "aweme"):
		return TikTok
	case has(ua, "MicroMessenger") || has(ua, "wxwork/") || has(ua, "WindowsWechat") ||
		has(ua, "MacWechat"):
		return WeChat
	case versioned(ua, " Line") || has(ua, ")Line/"):
		return Line
	case has(ua, "KAKAOTALK"):
		return KakaoTalk
	case has(ua, "Zalo android") || has(ua, "Zalo iOS") || versioned(ua, "Zalo"):
		return Zalo
	case versioned(ua, " Viber"):
		return Viber
	case has(ua, "LinkedInApp") || versioned(ua, " LinkedIn"):
		return LinkedIn
	case has(ua, "Twitter for ") || has(ua, "TwitterAndroid"):
		return X
	case has(ua, "[Pinterest/"):
		return Pinterest
	case has(ua, "Reddit/Version") || has(ua, "RedditIOS"):
		return Reddit
	case has(ua, "Telegram-Android/") || has(ua, "Telegram-iOS/"):
		return Telegram
	case has(ua, "TeamsMobile-") || versioned(ua, " Teams"):
		return Teams
	case versioned(ua, " Slack") || has(ua, "Slack_SSB"):
		return Slack
	case versioned(ua, " discord") || versioned(ua, "Discord") && has(ua, "Electron/"):
		return Discord
	case versioned(ua, "Weibo") || has(ua, "__weibo__") || has(ua, "Weibo ("):
		return Weibo
	case has(ua, "NAVER(inapp") || has(ua, "NAVER (inapp"):
		return Naver
	case has(ua, "BAND/") && has(ua, "Mozilla/"):
		return Band
	case has(ua, "VKAndroidApp") || has(ua, "com.vk.vkclient"):
		return VK
	case has(ua, "OKAndroid") || has(ua, "OKApp"):
		return OK
	case has(ua, "DingTalk/") && has(ua, "Mozilla/"):
		return DingTalk
	case has(ua, "Lark/") || has(ua, "Feishu/"):
		return Lark
	case versioned(ua, " QQ") && has(ua, "Mobile"):
		return QQ
	case versioned(ua, " Flipboard"):
		return Flipboard
	case has(ua, "GSA/"):
		return GoogleApp
	}
	return desktopShell(ua)
}

// desktopShell returns the messenger whose own Electron shell sent a User-Agent.
func desktopShell(ua string) Channel {
	if !has(ua, "Electron/") {
		return Unknown
	}
	switch {
	case has(ua, " WhatsApp/"):
		return WhatsApp
	case has(ua, " Notion/"):
		return Notion
	case has(ua, " Skype/"):
		return Skype
	case has(ua, " Mattermost/"):
		return Mattermost
	case has(ua, " Element/") || has(ua, " Riot/"):
		return Matrix
	case has(ua, " Signal/"):
		return Signal
	case has(ua, " Rocket.Chat/"):
		return RocketChat
	case has(ua, " Zulip/") || has(ua, " ZulipElectron/"):
		return Zulip
	case has(ua, " Wire/"):
		return Wire
	}
	return Unknown
}

// snapchat knows the app's browser, whose token may follow the rest without a blank
// ("…Safari/537.36Snapchat11.83"). At the very start it is the app's HTTP client, which is nobody.
func snapchat(ua string) bool {
	i := strings.Index(ua, "Snapchat")
	if i <= 0 {
		return false
	}
	rest := strings.TrimLeft(ua[i+len("Snapchat"):], " /")
	return rest != "" && isDigit(rest[0]) && strings.HasPrefix(ua, "Mozilla/")
}

func has(s, token string) bool { return strings.Contains(s, token) }

// versioned says whether a product's name stands in the text followed by its version: "Name 12.3"
// or "Name/12.3".
func versioned(s, name string) bool {
	for {
		i := strings.Index(s, name)
		if i < 0 {
			return false
		}
		s = s[i+len(name):]
		if len(s) > 1 && (s[0] == ' ' || s[0] == '/') && isDigit(s[1]) {
			return true
		}
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// packages names the Android apps whose browsers or links give themselves away by package name:
// in X-Requested-With, or as the referrer android-app://package. All lower case.
var packages = map[string]Channel{
	"com.whatsapp": WhatsApp, "com.whatsapp.w4b": WhatsApp, "com.gbwhatsapp": WhatsApp,
	"org.telegram.messenger": Telegram, "org.telegram.messenger.web": Telegram,
	"org.telegram.messenger.beta": Telegram, "org.telegram.plus": Telegram,
	"org.thunderdog.challegram": Telegram, "nekox.messenger": Telegram,
	"tw.nekomimi.nekogram": Telegram, "com.iraqteam.telegram": Telegram,
	"com.facebook.orca": Messenger, "com.facebook.mlite": Messenger, "com.facebook.talk": Messenger,
	"com.facebook.katana": Facebook, "com.facebook.lite": Facebook,
	"com.facebook.pages.app": Facebook, "com.facebook.groups": Facebook,
	"com.instagram.android": Instagram, "com.instagram.lite": Instagram,
	"com.instagram.barcelona":  Threads,
	"com.snapchat.android":     Snapchat,
	"com.zhiliaoapp.musically": TikTok, "com.zhiliaoapp.musically.go": TikTok,
	"com.ss.android.ugc.trill": TikTok, "com.ss.android.ugc.trill.go": TikTok,
	"com.ss.android.ugc.aweme": TikTok, "com.ss.android.ugc.aweme.lite": TikTok,
	"com.tiktok.lite.go":  TikTok,
	"com.twitter.android": X, "com.twitter.android.lite": X, "com.twitter.lite": X,
	"com.linkedin.android": LinkedIn, "com.linkedin.android.lite": LinkedIn,
	"com.tencent.mm": WeChat, "com.tencent.wework": WeChat,
	"com.tencent.mobileqq": QQ, "com.tencent.tim": QQ, "com.qzone": QQ,
	"com.sina.weibo": Weibo, "com.weico.international": Weibo,
	"jp.naver.line.android": Line, "com.linecorp.linelite": Line,
	"com.kakao.talk": KakaoTalk, "com.kakao.story": KakaoTalk,
	"com.viber.voip": Viber, "com.zing.zalo": Zalo,
	"com.microsoft.teams": Teams, "com.microsoft.teams2": Teams,
	"com.slack": Slack, "com.discord": Discord,
	"xyz.blueskyweb.app":       Bluesky,
	"org.joinmastodon.android": Mastodon, "com.keylesspalace.tusky": Mastodon,
	"app.fedilab.android": Mastodon, "com.jerboa": Mastodon,
	"com.reddit.frontpage": Reddit, "com.andrewshu.android.reddit": Reddit,
	"com.pinterest": Pinterest, "com.pinterest.twa": Pinterest,
	"com.vkontakte.android": VK, "com.vk.im": VK, "com.vk.equals": VK,
	"org.thoughtcrime.securesms": Signal,
	"ch.threema.app":             Threema, "ch.threema.app.libre": Threema, "ch.threema.app.work": Threema,
	"com.skype.raider": Skype, "com.skype.m2": Skype,
	"ru.ok.android": OK, "com.tumblr": Tumblr, "com.quora.android": Quora,
	"com.nhn.android.search": Naver, "com.nhn.android.band": Band,
	"com.nhn.android.naverband": Band, "kr.co.vcnc.android.couple": Between,
	"notion.id": Notion, "com.evernote": Evernote, "com.asana.app": Asana,
	"co.mangotechnologies.clickup": ClickUp, "com.mattermost.rn": Mattermost,
	"im.vector.app": Matrix, "io.element.android.x": Matrix, "com.beeper.android": Matrix,
	"jp.ecstudio.chatworkandroid": Chatwork, "com.alibaba.android.rimet": DingTalk,
	"com.mewe": MeWe, "com.remind101": Remind, "flipboard.app": Flipboard,
	"org.buffer.android": Buffer, "io.keybase.ossifrage": Keybase, "com.wire": Wire,
	"chat.rocket.android": RocketChat, "com.zulipmobile": Zulip, "com.trello": Trello,
	"us.zoom.videomeetings": Zoom, "com.valvesoftware.android.steam.community": Steam,
	"kik.android": Kik, "com.groupme.android": GroupMe, "com.imo.android.imoim": Imo,
	"com.ss.android.lark": Lark, "com.larksuite.suite": Lark, "com.cisco.wx2.android": Webex,
	"com.google.android.youtube": YouTube, "com.xing.android": Xing,
	"tv.twitch.android.app": Twitch,

	"com.google.android.apps.messaging": SMS, "com.samsung.android.messaging": SMS,
	"com.android.mms": SMS, "com.textra": SMS, "xyz.klinker.messenger": SMS,
	"com.google.android.apps.dynamite": Google, "com.google.android.talk": Google,
	"com.google.android.googlequicksearchbox": GoogleApp,
	"com.microsoft.bing":                      Search, "com.duckduckgo.mobile.android": Search,
	"ru.yandex.searchplugin": Search, "com.ecosia.android": Search, "com.qwant.liberty": Search,
	"com.openai.chatgpt": AIAssistant, "com.anthropic.claude": AIAssistant,
	"ai.perplexity.app.android": AIAssistant, "com.google.android.apps.bard": AIAssistant,
	"com.microsoft.copilot": AIAssistant, "ai.x.grok": AIAssistant,
	"com.deepseek.chat": AIAssistant, "ai.mistral.chat": AIAssistant,

	"com.google.android.gm": Email, "com.google.android.gm.lite": Email,
	"com.google.android.email": Email, "com.android.email": Email,
	"com.microsoft.office.outlook": Email, "com.microsoft.outlooklite": Email,
	"com.yahoo.mobile.client.android.mail": Email, "com.yahoo.mobile.client.android.mail.lite": Email,
	"com.aol.mobile.aolapp": Email, "com.samsung.android.email.provider": Email,
	"com.huawei.email": Email, "com.lge.email": Email, "com.sonymobile.email": Email,
	"com.htc.android.mail": Email, "com.motorola.email": Email, "com.blackberry.hub": Email,
	"ch.protonmail.android": Email, "me.proton.android.mail": Email, "de.tutao.tutanota": Email,
	"com.fastmail.app": Email, "com.zoho.mail": Email, "com.fsck.k9": Email,
	"net.thunderbird.android": Email, "net.thunderbird.android.beta": Email,
	"eu.faircode.email": Email, "org.kman.aquamail": Email, "me.bluemail.mail": Email,
	"com.readdle.spark": Email, "com.easilydo.mail": Email, "com.cloudmagic.mail": Email,
	"com.ninefolders.hd3": Email, "com.my.mail": Email, "ru.mail.mailapp": Email,
	"ru.yandex.mail": Email, "cz.seznam.email": Email, "de.gmx.mobile.android.mail": Email,
	"com.gmx.mobile.android.mail": Email, "com.mail.mobile.android.mail": Email,
	"de.web.mobile.android.mail": Email, "de.eue.mobile.android.mail": Email,
	"com.unitedinternet.mobile.android.mail": Email, "de.telekom.mail": Email,
	"de.freenet.mail": Email, "com.orange.mail.fr": Email, "fr.laposte.mail": Email,
	"it.libero.mail": Email, "pl.onet.mail": Email, "pl.wp.wppoczta": Email,
	"com.tencent.androidqqmail": Email, "com.netease.mobimail": Email, "com.netease.mail": Email,
	"com.nhn.android.mail": Email, "net.daum.android.mail": Email, "com.hey": Email,
	"com.basecamp.hey": Email, "com.superhuman.mail": Email, "edison.mail": Email,
}

// packageOf returns the channel of an Android package. An app that says "mail" in its last words
// is a mail app even where it is not in the list.
func packageOf(name string) Channel {
	if len(name) == 0 || len(name) > 100 {
		return Unknown
	}
	name = strings.ToLower(name)
	if c := packages[name]; c != Unknown {
		return c
	}
	if strings.HasPrefix(name, "ru.mail.") {
		return Unknown // the maker's name, not what the app does
	}
	for part := range strings.SplitSeq(name, ".") {
		if part == "mail" || part == "email" || part == "mailapp" || part == "webmail" {
			return Email
		}
	}
	return Unknown
}

// packageChannel returns the channel of the app that Android's WebView names in X-Requested-With.
// Scripts send XMLHttpRequest there, which is no package.
func packageChannel(h Header) Channel {
	name := h.Get("X-Requested-With")
	if name == "" {
		return Unknown
	}
	return packageOf(name)
}
