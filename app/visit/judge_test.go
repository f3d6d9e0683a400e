package visit_test

import (
	"testing"
	"time"

	"ricochet.example/app/visit"
)

// The strings of browsers that the tests dress up.
const (
	chrome  = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	iphone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
	android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36"
	webview = "Mozilla/5.0 (Linux; Android 15; Pixel 8 Build/AP4A.250105.002; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/139.0.7258.94 Mobile Safari/537.36"
	ioswv   = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
)

// navigation is what a browser sends when a person follows a link, changed by pairs of name and
// value; an empty value takes the header away.
func navigation(ua string, changes ...string) visit.Header {
	h := visit.Header{
		"User-Agent":      {ua},
		"Accept":          {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
		"Accept-Language": {"fr-FR,fr;q=0.9"},
		"Sec-Fetch-Dest":  {"document"},
		"Sec-Fetch-Mode":  {"navigate"},
		"Sec-Fetch-Site":  {"none"},
	}
	for i := 0; i < len(changes); i += 2 {
		delete(h, changes[i])
		if changes[i+1] != "" {
			h.Add(changes[i], changes[i+1])
		}
	}
	return h
}

// fetch is what a program sends that only sets its name.
func fetch(ua string, more ...string) visit.Header {
	h := visit.Header{"User-Agent": {ua}, "Accept": {"*/*"}}
	for i := 0; i < len(more); i += 2 {
		h.Add(more[i], more[i+1])
	}
	return h
}

func TestPreviewsAreKnownByTheirApp(t *testing.T) {
	for _, c := range []struct {
		what, ua string
		channel  visit.Channel
	}{
		{"WhatsApp on Android", "WhatsApp/2.24.7.79 A", visit.WhatsApp},
		{"WhatsApp on iOS with a slash", "WhatsApp/2.24.10/i", visit.WhatsApp},
		{"WhatsApp without a platform letter", "WhatsApp/2.25.1.80", visit.WhatsApp},
		{"WhatsApp in lower case", "whatsapp/2.24.7.79 n", visit.WhatsApp},
		{"WhatsApp with the blank encoded", "WhatsApp/2.24.7.79+A", visit.WhatsApp},
		{"GBWhatsApp", "GBWhatsApp/17.85 A", visit.WhatsApp},
		{"WhatsApp's Business API", "WhatsApp/2.22.1 CloudAPI/1.0", visit.WhatsApp},
		{"Signal, which says WhatsApp/2", "WhatsApp/2", visit.Signal},
		{"an old Signal, which says WhatsApp", "WhatsApp", visit.Signal},
		{"Anytype, which says WhatsApp/2 as well", "WhatsApp/2 (compatible; AnytypeBot/1.0; +https://anytype.io)", visit.Anytype},
		{"Messages on iOS and macOS", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0", visit.IMessage},
		{"Messages without Facebot", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Twitterbot/1.0", visit.IMessage},
		{"Facebook", "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", visit.Facebook},
		{"Facebook behind a mask", "Mozilla/5.0 (compatible; Meta-ExternalHit/1.1; +https://developers.facebook.com/docs/sharing/webmasters/crawler)", visit.Facebook},
		{"Telegram, which likens itself to X", "TelegramBot (like TwitterBot)", visit.Telegram},
		{"X", "Twitterbot/0.1", visit.X},
		{"Slack's link expander", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", visit.Slack},
		{"Slack's image proxy", "Slack-ImgProxy 1.138 (+https://api.slack.com/robots)", visit.Slack},
		{"Discord", "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", visit.Discord},
		{"Discord's media proxy", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.10; rv:38.0) Gecko/20100101 Firefox/38.0", visit.Discord},
		{"LinkedIn", "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)", visit.LinkedIn},
		{"Skype and Teams", "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com", visit.Skype},
		{"Bing's preview on a phone", "Mozilla/5.0 (iPhone; CPU iPhone OS 7_0 like Mac OS X) AppleWebKit/537.51.1 (KHTML, like Gecko) Version/7.0 Mobile/11A465 Safari/9537.53 BingPreview/1.0b", visit.Microsoft},
		{"Google Messages", "GoogleMessages", visit.Google},
		{"Google Messages behind Chrome", chrome + " GoogleMessages/15.1", visit.Google},
		{"Snapchat", "SnapURLPreview/1.0", visit.Snapchat},
		{"KakaoTalk, which says Facebook", "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984", visit.KakaoTalk},
		{"LINE, which says Facebook", "facebookexternalhit/1.1;line-poker/1.0", visit.Line},
		{"Naver's blog", "facebookexternalhit/1.1 (compatible; Blueno/1.0; +http://naver.me/scrap)", visit.Naver},
		{"Naver Works", "facebookexternalhit/1.1; Mozilla/5.0 (compatible; WorksOgCrawler/1.0.0;)", visit.Naver},
		{"Between", "facebookexternalhit/1.1;between-scrap/1.0", visit.Between},
		{"Viber", "Viber", visit.Viber},
		{"Viber's downloader", "ViberUrlDownloader", visit.Viber},
		{"Bluesky", "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app) Chrome/100.0.0.0 Safari/537.36", visit.Bluesky},
		{"a Mastodon server", "http.rb/5.1.1 (Mastodon/4.2.1; +https://social.example/) Bot", visit.Mastodon},
		{"a Lemmy server", "Lemmy/0.19.3; +https://lemmy.example", visit.Mastodon},
		{"a Pleroma server", "Pleroma 2.6.0; https://pleroma.example <admin@pleroma.example>", visit.Mastodon},
		{"a Misskey server", "Mozilla/5.0 (compatible; Misskey/2024.5.0; +https://misskey.example) SummalyBot/5.1.0", visit.Mastodon},
		{"Reddit", "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)", visit.Reddit},
		{"Pinterest's older fetcher", "Pinterest/0.2 (+http://www.pinterest.com/bot.html)", visit.Pinterest},
		{"VK", "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)", visit.VK},
		{"TikTok", "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; TikTokSpider; ttspider-feedback@tiktok.com)", visit.TikTok},
		{"Notion", "Notion/1.0 (https://notion.so; team@makenotion.com)", visit.Notion},
		{"Iframely", "Iframely/1.3.1 (+https://iframely.com/docs/about) Notion", visit.Iframely},
		{"ClickUp", "ClickUpLinkUnfurler", visit.ClickUp},
		{"a Matrix server", "Synapse (bot; +https://github.com/matrix-org/synapse)", visit.Matrix},
		{"Beeper", "BeeperBot/0 Matrix-Media-Repo/1", visit.Matrix},
		{"Zulip", "Mozilla/5.0 (compatible; ZulipURLPreview/9.1; +https://zulip.example)", visit.Zulip},
		{"Yahoo Mail", "Mozilla/5.0 (compatible; Yahoo Link Preview; https://help.yahoo.com/kb/mail/yahoo-link-preview-SLN23615.html)", visit.Email},
		{"Remind", "RemindPreview/1.0 facebookexternalhit/1.1", visit.Remind},
		{"an app without an entry that says what it does", "AcmeChat-LinkPreview/2.0 (+https://acme.example)", visit.Other},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			got := visit.Judge(visit.Facts{Method: method, TLS: true, Header: fetch(c.ua)})
			if got.Verdict != visit.Preview || got.Channel != c.channel || got.Rule != "unfurl-"+c.channel.String() {
				t.Errorf("%s (%s): got %v by %q, want a preview by %v", c.what, method, got, got.Rule, c.channel)
			}
		}
	}
}

func TestAnUnfurlerThatSaysPreviewIsNotAPrefetch(t *testing.T) {
	lounge := "Mozilla/5.0 (compatible; The Lounge IRC Client; +https://github.com/thelounge/thelounge) facebookexternalhit/1.1 Twitterbot/1.0"
	got := visit.Judge(visit.Facts{Header: fetch(lounge, "X-Purpose", "preview"), TLS: true})
	if got.Verdict != visit.Preview || got.Channel != visit.IRC {
		t.Errorf("got %v %v", got.Verdict, got.Channel)
	}
}

func TestBrowsersFetchAhead(t *testing.T) {
	for _, c := range []struct {
		what string
		h    visit.Header
	}{
		{"speculation rules", navigation(chrome, "Sec-Purpose", "prefetch", "Purpose", "prefetch")},
		{"prerender", navigation(chrome, "Sec-Purpose", "prefetch;prerender")},
		{"Google's prefetch proxy", navigation(android, "Sec-Purpose", "prefetch; anonymous-client-ip")},
		{"another order and case", navigation(chrome, "Sec-Purpose", "anonymous-client-ip ; Prefetch")},
		{"a second header line", visit.Header{"User-Agent": {chrome}, "Sec-Purpose": {"x", "prefetch"}}},
		{"a tag of speculation rules", navigation(chrome, "Sec-Speculation-Tags", "null")},
		{"link rel=prefetch in Chromium", navigation(chrome, "Purpose", "prefetch", "Sec-Fetch-Dest", "empty", "Sec-Fetch-Mode", "no-cors")},
		{"link rel=prefetch in Firefox", navigation(firefox, "Sec-Purpose", "prefetch", "Accept", "*/*", "Sec-Fetch-Dest", "empty")},
		{"an older Firefox", navigation(firefox, "X-Moz", "prefetch")},
		{"Safari's Top Sites", navigation(iphone, "X-Purpose", "preview")},
		{"Facebook's feed", navigation(webview+" [FB_IAB/FB4A;FBAV/520.0.0.35.83;]", "X-Purpose", "preview", "X-Fb-Http-Engine", "Liger")},
		{"TikTok's preloader", navigation(webview + " trill_340000 thirdLandingPageFeInfra")},
	} {
		for _, method := range []string{"", "HEAD"} {
			if got := visit.Judge(visit.Facts{Method: method, Header: c.h, TLS: true}); got.Verdict != visit.Prefetch {
				t.Errorf("%s (%s): %v by %q", c.what, method, got.Verdict, got.Rule)
			}
		}
	}
}

func TestAPurposeOfAnotherKindIsNoPrefetch(t *testing.T) {
	h := navigation(chrome, "Purpose", "prefetching-is-off", "X-Purpose", "view")
	if got := visit.Judge(visit.Facts{Header: h, TLS: true}); got.Verdict != visit.Human {
		t.Errorf("%v by %q", got.Verdict, got.Rule)
	}
}

func TestScannersNameThemselves(t *testing.T) {
	for _, ua := range []string{
		"Barracuda Sentinel (EE)", "Google-Safety", "TwinWaveScanner", "Cloudflare-Radar-Scanner",
		"AppEngine-Google; (+http://code.google.com/appengine; appid: s~virustotalcloud)",
		"Kaspersky Lab CFR link resolver cfradmins@kaspersky.com", "Bluecoat DRTR",
		"DingTalkBot-SecurityService/1.0", "SafeDNSBot (https://www.safedns.com/searchbot)",
		"HubSpot Connect 2.0 (http://dev.hubspot.com/) (namespace: webCheckMalware)",
		"Expanse, a Palo Alto Networks company, searches across the global IPv4 space",
		"Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)",
		"Mozilla/5.0 (compatible; NetcraftSurveyAgent/1.0; +info@netcraft.com)",
		"Mozilla/5.0 (compatible; BitSightBot/1.0)", "Mozilla/5.0 zgrab/0.x",
		"Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
	} {
		if got := visit.Judge(visit.Facts{Header: fetch(ua), TLS: true}); got.Verdict != visit.Scanner {
			t.Errorf("%s: %v by %q", ua, got.Verdict, got.Rule)
		}
	}
}

func TestNobodyLooksByHEAD(t *testing.T) {
	for _, ua := range []string{chrome, firefox, iphone, webview + " Instagram 302.0.0.34.111 Android"} {
		got := visit.Judge(visit.Facts{Method: "HEAD", Header: navigation(ua), TLS: true})
		if got.Verdict != visit.Scanner || got.Rule != "head" {
			t.Errorf("%s: %v by %q", ua, got.Verdict, got.Rule)
		}
	}
}

func TestOtherMethodsAreNobody(t *testing.T) {
	for _, method := range []string{"OPTIONS", "PROPFIND", "POST", "nonsense"} {
		got := visit.Judge(visit.Facts{Method: method, Header: navigation(chrome), TLS: true})
		if got.Verdict != visit.Bot || got.Rule != "method" {
			t.Errorf("%s: %v by %q", method, got.Verdict, got.Rule)
		}
	}
}

func TestProgramsAreBots(t *testing.T) {
	for what, ua := range map[string]string{
		"no name":                         "",
		"a name that is too short":        "Mozilla",
		"curl":                            "curl/8.5.0",
		"Go's client":                     "Go-http-client/2.0",
		"Python's requests":               "python-requests/2.32.3",
		"Googlebot":                       "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
		"Bingbot":                         "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36",
		"Yandex":                          "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
		"Applebot":                        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
		"an assistant's fetch":            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Claude-User/1.0; +Claude-User@anthropic.com)",
		"headless Chrome":                 "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36",
		"PhantomJS":                       "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1",
		"Lighthouse":                      "Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36 Chrome-Lighthouse",
		"Meta's AI crawler":               "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
		"LINE's search crawler":           "Mozilla/5.0 (compatible; Linespider/1.1; +https://lin.ee/4dwXkTH)",
		"a monitor behind Chrome":         chrome + " DatadogSynthetics",
		"a test driver":                   chrome + " Playwright/1.40.0",
		"compatible and a name":           "Mozilla/5.0 (compatible; Acme Reader 3)",
		"a mail address behind a browser": chrome + " acme (ops@acme.example)",
		"no engine":                       "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
		"something before Mozilla":        "acme.example Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
		"Tencent's crawler as WeChat":     webview + " MicroMessenger/8.0.1 wechatdevtools qcloudcdn-xinan Request-Source=4 +https://cloud.example",
	} {
		if got := visit.Judge(visit.Facts{Header: navigation(ua), TLS: true}); got.Verdict != visit.Bot {
			t.Errorf("%s: %v by %q", what, got.Verdict, got.Rule)
		}
	}
}

func TestAStringLongerThanAnyBrowsersIsABot(t *testing.T) {
	long := make([]byte, 1<<20)
	for i := range long {
		long[i] = 'a'
	}
	got := visit.Judge(visit.Facts{Header: navigation(chrome + string(long)), TLS: true})
	if got.Verdict != visit.Bot || got.Rule != "agent-length" {
		t.Errorf("%v by %q", got.Verdict, got.Rule)
	}
}

func TestBrowsersWithSomethingOddNeedAnInteraction(t *testing.T) {
	for what, ua := range map[string]string{
		"a product of no browser":           chrome + " SecurityHeaders",
		"a comment of no browser":           chrome + " (Acme Synth)",
		"a product inside the platform":     "Mozilla/5.0 (X11; Linux x86_64; Acme/1.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
		"a name inside the engine's words":  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko; Acme) Chrome/141.0.0.0 Safari/537.36",
		"desktop Chrome on an iPhone":       "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
		"a version that is a placeholder":   "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/W.X.Y.Z Safari/537.36",
		"a tool behind an Electron browser": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) shell/1.0 Chrome/130.0.0.0 Electron/33.0.0 Safari/537.36 Acme/1.0",
	} {
		got := visit.Judge(visit.Facts{Header: navigation(ua), TLS: true})
		if got.Verdict != visit.Suspicious || !got.NeedsInteraction {
			t.Errorf("%s: %v by %q", what, got.Verdict, got.Rule)
		}
	}
}

