package visit_test

import (
	"testing"

	"ricochet.example/app/visit"
)

func TestInAppBrowsersNameTheirApp(t *testing.T) {
	for _, c := range []struct {
		what, ua string
		want     visit.Channel
	}{
		{"Instagram on Android", webview + " Instagram 395.0.0.42.91 Android (35/15; 420dpi; 1080x2400; Google/google; Pixel 8; shiba; shiba; en_US; 1)", visit.Instagram},
		{"Instagram with a calendar in its locale", ioswv + " Instagram 395.0.0.42.91 (iPhone15,2; iOS 18_6; ar_SA@calendar=gregorian; ar-SA; scale=3.00; gamut=wide; 1179x2556)", visit.Instagram},
		{"Threads, which is built from Instagram", webview + " Barcelona 395.0.0.42.91 Android (35/15; 420dpi)", visit.Threads},
		{"Threads with a slash", ioswv + " Instagram 395.0.0.42 (iPhone15,2) Barcelona/395.0", visit.Threads},
		{"Facebook on Android", webview + " [FB_IAB/FB4A;FBAV/520.0.0.35.83;]", visit.Facebook},
		{"Facebook on iOS", ioswv + " [FBAN/FBIOS;FBAV/520.0.0.35.83;FBDV/iPhone15,2;FBID/phone;FBLC/en_US;FBOP/5]", visit.Facebook},
		{"Facebook since 2025", webview + " MetaIAB Facebook", visit.Facebook},
		{"Messenger on Android", webview + " [FB_IAB/Orca-Android;FBAV/520.0.0.35.83;]", visit.Messenger},
		{"Messenger on iOS", ioswv + " [FBAN/MessengerForiOS;FBAV/520.0.0.35.83;FBDV/iPhone15,2]", visit.Messenger},
		{"Messenger Lite", ioswv + " LightSpeed [FBAN/MessengerLiteForiOS;FBAV/520.0]", visit.Messenger},
		{"Snapchat on iOS", ioswv + " Snapchat/13.51.0.43 (like Safari/604.1)", visit.Snapchat},
		{"Snapchat without a blank", webview + "Snapchat13.51.0.43 (Pixel 8; Android 15; gzip; )", visit.Snapchat},
		{"TikTok", webview + " musical_ly_2024104030 JsSdk/1.0 NetType/WIFI Channel/googleplay AppName/musical_ly BytedanceWebview/d8a21c6", visit.TikTok},
		{"TikTok in Asia", webview + " trill_2024104030 JsSdk/1.0", visit.TikTok},
		{"Douyin", ioswv + " aweme_31.9.0 Region/CN", visit.TikTok},
		{"WeChat", ioswv + " MicroMessenger/8.0.56(0x18003831) NetType/WIFI Language/zh_CN", visit.WeChat},
		{"WeCom", ioswv + " wxwork/4.1.39", visit.WeChat},
		{"LINE on Android", webview + " Line/15.12.2/IAB", visit.Line},
		{"LINE on iOS", ioswv + " Safari Line/15.12.0", visit.Line},
		{"KakaoTalk", webview + ";KAKAOTALK 2410170", visit.KakaoTalk},
		{"Zalo on iOS", ioswv + " Zalo iOS/560 ZaloTheme/light ZaloLanguage/vi", visit.Zalo},
		{"Zalo on Android", webview + " Zalo android/12100795", visit.Zalo},
		{"Viber on the desk", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) QtWebEngine/5.15.2 Chrome/87.0.4280.144 Safari/537.36 Viber/22.3.0.1", visit.Viber},
		{"LinkedIn", ioswv + " [LinkedInApp]/9.31.1234", visit.LinkedIn},
		{"X on iOS", ioswv + " Twitter for iPhone/11.20", visit.X},
		{"X on Android", webview + " TwitterAndroid", visit.X},
		{"Pinterest", ioswv + " [Pinterest/iOS]", visit.Pinterest},
		{"Reddit", webview + " Reddit/Version 2025.30.0/Build 2523003/Android 15", visit.Reddit},
		{"Telegram", android + " Telegram-Android/12.3.1 (Google Pixel 8; Android 15; SDK 35; AVERAGE)", visit.Telegram},
		{"Teams on a phone", ioswv + " TeamsMobile-iOS", visit.Teams},
		{"Teams on a desk", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Teams/1.7.00 Chrome/120.0.6099.291 Electron/28.3.3 Safari/537.36", visit.Teams},
		{"Slack on a desk", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Slack/4.45.64 Chrome/138.0.0.0 Electron/37.2.1 Safari/537.36 Sonic Slack_SSB/4.45.64", visit.Slack},
		{"Discord on a desk", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) discord/1.0.9201 Chrome/134.0.6998.205 Electron/35.3.0 Safari/537.36", visit.Discord},
		{"Notion on a desk", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Notion/4.16.0 Chrome/138.0.0.0 Electron/37.2.1 Safari/537.36", visit.Notion},
		{"Naver", ioswv + " NAVER(inapp; search; 2000; 12.14.60; 15PRO)", visit.Naver},
		{"Google's app", iphone[:len(iphone)-len("Version/18.6 Mobile/15E148 Safari/604.1")] + "GSA/376.0.777690323 Mobile/15E148 Safari/604.1", visit.GoogleApp},
	} {
		// Facebook's engine may leave out Sec-Fetch; the token is enough.
		h := navigation(c.ua, "Sec-Fetch-Mode", "", "Sec-Fetch-Dest", "", "Sec-Fetch-Site", "", "Accept-Language", "")
		got := visit.Judge(visit.Facts{Header: h, TLS: true})
		if got.Verdict != visit.Human || got.Channel != c.want {
			t.Errorf("%s: %v through %v by %q, want %v", c.what, got.Verdict, got.Channel, got.Rule, c.want)
		}
		if d := visit.DeviceOf(h); d != visit.InApp {
			t.Errorf("%s: device %v", c.what, d)
		}
	}
}

func TestAnAppsHTTPClientIsNobody(t *testing.T) {
	got := visit.Judge(visit.Facts{Header: fetch("Snapchat/13.51.0.43 (Pixel 8; Android 15; gzip)"), TLS: true})
	if got.Verdict == visit.Human {
		t.Errorf("%v by %q", got.Verdict, got.Rule)
	}
}

func TestAndroidNamesTheAppByItsPackage(t *testing.T) {
	for pack, want := range map[string]visit.Channel{
		"org.telegram.messenger": visit.Telegram, "org.telegram.plus": visit.Telegram,
		"com.viber.voip": visit.Viber, "com.kakao.talk": visit.KakaoTalk,
		"com.samsung.android.email.provider": visit.Email, "de.gmx.mobile.android.mail": visit.Email,
		"com.example.mail.app": visit.Email, "ru.mail.cloud": visit.Unknown,
		"XMLHttpRequest": visit.Unknown, "com.android.browser": visit.Unknown,
	} {
		got := visit.Judge(visit.Facts{Header: navigation(webview, "x-requested-with", pack), TLS: true})
		if got.Verdict != visit.Human || got.Channel != want {
			t.Errorf("%s: %v through %v, want %v", pack, got.Verdict, got.Channel, want)
		}
	}
}

func TestReferrersNameTheSite(t *testing.T) {
	for ref, want := range map[string]visit.Channel{
		"https://web.whatsapp.com/": visit.WhatsApp, "android-app://com.whatsapp/": visit.WhatsApp,
		"https://webk.telegram.org/": visit.Telegram, "https://t.me/": visit.Telegram,
		"android-app://org.telegram.messenger.web": visit.Telegram,
		"https://l.messenger.com/":                 visit.Messenger, "https://www.messenger.com/t/1": visit.Messenger,
		"http://m.facebook.com": visit.Facebook, "https://lm.facebook.com/l.php?u=x": visit.Facebook,
		"https://fb.me/x": visit.Facebook, "android-app://com.facebook.katana/": visit.Facebook,
		"https://l.instagram.com/": visit.Instagram, "https://l.threads.net/": visit.Threads,
		"https://www.threads.com/": visit.Threads, "https://t.co/abc": visit.X, "https://x.com/": visit.X,
		"https://lnkd.in/x": visit.LinkedIn, "https://fr.linkedin.com/": visit.LinkedIn,
		"https://out.reddit.com/": visit.Reddit, "https://away.vk.com/": visit.VK,
		"https://mp.weixin.qq.com/s/x": visit.WeChat, "https://chat.zalo.me/": visit.Zalo,
		"https://line.me/": visit.Line, "https://story.kakao.com/": visit.KakaoTalk,
		"https://app.slack.com/": visit.Slack, "android-app://com.Slack/": visit.Slack,
		"https://canary.discord.com/": visit.Discord, "https://discordapp.com/": visit.Discord,
		"https://web.skype.com/": visit.Skype, "https://teams.microsoft.com/": visit.Teams,
		"https://statics.teams.cdn.office.net/": visit.Teams, "https://go.bsky.app/": visit.Bluesky,
		"https://www.snapchat.com/": visit.Snapchat, "https://www.tiktok.com/": visit.TikTok,
		"https://www.pinterest.de/": visit.Pinterest, "https://in.pinterest.com/": visit.Pinterest,
		"https://www.pinterest.com.mx/": visit.Pinterest, "https://pinterest.co.uk/": visit.Pinterest,
		"https://mastodon.social/": visit.Mastodon, "https://fosstodon.org/": visit.Mastodon,
		"https://mastodon.example.org/": visit.Mastodon, "https://ok.ru/": visit.OK,
		"https://messages.google.com/": visit.SMS, "android-app://com.google.android.apps.messaging/": visit.SMS,

		"https://mail.google.com/": visit.Email, "android-app://com.google.android.gm/": visit.Email,
		"https://outlook.live.com/": visit.Email, "https://outlook.office.com/": visit.Email,
		"https://outlook.office365.com/": visit.Email, "android-app://com.microsoft.office.outlook/": visit.Email,
		"https://mail.yahoo.com/": visit.Email, "https://mail.yahoo.co.jp/": visit.Email,
		"https://fr-mg42.mail.yahoo.com/": visit.Email, "https://mail.proton.me/": visit.Email,
		"https://mail.aol.com/": visit.Email, "https://deref-gmx.net/": visit.Email,
		"https://deref-gmx.com/": visit.Email, "https://deref-web.de/": visit.Email,
		"https://deref-mail.com/": visit.Email, "https://deref-1und1-02.de/": visit.Email,
		"https://email.t-online.de/": visit.Email, "https://e.mail.ru/": visit.Email,
		"https://mail.yandex.ru/": visit.Email, "https://mail.yandex.com.tr/": visit.Email,
		"https://mail.rambler.ru/": visit.Email, "https://email.seznam.cz/": visit.Email,
		"https://mail.qq.com/": visit.Email, "https://mail.naver.com/": visit.Email,
		"https://poczta.onet.pl/": visit.Email, "https://webmail.free.fr/": visit.Email,
		"https://mail02.orange.fr/": visit.Email, "https://messagerie-12.sfr.fr/": visit.Email,
		"https://eur02.safelinks.protection.outlook.com/": visit.Email,
		"https://urldefense.com/":                         visit.Email, "https://urldefense.proofpoint.com/": visit.Email,
		"https://url.de.m.mimecastprotect.com/": visit.Email, "https://linkprotect.cudasvc.com/": visit.Email,
		"https://url.emailprotection.link/": visit.Email, "https://secure-web.cisco.com/": visit.Email,
		"https://webmail.company.example/": visit.Email,

		"https://www.google.com/": visit.Search, "https://www.google.co.uk/": visit.Search,
		"https://www.google.com.br/": visit.Search, "https://duckduckgo.com/": visit.Search,
		"https://yandex.ru/": visit.Search, "https://go.mail.ru/": visit.Search,
		"https://chatgpt.com/": visit.AIAssistant, "https://gemini.google.com/": visit.AIAssistant,
		"https://www.perplexity.ai/": visit.AIAssistant,

		"HTTPS://WWW.Reddit.COM:443/": visit.Reddit, "https://user@t.me./x": visit.Telegram,
		"https://notfacebook.com/": visit.Unknown, "https://facebook.com.evil.example/": visit.Unknown,
		"https://example.com/?u=https://t.me/": visit.Unknown, "https://netmail.example/": visit.Unknown,
		"https://infosec.exchange/": visit.Mastodon, "mail.google.com": visit.Unknown,
		"https://": visit.Unknown, "android-app://": visit.Unknown, "https://localhost/": visit.Unknown,
	} {
		got := visit.Judge(visit.Facts{Header: navigation(android, "Referer", ref), TLS: true})
		if got.Verdict != visit.Human || got.Channel != want {
			t.Errorf("%s: %v through %v, want %v", ref, got.Verdict, got.Channel, want)
		}
	}
}

func TestTheStrongerEvidenceNamesTheChannel(t *testing.T) {
	token := webview + " Instagram 395.0.0.42.91 Android"
	for what, c := range map[string]struct {
		f    visit.Facts
		want visit.Channel
	}{
		"the token before the package": {visit.Facts{Header: navigation(token, "X-Requested-With", "com.whatsapp")}, visit.Instagram},
		"the package before the referrer": {visit.Facts{Header: navigation(webview,
			"X-Requested-With", "com.whatsapp", "Referer", "https://t.co/")}, visit.WhatsApp},
		"the referrer before the click id": {visit.Facts{Header: navigation(android, "Referer", "https://l.instagram.com/"), Query: "fbclid=IwAR1"}, visit.Instagram},
		"the click id, where nothing else": {visit.Facts{Header: navigation(android), Query: "a=b&fbclid=IwAR1"}, visit.Facebook},
		"an empty click id says nothing":   {visit.Facts{Header: navigation(android), Query: "fbclid=&xfbclid=1"}, visit.Unknown},
		"our own page says nothing":        {visit.Facts{Header: navigation(android, "Referer", "https://mail.brand.example/", "Sec-Fetch-Site", "same-origin")}, visit.Unknown},
	} {
		c.f.TLS = true
		if got := visit.Judge(c.f); got.Channel != c.want {
			t.Errorf("%s: %v, want %v", what, got.Channel, c.want)
		}
	}
}

func TestAMarkThatLeavesTheChannelOpenGivesWay(t *testing.T) {
	for _, c := range []struct{ link, seen, want visit.Channel }{
		{visit.Copy, visit.Discord, visit.Discord},
		{visit.QR, visit.Instagram, visit.Instagram},
		{visit.Native, visit.Email, visit.Email},
		{visit.Unknown, visit.X, visit.X},
		{visit.Copy, visit.Unknown, visit.Copy},
		{visit.Unknown, visit.Unknown, visit.Unknown},
		{visit.WhatsApp, visit.Instagram, visit.WhatsApp},
		{visit.WhatsApp, visit.Unknown, visit.WhatsApp},
	} {
		channel, seen := visit.Resolve(c.link, c.seen)
		if channel != c.want || seen != c.seen {
			t.Errorf("link %v, seen %v: %v, %v", c.link, c.seen, channel, seen)
		}
	}
}

func TestEveryChannelHasANameThatComesBack(t *testing.T) {
	seen := map[string]bool{}
	for n := range 256 {
		c := visit.Channel(n)
		name := c.String()
		if name == "unknown" {
			if n != 0 && c.Suffix() {
				t.Errorf("%d may stand in an address and has no name", n)
			}
			continue
		}
		back, ok := visit.ParseChannel(name)
		if !ok || back != c || seen[name] {
			t.Errorf("%d is %q, which is %v", n, name, back)
		}
		seen[name] = true
	}
	if c, ok := visit.ParseChannel("unknown"); !ok || c != visit.Unknown {
		t.Errorf("unknown is %v, %v", c, ok)
	}
	if _, ok := visit.ParseChannel("open"); ok {
		t.Error("open is reserved in addresses and must be no channel")
	}
	if _, ok := visit.ParseChannel("h"); ok {
		t.Error("h is reserved in addresses and must be no channel")
	}
}

func TestTheNumbersOfStoredCodesStay(t *testing.T) {
	for c, want := range map[visit.Channel]string{
		0: "unknown", 1: "copy", 2: "qr", 3: "native", 4: "whatsapp", 5: "messenger", 6: "telegram",
		7: "sms", 8: "email", 16: "x", 32: "threema", 33: "other", 53: "mattermost", 86: "twitch",
	} {
		if got := c.String(); got != want {
			t.Errorf("%d is %q, was %q", c, got, want)
		}
	}
	for v, want := range map[visit.Verdict]string{0: "human", 1: "preview", 2: "prefetch", 3: "scanner", 4: "bot", 5: "suspicious", 6: "self", 7: "unknown"} {
		if got := v.String(); got != want {
			t.Errorf("%d is %q, was %q", v, got, want)
		}
	}
	for d, want := range map[visit.Device]string{0: "other", 1: "phone", 2: "tablet", 3: "desktop", 4: "in-app", 5: "other"} {
		if got := d.String(); got != want {
			t.Errorf("%d is %q, was %q", d, got, want)
		}
	}
}

func TestLinksCarryOnlyWaysOfSharing(t *testing.T) {
	all := visit.Suffixes()
	if len(all) != 32 {
		t.Errorf("%d channels may stand in an address", len(all))
	}
	for _, c := range all {
		if !c.Suffix() {
			t.Errorf("%v is listed and may not stand in an address", c)
		}
	}
	for _, c := range []visit.Channel{visit.Unknown, visit.Other, visit.Search, visit.GoogleApp} {
		if c.Suffix() {
			t.Errorf("%v may stand in an address", c)
		}
	}
}

func TestDevicesByFamily(t *testing.T) {
	for ua, want := range map[string]visit.Device{
		chrome: visit.Desktop, firefox: visit.Desktop, iphone: visit.Phone, android: visit.Phone,
		webview: visit.InApp, ioswv: visit.InApp,
		"Mozilla/5.0 (iPad; CPU OS 15_8 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Mobile/15E148 Safari/604.1": visit.Tablet,
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36":                       visit.Tablet,
		"Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0":                                                           visit.Phone,
		"Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 WebAppManager":     visit.OtherDevice,
		"Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; .NET4.0C; Tablet PC 2.0; rv:11.0) like Gecko":                                 visit.Desktop,
		"Opera/9.80 (J2ME/MIDP; Opera Mini/9.80 (S60; SymbOS; Opera Mobi/23.348; U; en) Presto/2.5.25 Version/10.54":                     visit.Phone,
		"curl/8.5.0": visit.OtherDevice,
	} {
		if got := visit.DeviceOf(visit.Header{"User-Agent": {ua}}); got != want {
			t.Errorf("%s: %v, want %v", ua, got, want)
		}
	}
}
