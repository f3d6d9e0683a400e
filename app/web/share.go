package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) shareRoutes() []Route {
	return []Route{
		{Method: "POST", Pattern: "/drops/{drop}/share", Answers: members, handle: s.shareDrop, keeps: true},
		{Method: "GET", Pattern: "/drops/{drop}/share/{channel}", Answers: members, Page: true, handle: s.showSend},
		{Method: "POST", Pattern: "/drops/{drop}/words", Answers: members, handle: s.keepWords, keeps: true},
		{Method: "POST", Pattern: "/drops/{drop}/told", Answers: members, handle: s.noteTold},
	}
}

// sharing is a member about to share a drop of theirs: it may be shared, and their link is followed.
type sharing struct {
	drop     drop.Drop
	link     share.Link
	token    string
	values   drop.Values
	captions []string // filled in
	own      string   // the member's own words, if any were kept
}

// sharingOf finds what a member needs to share the drop of an address. Until both judges let them, there is nothing.
func (s *Server) sharingOf(ctx context.Context, tx *data.Tx, who account.Account, dropID string) (sh sharing, err error) {
	if sh.drop, err = drop.VisibleByID(ctx, tx, who.ID, dropID); err != nil {
		return sh, err
	}
	if sh.link, err = share.Of(ctx, tx, who.ID, dropID); err != nil {
		return sh, err
	}
	shared, err := drop.Shared(ctx, tx, sh.link.ID)
	if err != nil {
		return sh, err
	}
	if b := s.brand.Load(); b == nil || !shared || !sh.link.StoppedAt.IsZero() {
		return sh, data.ErrNotFound
	}
	return sh, s.fillSharing(ctx, tx, who, &sh)
}

// fillSharing adds what a member says with a link that is known.
func (s *Server) fillSharing(ctx context.Context, tx *data.Tx, who account.Account, sh *sharing) error {
	b := s.brand.Load()
	sh.token = s.tokens.Link(sh.link.ID)
	sh.values = drop.Values{
		FirstName: who.FirstName(), Title: sh.drop.Title, Brand: b.Name, Label: disclosure(sh.drop, *b), Link: b.URL + "/s/" + sh.token,
	}
	if sh.link.SquadID != "" {
		in, err := squad.ByID(ctx, tx, sh.link.SquadID)
		if err != nil {
			return err
		}
		sh.values.Squad = in.Name
	}
	for _, c := range sh.drop.Captions() {
		sh.captions = append(sh.captions, drop.Fill(c, sh.values))
	}
	if len(sh.captions) == 0 {
		sh.captions = []string{sh.drop.Title}
	}
	var err error
	sh.own, err = share.OwnWords(ctx, tx, who.ID, sh.drop.ID)
	return err
}

// words are those that the member finds written: their own, or the first that are ready-made.
func (sh sharing) words() string {
	if sh.own != "" {
		return sh.own
	}
	return sh.captions[0]
}

// chosen are the words of a ready-made message by its number, counted from 1, or those that the member finds
// written.
func (sh sharing) chosen(caption string) string {
	if n, err := strconv.Atoi(caption); err == nil && n > 0 && n <= len(sh.captions) {
		return sh.captions[n-1]
	}
	return sh.words()
}

// message is what the member sends with some words.
func (sh sharing) message(words string) share.Message {
	return share.Message{Words: words, Label: sh.values.Label, Link: sh.values.Link}
}

// theirs finds it for the member who asks.
func (s *Server) theirs(r *request) (sh sharing, err error) {
	err = s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		sh, err = s.sharingOf(r.Context(), tx, r.who, r.PathValue("drop"))
		return err
	})
	return sh, err
}

// usedFirst is how many channels stand before the others: those that the member uses, then those that the
// brand puts first.
const usedFirst = 3

// sheet puts together what the share sheet shows. chosen is the number of a ready-made message, counted from
// 1, that the member asked for, or nothing.
func (s *Server) sheet(ctx context.Context, tx *data.Tx, r *request, sh sharing, chosen string) (*views.Sheet, error) {
	v := &views.Sheet{
		DropID: sh.drop.ID, Language: sh.drop.Language, Token: sh.token, Link: sh.values.Link, Label: sh.values.Label,
		Captions: sh.captions, Own: sh.own, Words: sh.words(), Longest: share.LongestWords,
	}
	if v.Own == "" {
		v.Chosen = 1
	}
	if n, err := strconv.Atoi(chosen); err == nil && n > 0 && n <= len(sh.captions) {
		v.Chosen, v.Words = n, sh.captions[n-1]
	}
	var err error
	if v.Told, err = share.ToldOf(ctx, tx, r.who.ID, sh.drop.ID); err != nil {
		return nil, err
	}
	used, err := share.Used(ctx, tx, r.who.ID)
	if err != nil {
		return nil, err
	}
	from := share.ScreenOf(visit.Header(r.Header))
	var offered []visit.Channel
	for _, c := range share.Offered(s.brand.Load().Channels) {
		if share.WayOf(c, from) != share.NoWay {
			offered = append(offered, c)
		}
	}
	if i := slices.Index(offered, visit.WhatsApp); i > 0 { // one tap for what most people use
		offered = slices.Insert(slices.Delete(offered, i, i+1), 0, visit.WhatsApp)
	}
	if len(offered) > 0 && share.WayOf(offered[0], from) == share.HandOver {
		main := wayOf(offered[0], from, sh.token)
		v.Main, offered = &main, offered[1:]
	}
	var first []visit.Channel
	for _, c := range append(used, offered...) {
		if len(first) < usedFirst && slices.Contains(offered, c) && !slices.Contains(first, c) {
			first = append(first, c)
		}
	}
	for _, c := range first {
		v.First = append(v.First, wayOf(c, from, sh.token))
	}
	for _, c := range offered {
		if !slices.Contains(first, c) {
			v.More = append(v.More, wayOf(c, from, sh.token))
		}
	}
	return v, nil
}