func TestIncoherentHeaders(t *testing.T) {
	for what, h := range map[string]visit.Header{
		"Chrome without Sec-Fetch":          navigation(chrome, "Sec-Fetch-Mode", "", "Sec-Fetch-Dest", "", "Sec-Fetch-Site", ""),
		"Firefox without Sec-Fetch":         navigation(firefox, "Sec-Fetch-Mode", ""),
		"Safari without Sec-Fetch":          navigation(iphone, "Sec-Fetch-Mode", ""),
		"a WebView without Sec-Fetch":       navigation(webview, "Sec-Fetch-Mode", ""),
		"no language":                       navigation(chrome, "Accept-Language", ""),
		"anything will do":                  navigation(chrome, "Accept", "*/*"),
		"nothing is accepted":               navigation(chrome, "Accept", ""),
		"pictures only":                     navigation(chrome, "Accept", "image/avif,image/webp"),
		"a script's fetch":                  navigation(chrome, "Sec-Fetch-Mode", "cors"),
		"an in-app browser without a page":  navigation(webview+" Instagram 302.0.0.34.111 Android", "Accept", "*/*"),
		"a package without a page, as well": navigation(webview, "X-Requested-With", "org.telegram.messenger", "Accept", "*/*"),
	} {
		got := visit.Judge(visit.Facts{Header: h, TLS: true})
		if got.Verdict != visit.Suspicious || !got.NeedsInteraction {
			t.Errorf("%s: %v by %q", what, got.Verdict, got.Rule)
		}
		mailed := visit.Judge(visit.Facts{Header: h, TLS: true, Link: visit.Email})
		if mailed.Verdict != visit.Scanner {
			t.Errorf("%s, on a link from an e-mail: %v by %q", what, mailed.Verdict, mailed.Rule)
		}
		soon := visit.Judge(visit.Facts{Header: h, TLS: true, Age: 20 * time.Second})
		if soon.Verdict != visit.Scanner {
			t.Errorf("%s, seconds after the link was made: %v by %q", what, soon.Verdict, soon.Rule)
		}
		later := visit.Judge(visit.Facts{Header: h, TLS: true, Age: time.Hour})
		if later.Verdict != visit.Suspicious {
			t.Errorf("%s, an hour after: %v by %q", what, later.Verdict, later.Rule)
		}
	}
}

