package visit

import "strings"

// referrer returns the channel of the site or the Android app that a visit came from. A referrer
// from our own pages says nothing.
func referrer(h Header) Channel {
	if site := h.Get("Sec-Fetch-Site"); is(site, "same-origin") || is(site, "same-site") {
		return Unknown
	}
	ref := h.Get("Referer")
	scheme, rest, ok := strings.Cut(ref, "://")
	if !ok || len(rest) == 0 {
		return Unknown
	}
	host := rest
	if i := strings.IndexAny(host, "/?#"); i >= 0 {
		host = host[:i]
	}
	if len(host) > 253 {
		return Unknown
	}
	if is(scheme, "android-app") {
		return packageOf(host)
	}
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:]
	}
	if i := strings.IndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	return siteOf(strings.ToLower(strings.TrimSuffix(host, ".")))
}

// siteOf returns the channel of a lower-case host: by its full name, as a mail reader, by a domain
// it lies in, by a brand under any country's ending.
func siteOf(host string) Channel {
	if c := hosts[host]; c != Unknown {
		return c
	}
	brand, sub := split(host)
	if readsMail(sub) || strings.HasPrefix(brand, "deref-") {
		return Email
	}
	for rest := host; rest != ""; {
		if c := domains[rest]; c != Unknown {
			return c
		}
		_, rest, _ = strings.Cut(rest, ".")
	}
	if c := brands[brand]; c != Unknown {
		return c
	}
	if strings.HasPrefix(brand, "mastodon") || strings.HasPrefix(brand, "mstdn") ||
		strings.HasPrefix(sub, "mastodon.") || sub == "mastodon" || sub == "mstdn" {
		return Mastodon
	}
	return Unknown
}

// split parts a host into the name that its owner registered, without the ending (google.com,
// google.co.uk), and what stands before it.
func split(host string) (brand, sub string) {
	i := strings.LastIndexByte(host, '.')
	if i < 0 {
		return host, ""
	}
	ending, rest := host[i+1:], host[:i]
	if j := strings.LastIndexByte(rest, '.'); j >= 0 && len(ending) == 2 {
		switch rest[j+1:] {
		case "co", "com", "org", "net", "ne", "or", "ac", "gov", "edu", "go", "in", "gob", "govt":
			rest = rest[:j]
		}
	}
	if j := strings.LastIndexByte(rest, '.'); j >= 0 {
		return rest[j+1:], rest[:j]
	}
	return rest, ""
}

// readsMail says whether one of a host's labels is what mail readers in the browser are called, in
// several languages; numbers behind it are those of a farm (mail02, webmail1).
func readsMail(sub string) bool {
	for sub != "" {
		var label string
		label, sub, _ = strings.Cut(sub, ".")
		label = strings.TrimRight(label, "0123456789")
		if strings.HasPrefix(label, "webmail") || strings.HasPrefix(label, "messagerie") ||
			strings.HasPrefix(label, "roundcube") {
			return true
		}
		switch label {
		case "mail", "email", "e-mail", "wmail", "mbox", "mailbox", "inbox", "owa", "exchange",
			"outlook", "zimbra", "horde", "rainloop", "snappymail", "squirrelmail", "sogo", "poczta",
			"posta", "correo", "correio", "courriel", "courrier", "safelinks", "urldefense":
			return true
		}
	}
	return false
}

// clickID returns what a click identifier in the address says: fbclid is appended by Facebook and
// Instagram alike, so that it names only the family.
func clickID(query string) Channel {
	if query == "" {
		return Unknown
	}
	for part := range strings.SplitSeq(query, "&") {
		if strings.HasPrefix(part, "fbclid=") && len(part) > len("fbclid=") {
			return Facebook
		}
	}
	return Unknown
}

