package visit

import "strings"

// unfurler is the trace that an app's preview fetcher leaves in its User-Agent.
type unfurler struct {
	token   string // lower case
	channel Channel
}

// disguised are the fetchers that call themselves by another's name as well: a dozen messengers
// send facebookexternalhit to be let in. They are looked for before the names that they borrow.
var disguised = []unfurler{
	{"kakaotalk-scrap", KakaoTalk},
	{"kakaostory", KakaoTalk},
	{"line-poker", Line},
	{"worksogcrawler", Naver},
	{"navertalk", Naver},
	{"blueno", Naver},
	{"belly-scrap", Naver},
	{"scrapbook-scraper", Naver},
	{"bandscraper", Band},
	{"between-scrap", Between},
	{"mewebot", MeWe},
	{"the lounge", IRC},
	{"thelounge", IRC},
	{"remindpreview", Remind},
	{"anytypebot", Anytype},
}

// unfurlers are the fetchers with a name of their own. Sources are the vendors' crawler pages; a
// few (Cardyb, GoogleMessages) have no word in their name that a list of bots would catch.
var unfurlers = []unfurler{
	{"telegrambot", Telegram},
	{"slackbot", Slack},
	{"slack-imgproxy", Slack},
	{"discordbot", Discord},
	{"linkedinbot", LinkedIn},
	{"skypeuripreview", Skype},
	{"skype-url-preview", Skype},
	{"microsoftpreview", Microsoft},
	{"bingpreview", Microsoft},
	{"googlemessages", Google},
	{"google-pagerenderer", Google},
	{"google-snippet", Google},
	{"/web/snippet", Google},
	{"nextcloud server", Nextcloud},
	{"snap url preview", Snapchat},
	{"snapurlpreview", Snapchat},
	{"cardyb", Bluesky},
	{"blueskypreview", Bluesky},
	{"pinterestbot", Pinterest},
	{"pinterest.com/bot", Pinterest},
	{"redditbot", Reddit},
	{"vkshare", VK},
	{"vkrobot", VK},
	{"odklbot", OK},
	{"tiktokspider", TikTok},
	{"quora link preview", Quora},
	{"viberurldownloader", Viber},
	{"viberbot", Viber},
	{"mastodon", Mastodon},
	{"pleroma", Mastodon},
	{"akkoma", Mastodon},
	{"misskey", Mastodon},
	{"summalybot", Mastodon},
	{"lemmy/", Mastodon},
	{"friendica", Mastodon},
	{"gotosocial", Mastodon},
	{"pixelfed", Mastodon},
	{"peertube", Mastodon},
	{"kbin", Mastodon},
	{"mbin/", Mastodon},
	{"hubzilla", Mastodon},
	{"firefish", Mastodon},
	{"sharkey", Mastodon},
	{"iceshrimp", Mastodon},
	{"calckey", Mastodon},
	{"bookwyrm", Mastodon},
	{"fedify", Mastodon},
	{"activitypub", Mastodon},
	{"iframely", Iframely},
	{"embedly", Embedly},
	{"clickuplinkunfurler", ClickUp},
	{"evernoterichlink", Evernote},
	{"websitemetadataretriever", Asana},
	{"notionembedder", Notion},
	{"notionbot", Notion},
	{"synapse (bot", Matrix},
	{"matrix-org/synapse", Matrix},
	{"matrix-media-repo", Matrix},
	{"beeperbot", Matrix},
	{"dendrite", Matrix},
	{"conduwuit", Matrix},
	{"mattermost-bot", Mattermost},
	{"chatwork linkpreview", Chatwork},
	{"dingtalkbot-linkservice", DingTalk},
	{"mixmax-linkpreview", Mixmax},
	{"yahoo link preview", Email},
	{"yahoomailproxy", Email},
	{"googleimageproxy", Email},
	{"discourse forum", Discourse},
	{"forum onebox", Discourse},
	{"keybasebot", Keybase},
	{"flipboardproxy", Flipboard},
	{"hatenabookmark", Hatena},
	{"hatena::", Hatena},
	{"bufferlinkpreview", Buffer},
	{"bufferbot", Buffer},
	{"rocket.chat", RocketChat},
	{"zulipurlpreview", Zulip},
	{"steamchaturllookup", Steam},
	{"groupmebot", GroupMe},
	{"bitrix link preview", Bitrix},
	{"wakeletlinkexpander", Wakelet},
	{"xing-contenttabreceiver", Xing},

	{"facebookexternalhit", Facebook},
	{"facebot", Facebook},
	{"meta-externalfetcher", Facebook},
	{"meta-externalhit", Facebook},
	{"facebookscraper", Facebook},
	{"twitterbot", X},
}

