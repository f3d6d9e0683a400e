package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"ricochet.example/app/lang"
	"ricochet.example/app/picture"
	"ricochet.example/static"
	"ricochet.example/views"
	"ricochet.example/views/ui"
)

// appRoutes are what makes an app of the pages on a phone. None of them shows anything of anybody.
func (s *Server) appRoutes() []Route {
	all := []Route{
		{Method: "GET", Pattern: ui.ManifestPath, Answers: everyone, handle: s.sendManifest},
		{Method: "GET", Pattern: "/worker.js", Answers: everyone, handle: s.sendWorker},
		{Method: "GET", Pattern: offlinePath, Answers: everyone, Page: true, handle: s.offline},
	}
	for _, i := range appIcons {
		all = append(all, Route{Method: "GET", Pattern: i.path(), Answers: everyone, handle: s.sendIcon(i)})
	}
	return all
}

const offlinePath = "/offline"

// appIcon is one of the sizes that phones ask for.
type appIcon struct {
	size     int
	maskable bool
}

var appIcons = []appIcon{{192, false}, {512, false}, {512, true}, {180, true}}

func (i appIcon) path() string {
	if i.maskable && i.size == 512 {
		return "/icons/maskable.png"
	}
	return "/icons/" + strconv.Itoa(i.size) + ".png"
}

// icons remembers the icons that were drawn, by their ground too.
type icons struct {
	mu   sync.Mutex
	kept map[string][]byte
}

// most that is kept: the brand's colour changes rarely.
const iconsKept = 16

func (c *icons) draw(i appIcon, ground string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := ground + i.path()
	if body := c.kept[name]; body != nil {
		return body, nil
	}
	body, err := picture.Icon{Ground: ground, Size: i.size, Maskable: i.maskable}.PNG()
	if err != nil {
		return nil, err
	}
	if c.kept == nil || len(c.kept) >= iconsKept {
		c.kept = map[string][]byte{}
	}
	c.kept[name] = body
	return body, nil
}

func (s *Server) sendIcon(i appIcon) handler {
	return func(w http.ResponseWriter, _ *request) error {
		body, err := s.icons.draw(i, s.brand.Load().Ground())
		if err != nil {
			return err
		}
		return s.sendPart(w, "image/png", body)
	}
}

// sendPart sends a part of the app. The browser asks each time whether it is still the same.
func (s *Server) sendPart(w http.ResponseWriter, kind string, body []byte) error {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'")
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, err := w.Write(body)
	return err
}

// manifest is the web app manifest, as far as we have something to say.
type manifest struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Short      string         `json:"short_name"`
	About      string         `json:"description"`
	Language   string         `json:"lang"`
	Start      string         `json:"start_url"`
	Scope      string         `json:"scope"`
	Display    string         `json:"display"`
	Theme      string         `json:"theme_color"`
	Background string         `json:"background_color"`
	Icons      []manifestIcon `json:"icons"`
	Shortcuts  []manifestLink `json:"shortcuts"`
}

type manifestIcon struct {
	Source  string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

type manifestLink struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// What phones show of a name under an icon, in characters, and of shortcuts.
const (
	shortName     = 12
	mostShortcuts = 3
)

// paperColour is the ground of our pages in the light, which a phone shows until the first one is there.
const paperColour = "#f6f4ee"

func (s *Server) sendManifest(w http.ResponseWriter, r *request) error {
	ctx, b := r.Context(), s.brand.Load()
	m := manifest{
		ID: "/", Name: b.Name, Short: short(b.Name), About: lang.T(ctx, "manifest.text"), Language: lang.Of(ctx),
		Start: "/", Scope: "/", Display: "standalone", Theme: b.Ground(), Background: paperColour,
	}
	for _, i := range appIcons {
		icon := manifestIcon{Source: i.path(), Sizes: fmt.Sprintf("%dx%d", i.size, i.size), Type: "image/png", Purpose: "any"}
		if i.maskable {
			icon.Purpose = "maskable"
		}
		m.Icons = append(m.Icons, icon)
	}
	entries := views.MemberNav
	if r.who.Staff() {
		entries = views.StaffNav
	}
	for _, e := range entries[1 : mostShortcuts+1] {
		m.Shortcuts = append(m.Shortcuts, manifestLink{lang.T(ctx, e.Key), e.Path})
	}
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return s.sendPart(w, "application/manifest+json", body)
}

// short is a name that fits under an icon: its first words, or what of the first one fits.
func short(name string) string {
	fits := ""
	for word := range strings.FieldsSeq(name) {
		if next := strings.TrimSpace(fits + " " + word); len([]rune(next)) <= shortName {
			fits = next
			continue
		}
		break
	}
	if fits == "" {
		r := []rune(name)
		fits = string(r[:min(len(r), shortName)])
	}
	return fits
}

// shellFiles are what every signed-in page is made of besides its text.
var shellFiles = []string{"app.css", "inter.woff2", "bricolage-grotesque.woff2", "favicon.svg", "copy.js", "busy.js", "app.js"}

// sendWorker is the script that keeps the shell in a browser. It is another one as soon as the shell is, or what
// the page for when there is no network says.
func (s *Server) sendWorker(w http.ResponseWriter, r *request) error {
	shell := []string{offlinePath}
	for _, name := range shellFiles {
		shell = append(shell, static.Path(name))
	}
	if accent := views.AccentPath(s.brand.Load().Accent()); accent != "" {
		shell = append(shell, accent)
	}
	list, err := json.Marshal(shell)
	if err != nil {
		return err
	}
	script := static.Body("worker.js")
	sum := sha256.New()
	for _, part := range [][]byte{list, script, []byte(s.brand.Load().Name), []byte(lang.Of(r.Context())), []byte(lang.T(r.Context(), "offline.text"))} {
		sum.Write(part)
		sum.Write([]byte{0})
	}
	var body bytes.Buffer
	fmt.Fprintf(&body, "const edition = %q;\nconst shell = %s;\n", hex.EncodeToString(sum.Sum(nil)[:8]), list)
	body.Write(script)
	return s.sendPart(w, "text/javascript; charset=utf-8", body.Bytes())
}

// offline is kept by browsers, so it is the same for everyone who speaks the language.
func (s *Server) offline(w http.ResponseWriter, r *request) error {
	p := ui.Page{Lang: lang.Of(r.Context()), Brand: s.brand.Load().Name, Accent: views.AccentPath(s.brand.Load().Accent()), Demo: s.demo != nil}
	return s.show(w, r, http.StatusOK, views.Offline(p))
}