// hosts are sites known by their full name, where their domain says something else.
var hosts = map[string]Channel{
	"e.mail.ru": Email, "touch.mail.ru": Email, "light.mail.ru": Email, "octavius.mail.ru": Email,
	"m.mail.ru": Email, "mail.ru": Email, "tel.mail.ru": Email, "mail.com": Email,
	"www.mail.com": Email, "go.mail.ru": Search, "my.mail.ru": Other, "ok.mail.ru": OK,
	"web.de":          Email,
	"mail.google.com": Email, "inbox.google.com": Email, "messages.google.com": SMS,
	"voice.google.com": SMS, "messages.android.com": SMS, "chat.google.com": Google,
	"hangouts.google.com": Google, "gemini.google.com": AIAssistant, "bard.google.com": AIAssistant,
	"notebooklm.google.com": AIAssistant, "aistudio.google.com": AIAssistant,
	"copilot.microsoft.com": AIAssistant, "copilot.cloud.microsoft": AIAssistant,
	"m365.cloud.microsoft": AIAssistant, "edgeservices.bing.com": AIAssistant,
	"yiyan.baidu.com": AIAssistant, "chat.baidu.com": AIAssistant, "ai.baidu.com": AIAssistant,
	"teams.microsoft.com": Teams, "teams.live.com": Teams, "teams.cloud.microsoft": Teams,
	"statics.teams.cdn.office.net": Teams, "teams.microsoft.us": Teams,
	"gov.teams.microsoft.us": Teams, "dod.teams.microsoft.us": Teams, "teams.office.com": Teams,
	"mp.weixin.qq.com": WeChat, "qzone.qq.com": QQ, "user.qzone.qq.com": QQ,
	"b.hatena.ne.jp": Hatena, "search.daum.net": Search, "search.naver.com": Search,
	"m.search.naver.com": Search, "search.brave.com": Search, "search.seznam.cz": Search,
	"search.aol.com": Search, "search.rambler.ru": Search, "nova.rambler.ru": Search,
	"link.edgepilot.com": Email, "linkprotect.cudasvc.com": Email, "app.hey.com": Email,
	"url.emailprotection.link": Email, "secure-web.cisco.com": Email, "app.fastmail.com": Email,
	"clicktime.symantec.com": Email, "scanmail.trustwave.com": Email,
	"linklock.titanhq.com": Email, "app.mailbox.org": Email, "www.icloud.com": Email,
	"protect2.fireeye.com": Email, "seclinks.cloud-security.net": Email,
	"app.element.io": Matrix, "matrix.to": Matrix, "app.gitter.im": Matrix,
	"connect.ok.ru": OK, "app.asana.com": Asana, "app.clickup.com": ClickUp,
	"app.wire.com": Wire, "open.rocket.chat": RocketChat, "publish.buffer.com": Buffer,
	"chat.openai.com": AIAssistant, "labs.openai.com": AIAssistant, "app.jasper.ai": AIAssistant,
	"huggingface.co": AIAssistant,
}

