package share_test

import (
	"net/url"
	"strings"
	"testing"

	"ricochet.example/app/share"
	"ricochet.example/app/visit"
)

const (
	bare  = "https://novaska.example/s/0123456789abc"
	label = "Commercial collaboration"
)

func TestLabelAndLinkGoWithWhateverIsWritten(t *testing.T) {
	const link = bare + "/whatsapp"
	for words, want := range map[string]string{
		"Look":                            "Look\n(" + label + ")\n" + link,
		"":                                "(" + label + ")\n" + link,
		"  Look  \r\nhere ":               "Look  \nhere\n(" + label + ")\n" + link,
		"Look, COMMERCIAL  collaboration": "Look, COMMERCIAL  collaboration\n" + link,
		"Look: " + bare + " and say":      "Look: " + link + " and say\n(" + label + ")",
		"Look: " + bare + "/copy":         "Look: " + link + "\n(" + label + ")",
		bare + " (" + label + ") " + bare + "/qr": link + " (" + label + ") " + link,
		"Look: https://novaska.example/s/other":   "Look: https://novaska.example/s/other\n(" + label + ")\n" + link,
	} {
		m := share.Message{Words: words, Label: label, Link: bare}
		if got := m.On(visit.WhatsApp); got != want {
			t.Errorf("%q goes as %q, not %q", words, got, want)
		}
		for _, c := range share.Offerable {
			if got := m.On(c); !strings.Contains(strings.ToLower(strings.Join(strings.Fields(got), " ")), strings.ToLower(label)) || !strings.Contains(got, bare+"/"+c.String()) {
				t.Errorf("by %v %q goes as %q", c, words, got)
			}
		}
	}
}

// Every channel opens, or is pasted or scanned; what is handed over carries the whole message wherever the
// channel takes more than a link.
func TestEveryChannelHasAWayOnPhonesAndAtDesks(t *testing.T) {
	m := share.Message{Words: "Look & see", Label: label, Link: bare}
	for _, from := range []share.Screen{share.AnyScreen, share.Apple, share.Pocket, share.Desk} {
		for _, c := range share.Offerable {
			href, ok := share.Intent(c, from, m)
			if ok != (share.WayOf(c, from) == share.HandOver) {
				t.Errorf("%v on %v: %q, but the way is %v", c, from, href, share.WayOf(c, from))
			}
			if !ok {
				if from != share.Desk && share.WayOf(c, from) == share.NoWay {
					t.Errorf("%v has no way on %v", c, from)
				}
				continue
			}
			if _, err := url.Parse(href); err != nil || strings.ContainsAny(href, "{} +") {
				t.Errorf("%v on %v opens %q: %v", c, from, href, err)
			}
			if !strings.Contains(href, url.QueryEscape(bare+"/"+c.String())) {
				t.Errorf("%v on %v opens %q, without the link", c, from, href)
			}
		}
	}
	for want, got := range map[string]string{
		"sms:&body=Look%20%26%20see%0A%28Commercial%20collaboration%29%0Ahttps%3A%2F%2Fnovaska.example%2Fs%2F0123456789abc%2Fsms": first(share.Intent(visit.SMS, share.Apple, m)),
		"sms:?body=Look%20%26%20see%0A%28Commercial%20collaboration%29%0Ahttps%3A%2F%2Fnovaska.example%2Fs%2F0123456789abc%2Fsms": first(share.Intent(visit.SMS, share.Pocket, m)),
		"": first(share.Intent(visit.SMS, share.Desk, m)) + first(share.Intent(visit.Messenger, share.Desk, m)),
		"https://social-plugins.line.me/lineit/share?url=https%3A%2F%2Fnovaska.example%2Fs%2F0123456789abc%2Fline":                                         first(share.Intent(visit.Line, share.Desk, m)),
		"https://t.me/share/url?url=https%3A%2F%2Fnovaska.example%2Fs%2F0123456789abc%2Ftelegram&text=Look%20%26%20see%0A%28Commercial%20collaboration%29": first(share.Intent(visit.Telegram, share.Desk, m)),
	} {
		if got != want {
			t.Errorf("it opens %q, not %q", got, want)
		}
	}
}

// A label that is short stands in many words.
func TestALabelIsNotSaidByALongerWord(t *testing.T) {
	for words, want := range map[string]map[string]bool{
		"#ad":                     {"Love my #adidas": false, "Look #ad": true, "#AD: look": true, "x#ad": false, "#adidas #ad": true, "##ad": false},
		"Ad":                      {"Read this": false, "An ad.": true, "adé": false, "ad": true, "(ad)": true, "#ad": false},
		"Pub":                     {"C’est public": false, "Pub !": true, "épub": false},
		"Collaboration rémunérée": {"collaboration  RÉMUNÉRÉE": true, "Collaboration rémunérées": false},
	} {
		for text, said := range want {
			m := share.Message{Words: text, Label: words, Link: bare}
			if got := !strings.Contains(m.On(visit.WhatsApp), "("+words+")"); got != said && text != "("+strings.ToLower(words)+")" {
				t.Errorf("%q says %q: %v", text, words, got)
			}
		}
	}
}

func first(href string, _ bool) string { return href }

func TestABrandOffersWhatItChoseInItsOrder(t *testing.T) {
	if got := share.Offered("telegram,nothing,qr,whatsapp,telegram"); len(got) != 2 || got[0] != visit.Telegram || got[1] != visit.WhatsApp {
		t.Errorf("it offers %v", got)
	}
	if got := share.Offered(""); len(got) != len(share.Usual) || got[0] != visit.WhatsApp {
		t.Errorf("without a choice it offers %v", got)
	}
}