func TestPlainHTTPAndOldBrowsersSendNoFetchMetadata(t *testing.T) {
	without := []string{"Sec-Fetch-Mode", "", "Sec-Fetch-Dest", "", "Sec-Fetch-Site", ""}
	for what, f := range map[string]visit.Facts{
		"Chrome without https": {Header: navigation(chrome, without...)},
		"Chrome 75":            {TLS: true, Header: navigation("Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/75.0.3770.100 Safari/537.36", without...)},
		"Firefox 89":           {TLS: true, Header: navigation("Mozilla/5.0 (Windows NT 10.0; rv:89.0) Gecko/20100101 Firefox/89.0", without...)},
		"Safari 16.3":          {TLS: true, Header: navigation("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.3 Safari/605.1.15", without...)},
		"an iPhone with iOS 15": {TLS: true, Header: navigation(
			"Mozilla/5.0 (iPhone; CPU iPhone OS 15_8 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.6 Mobile/15E148 Safari/604.1", without...)},
		"Internet Explorer": {TLS: true, Header: navigation("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
			append(without, "Accept", "image/gif, image/jpeg, */*")...)},
	} {
		if got := visit.Judge(f); got.Verdict != visit.Human {
			t.Errorf("%s: %v by %q", what, got.Verdict, got.Rule)
		}
	}
}