// domains are sites known by the domain that they lie in.
var domains = map[string]Channel{
	"whatsapp.com": WhatsApp, "whatsapp.net": WhatsApp, "wa.me": WhatsApp,
	"telegram.org": Telegram, "telegram.me": Telegram, "telegram.dog": Telegram, "t.me": Telegram,
	"messenger.com": Messenger, "m.me": Messenger,
	"facebook.com": Facebook, "facebook.net": Facebook, "fb.com": Facebook, "fb.me": Facebook,
	"fb.watch": Facebook, "facebookwkhpilnemxj7asaniu7vnjjbiltxjqhye3mhbshg7kx5tfyd.onion": Facebook,
	"workplace.com": Facebook,
	"instagram.com": Instagram, "ig.me": Instagram, "instagr.am": Instagram,
	"threads.net": Threads, "threads.com": Threads,
	"t.co": X, "x.com": X, "twitter.com": X,
	"linkedin.com": LinkedIn, "lnkd.in": LinkedIn, "linkedin.cn": LinkedIn,
	"reddit.com": Reddit, "redd.it": Reddit,
	"vk.com": VK, "vk.ru": VK, "vk.me": VK, "vkontakte.ru": VK, "vk.cc": VK,
	"ok.ru": OK, "odnoklassniki.ru": OK,
	"weixin.qq.com": WeChat, "wx.qq.com": WeChat, "wechat.com": WeChat, "weixin110.qq.com": WeChat,
	"work.weixin.qq.com": WeChat, "qzone.com": QQ, "qq.com": QQ,
	"zalo.me": Zalo, "zaloapp.com": Zalo,
	"line.me": Line, "line.biz": Line, "line-apps.com": Line, "naver.jp": Line,
	"kakao.com": KakaoTalk, "kakaocorp.com": KakaoTalk,
	"slack.com": Slack, "slack-redir.net": Slack, "slack-gov.com": Slack,
	"discord.com": Discord, "discordapp.com": Discord, "discord.gg": Discord,
	"skype.com": Skype, "bsky.app": Bluesky, "bsky.social": Bluesky, "deck.blue": Bluesky,
	"snapchat.com": Snapchat, "tiktok.com": TikTok, "tiktokv.com": TikTok, "douyin.com": TikTok,
	"iesdouyin.com": TikTok, "pin.it": Pinterest, "weibo.com": Weibo, "weibo.cn": Weibo,
	"t.cn": Weibo, "viber.com": Viber, "threema.ch": Threema, "threema.id": Threema,
	"signal.org": Signal, "signal.group": Signal, "signal.me": Signal,
	"tumblr.com": Tumblr, "tumblr.co": Tumblr, "quora.com": Quora, "qr.ae": Quora,
	"youtube.com": YouTube, "youtu.be": YouTube, "xing.com": Xing, "flipboard.com": Flipboard,
	"flip.it": Flipboard, "notion.so": Notion, "notion.site": Notion, "notion.com": Notion,
	"band.us": Band, "mewe.com": MeWe, "keybase.io": Keybase, "mattermost.com": Mattermost,
	"evernote.com": Evernote, "chatwork.com": Chatwork, "dingtalk.com": DingTalk,
	"remind.com": Remind, "zulipchat.com": Zulip, "trello.com": Trello, "zoom.us": Zoom,
	"steamcommunity.com": Steam, "kik.com": Kik, "groupme.com": GroupMe, "bitrix24.com": Bitrix,
	"wakelet.com": Wakelet, "larksuite.com": Lark, "feishu.cn": Lark, "webex.com": Webex,
	"atlassian.net": Jira, "linear.app": Linear, "basecamp.com": Basecamp, "imo.im": Imo,
	"twitch.tv": Twitch, "element.io": Matrix, "beeper.com": Matrix, "rocket.chat": RocketChat,
	"chat.zalo.me": Zalo, "naver.com": Naver, "naver.me": Naver, "hatena.ne.jp": Hatena,

	// Mastodon has no domain of its own. Large servers; those named mastodon or mstdn need no entry.
	"mas.to": Mastodon, "fosstodon.org": Mastodon, "hachyderm.io": Mastodon,
	"infosec.exchange": Mastodon, "techhub.social": Mastodon, "chaos.social": Mastodon,
	"social.coop": Mastodon, "octodon.social": Mastodon, "pawoo.net": Mastodon,
	"troet.cafe": Mastodon, "universeodon.com": Mastodon, "aus.social": Mastodon,
	"mathstodon.xyz": Mastodon, "mindly.social": Mastodon, "norden.social": Mastodon,
	"ruhr.social": Mastodon, "social.tchncs.de": Mastodon, "piaille.fr": Mastodon,
	"mamot.fr": Mastodon, "framapiaf.org": Mastodon, "mstdn.jp": Mastodon, "kolektiva.social": Mastodon,
	"masto.ai": Mastodon, "masto.nu": Mastodon, "toot.community": Mastodon, "toot.io": Mastodon,
	"toot.cafe": Mastodon, "c.im": Mastodon, "ioc.exchange": Mastodon, "indieweb.social": Mastodon,
	"sfba.social": Mastodon, "metalhead.club": Mastodon, "livellosegreto.it": Mastodon,
	"tech.lgbt": Mastodon, "wandering.shop": Mastodon, "planet.moe": Mastodon, "vivaldi.net": Mastodon,
	"social.vivaldi.net": Mastodon, "nrw.social": Mastodon, "det.social": Mastodon, "sueden.social": Mastodon,
	"bonn.social": Mastodon, "dju.social": Mastodon, "journa.host": Mastodon, "newsie.social": Mastodon,
	"sciences.social": Mastodon, "scholar.social": Mastodon, "mastodonapp.uk": Mastodon,
	"counter.social": Mastodon, "home.social": Mastodon, "ohai.social": Mastodon, "qdon.space": Mastodon,
	"social.linux.pizza": Mastodon, "snabelen.no": Mastodon, "tooot.im": Mastodon, "uwu.social": Mastodon,
	"functional.cafe": Mastodon, "botsin.space": Mastodon, "ieji.de": Mastodon, "cyberplace.social": Mastodon,
	"joinmastodon.org": Mastodon, "elk.zone": Mastodon, "phanpy.social": Mastodon,
	"pixelfed.social": Mastodon, "misskey.io": Mastodon, "lemmy.world": Mastodon, "lemmy.ml": Mastodon,

	"proton.me": Email, "protonmail.com": Email, "tutanota.com": Email, "tuta.com": Email,
	"fastmail.com": Email, "hushmail.com": Email, "mailfence.com": Email, "posteo.de": Email,
	"runbox.com": Email, "hotmail.com": Email, "outlook.com": Email, "inbox.lv": Email,
	"mail.live.com": Email, "superhuman.com": Email, "ctemplar.com": Email, "startmail.com": Email,
	"safelinks.protection.outlook.com": Email, "urldefense.com": Email, "urldefense.us": Email,
	"urldefense.proofpoint.com": Email, "mimecastprotect.com": Email, "mimecast.com": Email,
	"cudasvc.com": Email, "emailprotection.link": Email, "urlsand.com": Email,
	"urlsand.esvalabs.com": Email, "urlprotect.trendmicro.com": Email, "avanan.click": Email,
	"vadesecure.com": Email, "hornetsecurity.com": Email, "protection.sophos.com": Email,
	"inky.com": Email, "messagelabs.com": Email, "spamtitan.com": Email, "appriver.com": Email,

	"duckduckgo.com": Search, "ecosia.org": Search, "qwant.com": Search, "startpage.com": Search,
	"kagi.com": Search, "swisscows.com": Search, "mojeek.com": Search, "metager.de": Search,
	"sogou.com": Search, "so.com": Search, "sm.cn": Search, "seznam.cz": Search, "ya.ru": Search,
	"coccoc.com": Search, "presearch.com": Search, "dogpile.com": Search, "lilo.org": Search,
	"ixquick.com": Search, "mojeek.co.uk": Search, "searx.me": Search, "gibiru.com": Search,
	"petalsearch.com": Search, "haosou.com": Search, "exalead.com": Search, "hotbot.com": Search,
	"you.com": AIAssistant, "chatgpt.com": AIAssistant, "openai.com": AIAssistant,
	"claude.ai": AIAssistant, "perplexity.ai": AIAssistant, "mistral.ai": AIAssistant,
	"deepseek.com": AIAssistant, "grok.com": AIAssistant, "x.ai": AIAssistant, "poe.com": AIAssistant,
	"meta.ai": AIAssistant, "phind.com": AIAssistant, "kimi.com": AIAssistant,
	"moonshot.cn": AIAssistant, "doubao.com": AIAssistant, "qwen.ai": AIAssistant,
	"tongyi.com": AIAssistant, "chatglm.cn": AIAssistant, "iask.ai": AIAssistant,
	"felo.ai": AIAssistant, "genspark.ai": AIAssistant, "pi.ai": AIAssistant, "duck.ai": AIAssistant,
	"character.ai": AIAssistant, "copilot.com": AIAssistant, "manus.im": AIAssistant,
	"andisearch.com": AIAssistant, "chat.com": AIAssistant, "chatplus.com": AIAssistant,
	"liner.com": AIAssistant, "exa.ai": AIAssistant,
}

// brands are sites known by the name that they registered under many countries' endings.
var brands = map[string]Channel{
	"google": Search, "bing": Search, "yahoo": Search, "yandex": Search, "baidu": Search,
	"ask": Search, "aol": Search, "pinterest": Pinterest, "gmx": Email, "skype": Skype,
}