// generic are the words by which fetchers without an entry say that they make previews.
var generic = newLexicon(
	"linkpreview", "link preview", "link-preview", "link_preview", "urlpreview", "url preview",
	"url-preview", "previewbot", "preview-bot", "unfurl", "linkexpan", "link expan", "richlink",
	"onebox", "oembed", "opengraph", "open graph", "og-scraper", "ogscraper", "ogcrawler",
	"og-crawler", "embed php", "embedbot", "linkcard", "link card", "metascraper", "link-unfurl",
)

// The names of the fetchers, for searching.
var disguisedTokens, unfurlerTokens = tokens(disguised), tokens(unfurlers)

func tokens(all []unfurler) *lexicon {
	words := make([]string, 0, len(all))
	for _, u := range all {
		words = append(words, u.token)
	}
	return newLexicon(words...)
}

// discordMedia is what Discord's media proxy calls itself, on purpose
// (github.com/discord/discord-api-docs issues 1600, 3872). The exact string is all there is.
const discordMedia = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.10; rv:38.0) Gecko/20100101 Firefox/38.0"

// unfurls returns the app whose preview fetcher sent a User-Agent. Device apps that fetch by
// themselves (WhatsApp, Signal, iMessage, Viber) are recognised by form, the others by name.
func unfurls(ua, lower string) (Channel, bool) {
	if ua == discordMedia {
		return Discord, true
	}
	if i := disguisedTokens.first(lower); i >= 0 {
		return disguised[i].channel, true
	}
	// Signal says WhatsApp/2 so that sites send it what they send WhatsApp (Signal-Android 10060).
	if lower == "whatsapp" || lower == "whatsapp/2" {
		return Signal, true
	}
	if whatsApp(lower) {
		return WhatsApp, true
	}
	if lower == "viber" || strings.HasPrefix(lower, "viber/") {
		return Viber, true
	}
	// Messages on Apple's systems names Facebook and Twitter inside an old Safari.
	if strings.HasPrefix(lower, "mozilla/5.0 (macintosh") && has(lower, "facebookexternalhit") &&
		has(lower, "twitterbot") {
		return IMessage, true
	}
	if strings.HasPrefix(lower, "tumblr/") {
		return Tumblr, true
	}
	if strings.HasPrefix(lower, "pinterest/") {
		return Pinterest, true
	}
	electron := has(lower, "electron/")
	if !electron && (strings.HasPrefix(lower, "notion/") || strings.HasPrefix(lower, "notion ")) {
		return Notion, true
	}
	if !electron && strings.HasPrefix(lower, "asana/") {
		return Asana, true
	}
	// An Electron shell by that name is the desktop app itself, with a person in front of it.
	if i := unfurlerTokens.first(lower); i >= 0 && !electron {
		return unfurlers[i].channel, true
	}
	return Other, generic.in(lower)
}

// whatsApp knows WhatsApp and the apps made from it (GBWhatsApp, YoWhatsApp): the name at the very
// start or after a letter, then a version. Inside a browser's User-Agent it is the desktop app.
func whatsApp(lower string) bool {
	const name = "whatsapp"
	for at := 0; ; {
		i := strings.Index(lower[at:], name)
		if i < 0 {
			return false
		}
		i += at
		at = i + len(name)
		if i > 0 && !isLetter(lower[i-1]) {
			continue
		}
		if at == len(lower) || lower[at] == '/' || lower[at] == ' ' || lower[at] == '-' {
			return true
		}
	}
}