func TestSubresourcesAndFramesAreNoVisits(t *testing.T) {
	for dest, want := range map[string]visit.Verdict{
		"image": visit.Bot, "empty": visit.Bot, "script": visit.Bot,
		"iframe": visit.Suspicious, "document": visit.Human,
	} {
		got := visit.Judge(visit.Facts{Header: navigation(chrome, "Sec-Fetch-Dest", dest), TLS: true})
		if got.Verdict != want {
			t.Errorf("%s: %v by %q, want %v", dest, got.Verdict, got.Rule, want)
		}
	}
}

func TestTheOwnerIsSelfWhateverElse(t *testing.T) {
	if got := visit.Judge(visit.Facts{Owner: true, Header: fetch("curl/8.5.0")}); got.Verdict != visit.Self {
		t.Errorf("%v by %q", got.Verdict, got.Rule)
	}
}

func TestPeoplesBrowsersAreKept(t *testing.T) {
	const apple, linux = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 ", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
	for what, ua := range map[string]string{
		"Chrome": chrome, "Firefox": firefox, "Safari on iOS": iphone, "Chrome on Android": android,
		"an app's browser":        webview,
		"an app's browser on iOS": ioswv,
		"an app's own words":      ioswv + " AcmeNews/7.3.1",
		"Edge":                    apple + "Safari/537.36 Edg/140.0.0.0",
		"Opera":                   apple + "Safari/537.36 OPR/124.0.0.0",
		"Opera GX":                apple + "Safari/537.36 OPR/124.0.0.0 (Edition Yx GX)",
		"Vivaldi":                 apple + "Safari/537.36 Vivaldi/7.5.3735.54",
		"Brave":                   apple + "Safari/537.36 Brave/140",
		"Yandex Browser":          apple + "YaBrowser/25.8.0.0 Yowser/2.5 Safari/537.36",
		"Whale":                   apple + "Whale/4.33.325.16 Safari/537.36",
		"DuckDuckGo on macOS":     "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15 Ddg/18.6",
		"Chrome on iOS":           "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.7339.101 Mobile/15E148 Safari/604.1",
		"Firefox on iOS":          "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/143.0 Mobile/15E148 Safari/605.1.15",
		"Edge on iOS":             "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 EdgiOS/140.0.3485.54 Mobile/15E148 Safari/605.1.15",
		"Ecosia on iOS":           "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/128 Mobile/15E148 Safari/605.1.15 _id/000024 (Ecosia ios@11.3.0.2214)",
		"Samsung Internet":        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
		"Xiaomi's browser":        "Mozilla/5.0 (Linux; U; Android 14; en-us; 23127PN0CG Build/UKQ1.230804.001) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/127.0.6533.103 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.32.0-gn",
		"Huawei's browser":        "Mozilla/5.0 (Linux; Android 12; ANA-NX9; HMSCore 6.14.0.302) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.5735.196 HuaweiBrowser/15.0.8.301 Mobile Safari/537.36",
		"UC Browser":              "Mozilla/5.0 (Linux; U; Android 13; en-US; CPH2239 Build/TP1A.220905.001) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.8.2.1324 Mobile Safari/537.36",
		"Silk on a Fire tablet":   "Mozilla/5.0 (Linux; Android 11; KFTRWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/135.3.1 like Chrome/135.0.7049.100 Safari/537.36",
		"Epiphany":                "Mozilla/5.0 (X11; Ubuntu; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15 Epiphany/605.1.15",
		"Konqueror":               "Mozilla/5.0 (compatible; Konqueror/4.5; FreeBSD) KHTML/4.5.4 (like Gecko)",
		"Opera Mini":              "Opera/9.80 (Android; Opera Mini/82.0/191.341; U; en) Presto/2.12.423 Version/12.16",
		"a KaiOS phone":           "Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
		"a phone called bot":      "Mozilla/5.0 (Linux; Android 12; CUBOT P60) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36",
		"a phone called M bot":    "Mozilla/5.0 (Linux; Android 7.0; M bot 60 Build/NRD90M) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Mobile Safari/537.36",
		"an Electron shell":       linux + "notes/1.11.7 Chrome/138.0.0.0 Electron/37.2.1 Safari/537.36",
		"a game console":          "Mozilla/5.0 (PlayStation; PlayStation 5/9.60) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.4 Safari/605.1.15",
		"a ChromeOS device":       "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
	} {
		if got := visit.Judge(visit.Facts{Method: "GET", Header: navigation(ua), TLS: true}); got.Verdict != visit.Human {
			t.Errorf("%s: %v by %q", what, got.Verdict, got.Rule)
		}
	}
}

func TestWhoAsksNotToBeTracked(t *testing.T) {
	for what, c := range map[string]struct {
		h    visit.Header
		want bool
	}{
		"Global Privacy Control": {navigation(firefox, "sec-gpc", "1"), true},
		"Do Not Track":           {navigation(firefox, "DNT", "1"), true},
		"tracking is fine":       {navigation(firefox, "DNT", "0"), false},
		"nothing said":           {navigation(firefox), false},
	} {
		if got := visit.DoNotTrack(c.h); got != c.want {
			t.Errorf("%s: %v", what, got)
		}
	}
}
