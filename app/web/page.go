package web

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"

	"ricochet.example/app/brand"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	"ricochet.example/app/markdown"
	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/views"
)

// pageCache remembers reader pages, rendered once per version of a drop and
// edition of the brand.
type pageCache struct {
	mu  sync.RWMutex
	all map[pageKey]*parts
}

// pageKey is all that two readers' pages of one drop differ by, besides what
// is put in for each request.
type pageKey struct {
	drop      string
	version   int64
	brand     string
	shared    bool
	public    bool
	planned   bool // what is not shared yet will be, at a time that stands
	passed    bool
	rehearsal bool
	house     bool
	ends, own bool
	named     bool // its reader is told who shared
	asks      bool // its reader may ask to be let in
}

const pagesKept = 512

// readerPage returns the page of a target.
func (s *Server) readerPage(ctx context.Context, t share.Target) (*parts, error) {
	b := s.brand.Load()
	if b == nil {
		return nil, data.ErrNotFound
	}
	key := pageKey{
		drop: t.DropID, version: t.Version, brand: b.Name + "\x00" + cmp.Or(t.Label, b.Label+"\x00"+b.LabelFR) + "\x00" + b.URL + "\x00" + b.Ground() + "\x00" + b.Channels,
		shared: t.Shared, public: t.Public, planned: t.Planned || t.Shared, passed: t.OpenID != 0, rehearsal: t.Rehearsal,
		house: t.House, ends: !t.PassesOn(), own: t.MayBeOwn(),
		named: t.From != "" && t.OpenID == 0, asks: t.Asks,
	}
	s.pages.mu.RLock()
	page := s.pages.all[key]
	s.pages.mu.RUnlock()
	if page != nil {
		return page, nil
	}
	page, err := s.renderReader(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("rendering a reader page: %w", err)
	}
	s.pages.mu.Lock()
	defer s.pages.mu.Unlock()
	if s.pages.all == nil || len(s.pages.all) >= pagesKept {
		s.pages.all = map[pageKey]*parts{}
	}
	s.pages.all[key] = page
	return page, nil
}

// renderReader renders a page with marks that nobody can write into a drop, and cuts it there.
func (s *Server) renderReader(ctx context.Context, key pageKey) (*parts, error) {
	var d drop.Drop
	var images []drop.Image
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if d, err = drop.VersionByNumber(ctx, tx, key.drop, int(key.version)); err != nil || d.Cover == "" {
			return err
		}
		images, err = drop.Images(ctx, tx, d.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	b := s.brand.Load()
	var marks [places]string
	for i := range marks {
		marks[i] = "mark" + id.Code()
	}
	r := readerOf(d, *b, images, key.public, marks[placeToken])
	r.HTML, r.Cover = markdown.Under(r.HTML, "/s/"+marks[placeToken]), r.Cover.Under("/s/"+marks[placeToken])
	r.House, r.Ends, r.Own, r.Passed, r.Rehearsal = key.house, key.ends, key.own, key.passed, key.rehearsal
	r.Away, r.Asks = !key.planned, key.asks
	r.From = fromMark(key, marks[placeFrom])
	r.Address, r.Nonce, r.CSP = marks[placeAddress], marks[placeNonce], marks[placeCSP]
	r.Demo = s.demo != nil
	component := views.Shared(r)
	if !key.shared {
		component = views.Held(r)
	}
	var page bytes.Buffer
	if err := component.Render(lang.With(context.WithoutCancel(ctx), d.Language), &page); err != nil {
		return nil, err
	}
	p, err := cut(page.Bytes(), marks[:])
	return &p, err
}

// readerOf is what a reader sees of a drop, whoever shared it: those who read early, or everyone.
func readerOf(d drop.Drop, b brand.Brand, images []drop.Image, public bool, token string) views.Reader {
	return views.Reader{
		Language: d.Language, Brand: b.Name, Accent: views.AccentPath(b.Accent()), Base: b.URL, Label: disclosure(d, b),
		Title: d.Title, Teaser: d.Teaser, HTML: d.Reads(public), Minutes: markdown.MinutesOf(d.Reads(public)), Tags: d.TagList(),
		Cover: coverOf(d, images), Card: cardName(d, b), CardAlt: cardAlt(d, b.Name), Action: d.Action, ActionURL: d.ActionURL,
		Early: !public, Token: token, Buttons: buttons(d, b, token),
	}
}

// fromMark is where the name of who shared stands, on pages that say it.
func fromMark(key pageKey, mark string) string {
	if key.named {
		return mark
	}
	return ""
}

// cardAlt is what can be seen on a card.
func cardAlt(d drop.Drop, brand string) string {
	if d.Cover != "" && d.CoverAlt != "" {
		return d.CoverAlt
	}
	return d.Title + " · " + brand
}

// buttons are the ways to pass a page on, in the order of the brand. Those with an address on the web go through /go,
// where they are counted without a script; apps are linked directly.
func buttons(d drop.Drop, b brand.Brand, token string) []views.Button {
	var all []views.Button
	for _, w := range share.ReaderWays(b.Channels) {
		v := button(w.Channel, d, b, token)
		v.Phone, v.Desk = w.Phone, w.Desk
		all = append(all, v)
	}
	return all
}

func button(c visit.Channel, d drop.Drop, b brand.Brand, token string) views.Button {
	href := "/go/" + token + "/" + c.String()
	if direct, ok := share.Intent(c, share.AnyScreen, readersMessage(d, b, token)); ok && !strings.HasPrefix(direct, "https:") {
		href = direct
	}
	return views.Button{Channel: c.String(), Href: href}
}

// readersMessage is what a reader sends on: the first ready-made message that is not a member's alone to say,
// or the title.
func readersMessage(d drop.Drop, b brand.Brand, token string) share.Message {
	m := share.Message{Words: d.Title, Label: disclosure(d, b), Link: b.URL + "/s/" + token}
	for _, c := range d.Captions() {
		if !drop.IsPersonal(c) {
			m.Words = drop.Fill(c, drop.Values{Title: d.Title, Brand: b.Name, Link: m.Link, Label: m.Label})
			break
		}
	}
	return m
}