func wayOf(c visit.Channel, from share.Screen, token string) views.Way {
	w := views.Way{Channel: c.String(), Pattern: share.Address(c, from)}
	switch share.WayOf(c, from) {
	case share.Paste:
		w.Pastes = true
	case share.Scan:
		w.Scans = true
	}
	return w
}

// wordsForm is what a member typed before they chose a channel.
type wordsForm struct {
	Words   string `form:"words"`
	Channel string `form:"channel"`
}

// keep keeps words that are the member's own, and lets go of the own ones that were emptied.
func (sh sharing) keep(ctx context.Context, tx *data.Tx, accountID, words string) error {
	words = strings.TrimSpace(strings.ReplaceAll(words, "\r\n", "\n"))
	switch {
	case words == "":
		return share.ForgetWords(ctx, tx, accountID, sh.drop.ID)
	case words == sh.own || slices.Contains(sh.captions, words):
		return nil
	}
	return share.KeepWords(ctx, tx, accountID, sh.drop.ID, words)
}

// shareDrop takes a member's message and the channel that it is for, where no script did it all in one: the
// words are kept, and the next page hands them on.
func (s *Server) shareDrop(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	sh, err := s.theirs(r)
	if err != nil {
		return err
	}
	var f wordsForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if problems := share.CheckWords(f.Words); !problems.OK() {
		return s.dropPage(w, r, http.StatusUnprocessableEntity, sh.drop, func(v *views.DropPage) {
			if v.Sheet != nil {
				v.Sheet.Words, v.Sheet.Chosen, v.Sheet.Problems = f.Words, 0, problems
			}
		})
	}
	c, ok := visit.ParseChannel(cmp.Or(f.Channel, visit.Copy.String()))
	if !ok || !c.Suffix() {
		return errBadRequest
	}
	if err := s.db.Update(ctx, func(tx *data.Tx) error { return sh.keep(ctx, tx, r.who.ID, f.Words) }); err != nil {
		return err
	}
	to := views.SendPath(sh.drop.ID, c.String()) + "?now=yes"
	if n := slices.Index(sh.captions, strings.TrimSpace(strings.ReplaceAll(f.Words, "\r\n", "\n"))); n >= 0 {
		to += "&caption=" + strconv.Itoa(n+1)
	}
	if !strings.HasPrefix(share.Address(c, share.ScreenOf(visit.Header(r.Header))), "https:") {
		s.tallies.Add(sh.link.ID, share.Intended, c, share.ByOwner, s.clock.Now()) // the others are counted as they go
	}
	return s.goTo(w, r, to)
}

// showSend hands a member's message on to a channel: its app opens, or the message is there to be copied.
func (s *Server) showSend(w http.ResponseWriter, r *request) error {
	c, ok := visit.ParseChannel(r.PathValue("channel"))
	if !ok || !c.Suffix() {
		return data.ErrNotFound
	}
	sh, err := s.theirs(r)
	if err != nil {
		return err
	}
	caption := r.URL.Query().Get("caption")
	m := sh.message(sh.chosen(caption))
	v := views.Send{DropID: sh.drop.ID, Title: sh.drop.Title, Language: sh.drop.Language, Channel: c.String(), Text: m.On(c)}
	if href, ok := share.Intent(c, share.ScreenOf(visit.Header(r.Header)), m); ok {
		if v.Href = href; strings.HasPrefix(href, "https:") {
			v.Href = "/go/" + sh.token + "/" + c.String()
			if caption != "" {
				v.Href += "?caption=" + url.QueryEscape(caption)
			}
		}
	}
	if r.URL.Query().Has("now") && strings.HasPrefix(v.Href, "/go/") {
		// Not a redirection: a form may lead to no other site, not even by way of ours.
		w.Header().Set("Refresh", "0; url="+v.Href)
	}
	p, err := s.framed(w, r, "/")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.SendOn(p, v))
}

// keepWords keeps a member's words while they are written.
func (s *Server) keepWords(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	sh, err := s.theirs(r)
	if err != nil {
		return err
	}
	var f wordsForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if problems := share.CheckWords(f.Words); !problems.OK() {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return nil
	}
	if err := s.db.Update(ctx, func(tx *data.Tx) error { return sh.keep(ctx, tx, r.who.ID, f.Words) }); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// noteTold notes whom a member told, or takes the note back.
func (s *Server) noteTold(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	sh, err := s.theirs(r)
	if err != nil {
		return err
	}
	var f struct {
		Circle string `form:"circle"`
		Back   string `form:"back"`
	}
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	circle, told := f.Circle, true
	if f.Back != "" {
		circle, told = f.Back, false
	}
	if !slices.Contains(share.Circles, circle) {
		return errBadRequest
	}
	if err := s.db.Update(ctx, func(tx *data.Tx) error { return share.Tell(ctx, tx, r.who.ID, sh.drop.ID, circle, told) }); err != nil {
		return err
	}
	if r.URL.Query().Has("here") { // a script that stays on its page
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.goTo(w, r, views.DropPath(sh.drop.ID)+"#told")
}
