package visit_test

import (
	"testing"

	"ricochet.example/app/visit"
)

// posting is what the page's script sends when it confirms an open.
func posting(ua string) visit.Facts {
	return visit.Facts{Method: "POST", TLS: true, Header: visit.Header{
		"User-Agent": {ua}, "Accept": {"*/*"}, "Accept-Language": {"fr"},
		"Sec-Fetch-Dest": {"empty"}, "Sec-Fetch-Mode": {"cors"}, "Sec-Fetch-Site": {"same-origin"},
	}}
}

func TestAConfirmationCounts(t *testing.T) {
	odd := chrome + " SecurityHeaders"
	mailed := posting(iphone)
	mailed.Link = visit.Email
	owner := posting(iphone)
	owner.Owner = true
	named := posting(odd)
	named.Header.Add("X-Requested-With", "org.telegram.messenger")
	for what, c := range map[string]struct {
		f       visit.Facts
		r       visit.Report
		want    visit.Verdict
		touched bool // the page must wait for an interaction
	}{
		"a page that was visible for a second": {posting(chrome), visit.Report{VisibleMS: 1000}, visit.Human, false},
		"an in-app browser":                    {posting(webview + " [FB_IAB/FB4A;FBAV/520.0;]"), visit.Report{VisibleMS: 1200}, visit.Human, false},
		"too soon":                             {posting(chrome), visit.Report{VisibleMS: 999}, visit.Suspicious, false},
		"too soon, touched or not":             {posting(chrome), visit.Report{VisibleMS: 10, Interaction: true}, visit.Suspicious, false},
		"never visible, by a negative number":  {posting(chrome), visit.Report{VisibleMS: -5}, visit.Suspicious, false},
		"still prerendering":                   {posting(chrome), visit.Report{VisibleMS: 5000, Prerendering: true}, visit.Prefetch, false},
		"driven by a program":                  {posting(chrome), visit.Report{VisibleMS: 5000, Webdriver: true, Interaction: true}, visit.Bot, false},
		"an odd browser":                       {posting(odd), visit.Report{VisibleMS: 5000}, visit.Suspicious, true},
		"an odd browser, touched":              {posting(odd), visit.Report{VisibleMS: 1000, Interaction: true}, visit.Human, false},
		"an odd browser in a known app":        {named, visit.Report{VisibleMS: 1000}, visit.Human, false},
		"a doubted GET":                        {posting(chrome), visit.Report{VisibleMS: 5000, Doubted: true}, visit.Suspicious, true},
		"a doubted GET, touched":               {posting(chrome), visit.Report{VisibleMS: 5000, Doubted: true, Interaction: true}, visit.Human, false},
		"from an e-mail after a second":        {mailed, visit.Report{VisibleMS: 1500}, visit.Suspicious, false},
		"from an e-mail after three":           {mailed, visit.Report{VisibleMS: 3000}, visit.Human, false},
		"from an e-mail, touched":              {mailed, visit.Report{VisibleMS: 1500, Interaction: true}, visit.Human, false},
		"the owner":                            {owner, visit.Report{VisibleMS: 5000, Interaction: true}, visit.Self, false},
		"a crawler that runs scripts":          {posting("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"), visit.Report{VisibleMS: 5000, Interaction: true}, visit.Bot, false},
		"Instagram's server, which runs them":  {posting("facebookexternalhit/1.1"), visit.Report{VisibleMS: 5000, Interaction: true}, visit.Preview, false},
		"a scanner that runs them":             {posting("Mozilla/5.0 (compatible; Acme Security Scanner) AppleWebKit/537.36"), visit.Report{VisibleMS: 5000}, visit.Scanner, false},
		"TikTok's preloader":                   {posting(webview + " thirdLandingPageFeInfra trill_1"), visit.Report{VisibleMS: 5000}, visit.Prefetch, false},
	} {
		got := visit.JudgeConfirmation(c.f, c.r)
		if got.Verdict != c.want || got.NeedsInteraction != c.touched || got.Rule == "" {
			t.Errorf("%s: %v by %q (interaction %v), want %v", what, got.Verdict, got.Rule, got.NeedsInteraction, c.want)
		}
	}
}
