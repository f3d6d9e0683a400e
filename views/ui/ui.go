// Package ui knows the parts that pages are made of: the shells around a page, fields, buttons, cards,
// icons and the pictures of ripples. It knows nothing of the field: whoever calls gives the words, the
// addresses and the numbers. Nothing here needs a script to work, and nothing carries a style attribute.
package ui

import (
	"context"
	"math"
	"net/url"
	"path"
	"slices"
	"strconv"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
)

// SignOutPath is where the shells' button to sign out posts to.
const SignOutPath = "/sign-out"

// What makes an app of the pages on a phone.
const (
	ManifestPath  = "/manifest.webmanifest"
	AppleIconPath = "/icons/180.png"
)

// Page is what a shell needs to know about the page inside it.
type Page struct {
	Title         string // of this page, without the brand
	Brand         string // the brand's name; empty before it is founded
	BrandInitials string
	Accent        string // where the brand's own colour is, as AccentPath has it; empty: the house's
	Home          string // where the brand's name leads; "/" if empty
	Lang          string // of the page; the context's if empty
	Who           string // the name of who is signed in, if anybody
	Role          string // and what they are here, in words
	WhoPath       string // their own page, if there is one
	Nav           []NavItem
	Flash         string   // what was just done, or could not be
	FlashBad      bool     // the flash tells of a failure
	Warning       string   // what needs attention on every page, as a disk that is nearly full
	Scripts       []string // files of package static, besides js/copy.js and js/busy.js, which every shell has
	SignOut       bool     // show the button to sign out
	Demo          bool     // this server is a demo's, which every page says
	Description   string   // for search engines and previews, on pages that anybody may see
}

// NavItem is an entry of a navigation.
type NavItem struct {
	Label, Path string
	Icon        string // a name of Icons; none if empty
	Current     bool
	Count       int // of what waits there; nothing is shown for 0
}

// Pages are those of a list that does not fit on one.
type Pages struct {
	At   int  // from 1
	Of   int  // how many there are; 0 if nobody counted
	More bool // there is one after this, where nobody counted
	Path func(n int) string
}

// before and after say whether there is a page on either side.
func (p Pages) before() bool { return p.At > 1 }
func (p Pages) after() bool  { return p.More || p.At < p.Of }

// Kinds of actions: how much a button calls for attention.
const (
	Primary = "primary" // the one thing to do on this page
	Quiet   = "quiet"   // without a frame
	Danger  = "danger"  // cannot be undone
)

// Action is a button or a link that looks like one.
type Action struct {
	Label string
	About string // what it acts on, for those who hear the page: "Edit" about "Lyon"
	Path  string // of a link or a form
	Icon  string
	Kind  string // Primary, Quiet, Danger, or empty for a plain one
	Name  string // of the button in its form, with Value
	Value string
	Wide  bool // as wide as there is room
	Small bool
	Only  bool // the icon alone is seen; the label is heard
}

// classes of the button.
func (a Action) classes() string {
	names := "btn"
	if a.Kind != "" {
		names += " " + a.Kind
	}
	if a.Wide {
		names += " wide"
	}
	if a.Small {
		names += " small"
	}
	if a.Only {
		names += " only"
	}
	return names
}

// Tones of tags and banners. Each has an icon of its own, for colour alone says nothing to many.
const (
	Hot  = "hot"
	Good = "good"
	Warn = "warn"
	Bad  = "bad"
)

// toneIcon is the icon of a tone.
func toneIcon(tone string) string {
	switch tone {
	case Good:
		return "circle-check"
	case Warn:
		return "triangle-alert"
	case Bad:
		return "circle-alert"
	}
	return "info"
}

// classed is a class with a variant, if there is one.
func classed(class, variant string) string {
	if variant == "" {
		return class
	}
	return class + " " + variant
}

// language of the page's text.
func (p Page) language(ctx context.Context) string {
	if p.Lang != "" {
		return p.Lang
	}
	return lang.Of(ctx)
}

// reveals are the scripts that show or hide what is in sight when the page opens: nothing is drawn before they have
// run. Waiting for all of them would lay out the whole page at once, for three times as long.
var reveals = map[string]bool{"js/push.js": true, "js/qr.js": true}

// scripts are the page's own, and those that parts of all pages are nicer with, each once.
func (p Page) scripts() []string {
	all := []string{"js/copy.js", "js/busy.js"}
	if p.app() {
		all = append(all, "js/app.js")
	}
	for _, s := range p.Scripts {
		if !slices.ContainsFunc(all, func(have string) bool { return path.Base(have) == path.Base(s) }) {
			all = append(all, s)
		}
	}
	return all
}

// app says whether the page is one of those that can be an app on a phone: whoever sees it is signed in.
func (p Page) app() bool { return p.SignOut && !p.Demo }

// fullTitle is what stands in the browser's tab.
func (p Page) fullTitle() string {
	switch {
	case p.Brand == "":
		return p.Title
	case p.Title == "":
		return p.Brand
	}
	return p.Title + " · " + p.Brand
}

// home is where the brand's name leads.
func (p Page) home() string {
	if p.Home != "" {
		return p.Home
	}
	return "/"
}

// name is the brand's, or the product's before there is one.
func (p Page) name() string {
	if p.Brand != "" {
		return p.Brand
	}
	return "Ricochet"
}

// Initials are the first letters of a name's first and last words, for an avatar.
func Initials(name string) string { return lang.Initials(name) }

// Says puts the problem of a field in words, empty if there is none.
func Says(ctx context.Context, problems check.Problems, field string) string {
	p, ok := problems[field]
	if !ok {
		return ""
	}
	return lang.T(ctx, p.Key, p.Args...)
}

// percent is a share of 1 as CSS and SVG write it, never below what can be seen.
func percent(share float64) string {
	if math.IsNaN(share) || share <= 0 {
		return "0"
	}
	return strconv.FormatFloat(max(100*min(share, 1), 1), 'f', 1, 64) + "%"
}

// QueryOf is what an address says under a name.
func QueryOf(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Query().Get(name)
}
