package web_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
)

// The manifest is the brand's, in its name and colour, and says nothing of anybody; its icons are as large as it says.
func TestTheManifestIsTheBrandsAndItsIconsAreThere(t *testing.T) {
	h := found(t)
	ana, _ := h.signedIn("ana@example.com", account.Ambassador)
	for _, b := range []*browser{h.browser(), ana, h.owner} {
		p := b.get("/manifest.webmanifest").wants(http.StatusOK)
		var m struct {
			Name, Display, Scope string
			Short                string `json:"short_name"`
			Start                string `json:"start_url"`
			Theme                string `json:"theme_color"`
			Icons                []struct{ Src, Sizes, Type, Purpose string }
			Shortcuts            []struct{ Name, URL string }
		}
		if err := json.Unmarshal([]byte(p.body), &m); err != nil {
			t.Fatalf("%v: %s", err, p.body)
		}
		if m.Name != "Novaska" || m.Short != "Novaska" || m.Display != "standalone" || m.Start != "/" || m.Scope != "/" || m.Theme != "#0c4650" {
			t.Errorf("it says %s", p.body)
		}
		if strings.Contains(p.body, "ana@") || p.header.Get("Content-Type") != "application/manifest+json" {
			t.Errorf("it is %s: %s", p.header.Get("Content-Type"), p.body)
		}
		purposes := map[string]bool{}
		for _, i := range m.Icons {
			purposes[i.Purpose+i.Sizes] = true
			icon, err := png.DecodeConfig(bytes.NewReader([]byte(b.get(i.Src).wants(http.StatusOK).body)))
			if err != nil || strings.Split(i.Sizes, "x")[0] != strconv.Itoa(icon.Width) || icon.Width != icon.Height {
				t.Errorf("%s is %d by %d, not %s: %v", i.Src, icon.Width, icon.Height, i.Sizes, err)
			}
		}
		if !purposes["any192x192"] || !purposes["any512x512"] || !purposes["maskable512x512"] {
			t.Errorf("there are %v", purposes)
		}
		if len(m.Shortcuts) != 3 {
			t.Errorf("shortcuts: %v", m.Shortcuts)
		}
		for _, s := range m.Shortcuts {
			if p := b.get(s.URL); s.URL != "/squad" && p.status == http.StatusNotFound { // Ana is in no squad
				t.Errorf("%s leads nowhere", s.URL)
			}
		}
	}
}

// Only pages of somebody who is signed in make an app of themselves; the page for when there is no network is the
// same whoever asks for it.
func TestOnlySignedInPagesBecomeAnApp(t *testing.T) {
	h := found(t)
	ana, _ := h.signedIn("ana@example.com", account.Ambassador)
	app := func(p *page) bool {
		links := all(p.doc, func(n *html.Node) bool { return n.Data == "link" && attr(n, "rel") == "manifest" })
		scripts := all(p.doc, func(n *html.Node) bool {
			return n.Data == "script" && strings.HasPrefix(attr(n, "src"), "/static/app.")
		})
		if len(links) != len(scripts) {
			t.Errorf("%d manifests, %d scripts", len(links), len(scripts))
		}
		return len(links) == 1
	}
	p := ana.get("/me").wants(http.StatusOK)
	if !app(p) || app(h.browser().get("/signin").wants(http.StatusOK)) {
		t.Error("it is not the pages of who is signed in that become an app")
	}
	csp := p.header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "; worker-src 'self'; ") || !strings.Contains(csp, "; manifest-src 'self'; ") {
		t.Errorf("the policy is %s", csp)
	}
	mine, strangers := ana.get("/offline").wants(http.StatusOK), h.browser().get("/offline").wants(http.StatusOK)
	if app(mine) || mine.text() != strangers.text() || strings.Contains(mine.body, "ana") {
		t.Errorf("the page without a network says %s", mine.text())
	}
	if got := ana.get("/worker.js").wants(http.StatusOK); strings.Contains(got.body, "ana@") || !strings.Contains(got.body, `const shell = ["/offline","/static/app.`) {
		t.Errorf("the worker keeps %.300s", got.body)
	}
}
