package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/campaign"
	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) dropRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/drops", Answers: staff, Page: true, handle: s.drops},
		{Method: "GET", Pattern: "/drops/new", Answers: staff, Page: true, handle: s.newDrop},
		{Method: "POST", Pattern: "/drops", Answers: staff, handle: s.createDrop, keeps: true},
		{Method: "GET", Pattern: "/drops/{drop}", Answers: insiders, Page: true, handle: s.showDrop},
		{Method: "POST", Pattern: "/drops/{drop}/link", Answers: members, handle: s.takeLink},
		{Method: "POST", Pattern: "/drops/{drop}/read", Answers: members, handle: s.noteRead},
		{Method: "GET", Pattern: "/drops/{drop}/edit", Answers: staff, Page: true, handle: s.editDrop},
		{Method: "POST", Pattern: "/drops/{drop}", Answers: staff, handle: s.saveDrop, keeps: true},
		{Method: "POST", Pattern: "/drops/draft", Answers: staff, handle: s.keepDraft},
		{Method: "POST", Pattern: "/drops/{drop}/draft", Answers: staff, handle: s.keepDraft},
		{Method: "POST", Pattern: "/drops/{drop}/editing", Answers: staff, handle: s.noteEditing},
		{Method: "POST", Pattern: "/drafts/{draft}/remove", Answers: staff, handle: s.throwDraftAway},
		{Method: "GET", Pattern: "/drops/{drop}/versions", Answers: staff, Page: true, handle: s.versions},
		{Method: "GET", Pattern: "/drops/{drop}/versions/{version}", Answers: staff, Page: true, handle: s.version},
		{Method: "POST", Pattern: "/drops/{drop}/versions/{version}/restore", Answers: staff, handle: s.restoreVersion},
		{Method: "GET", Pattern: "/drops/{drop}/release", Answers: staff, Page: true, handle: s.editRelease},
		{Method: "POST", Pattern: "/drops/{drop}/release", Answers: staff, handle: s.setRelease},
		{Method: "POST", Pattern: "/drops/{drop}/release/picture", Answers: staff, handle: s.drawRelease},
		{Method: "POST", Pattern: "/drops/{drop}/release/links", Answers: staff, handle: s.checkReleaseLinks},
	}
}

// dropForm is what a person typed.
type dropForm struct {
	Once      string   `form:"once"`
	Base      int      `form:"base"` // the version that it was written on
	Campaign  string   `form:"campaign"`
	Language  string   `form:"language"`
	Spoke     string   `form:"base_language"` // the language of that version
	Title     string   `form:"title"`
	Teaser    string   `form:"teaser"`
	Body      string   `form:"body"`
	Captions  []string `form:"caption"`
	Action    string   `form:"action"`
	ActionURL string   `form:"action_url"`
	Cover     string   `form:"cover"`
	CoverAlt  string   `form:"cover_alt"`
	Tags      string   `form:"tags"`

	UTMSource   string `form:"utm_source"`
	UTMMedium   string `form:"utm_medium"`
	UTMCampaign string `form:"utm_campaign"`

	LookAs  string `form:"look"` // how the page shows what would come of it
	LookFor string `form:"look_for"`

	alt      string         // what was typed of a picture that was not taken
	videoAlt string         // and of a video
	videoURL string         // and where one is
	clash    *views.Clash   // what somebody saved meanwhile
	template string         // what a new one began with
	reached  *views.Reached // where its links lead; nil: nobody asked
}

// formOf is the form of a drop as it is saved.
func formOf(d drop.Drop) dropForm {
	f := dropForm{
		Once: id.New(), Base: d.Number, Campaign: d.CampaignID, Language: d.Language, Spoke: d.Language, Title: d.Title, Teaser: d.Teaser, Body: d.Body,
		Captions: d.Captions(), Action: d.Action, Cover: d.Cover, CoverAlt: d.CoverAlt, Tags: strings.Join(d.TagList(), ", "),
	}
	var utm drop.UTM
	f.ActionURL, utm = drop.SplitUTM(d.ActionURL)
	f.UTMSource, f.UTMMedium, f.UTMCampaign = utm.Source, utm.Medium, utm.Campaign
	return f
}

func (f dropForm) utm() drop.UTM {
	return drop.UTM{Source: f.UTMSource, Medium: f.UTMMedium, Campaign: f.UTMCampaign}
}

// checkAction adds what is wrong with the parameters of the address.
func (f dropForm) checkAction(d drop.Drop, p *check.Problems) {
	if f.ActionURL == "" && f.utm() != (drop.UTM{}) {
		p.Add("action_url", "check.required")
	}
	_, utm := drop.SplitUTM(d.ActionURL)
	utm.Check(p)
}

func (f dropForm) drop() drop.Drop {
	d := drop.Drop{CampaignID: f.Campaign, Language: f.Language}
	d.Title, d.Teaser, d.Body, d.Caption, d.Action, d.ActionURL = f.Title, f.Teaser, f.Body, drop.JoinCaptions(f.Captions), f.Action, f.utm().On(f.ActionURL)
	d.Cover, d.CoverAlt, d.Tags, d.Number = f.Cover, f.CoverAlt, f.Tags, f.Base
	return d
}

func (s *Server) drops(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var all []drop.Drop
	var stops map[string]drop.Stop
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if all, err = drop.Visible(ctx, tx, r.who.ID); err != nil {
			return err
		}
		stops, err = drop.Stops(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/drops")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Drops(p, all, stops, s.clock.Now(), s.zone()))
}

func (s *Server) newDrop(w http.ResponseWriter, r *request) error {
	language := lang.Of(r.Context())
	if b := s.brand.Load(); b != nil {
		language = b.Language
	}
	if kept, ok, err := s.draftOf(r, ""); err != nil || ok {
		if err != nil {
			return err
		}
		return s.formDrop(w, r, http.StatusOK, "", kept, nil)
	}
	if l := r.URL.Query().Get("language"); slices.Contains(lang.Supported(), l) {
		language = l
	}
	f := dropForm{Once: id.New(), Campaign: r.URL.Query().Get("campaign"), Language: language}
	if v, ok := drop.Template(r.URL.Query().Get("template"), language); ok {
		f.Title, f.Teaser, f.Body, f.Captions, f.Action = v.Title, v.Teaser, v.Body, v.Captions(), v.Action
		f.template = r.URL.Query().Get("template")
	}
	if f.Campaign == "" { // the one under way, most likely
		var current []campaign.Campaign
		err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
			current, err = campaign.Current(r.Context(), tx)
			return err
		})
		if err != nil {
			return err
		}
		if len(current) > 0 {
			f.Campaign = current[0].ID
		}
	}
	return s.formDrop(w, r, http.StatusOK, "", f, nil)
}

func (s *Server) formDrop(w http.ResponseWriter, r *request, status int, dropID string, f dropForm, problems check.Problems) error {
	var campaigns []campaign.Campaign
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		campaigns, err = campaign.All(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	images, videos, err := s.mediaOf(r, dropID, f.Once)
	if err != nil {
		return err
	}
	d := f.drop()
	d.CoverAlt = coverAlt(d, images)
	d.CheckWith(images, videos) // renders it; what is wrong the caller has said
	look, err := s.lookAt(r, d, images, videos)
	if err != nil {
		return err
	}
	d.ID, d.Label = dropID, look.Label
	if look.Pages, err = s.previews(r, d, images); err != nil {
		return err
	}
	look.Reached, look.Leads = f.reached, len(linksOf(d))
	v := views.DropForm{
		Images: images, Videos: videos, VideoAlt: f.videoAlt, VideoURL: f.videoURL, Cover: f.Cover, CoverAlt: f.CoverAlt, Alt: f.alt, Look: look, LookAs: f.LookAs, LookFor: f.LookFor,
		ID: dropID, Once: f.Once, Base: f.Base, Campaign: f.Campaign, Language: f.Language, Spoke: f.Spoke, Title: f.Title, Teaser: f.Teaser, Body: f.Body,
		Captions: f.Captions, Action: f.Action, ActionURL: f.ActionURL, UTM: f.utm(), Tags: f.Tags, Campaigns: campaigns, Problems: problems,
		Clash: f.clash, Zone: s.zone(), Template: f.template, Begins: dropID == "" && r.Method == http.MethodGet && r.URL.Query().Get("draft") == "",
	}
	if r.Method == http.MethodGet {
		if err := s.others(r, dropID, f.Once, images, &v); err != nil {
			return err
		}
	}
	p, err := s.framed(w, r, "/drops")
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.EditDrop(p, v))
}

func (s *Server) createDrop(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f dropForm
	if err := s.fillUpTo(dropFormSize, w, r, &f); err != nil {
		return err
	}
	images, videos, err := s.mediaOf(r, "", f.Once)
	if err != nil {
		return err
	}
	d := f.drop()
	d.CoverAlt = coverAlt(d, images)
	problems := d.CheckWith(images, videos)
	f.checkAction(d, &problems)
	err = s.db.View(ctx, func(tx *data.Tx) error {
		_, err := campaign.ByID(ctx, tx, f.Campaign)
		return err
	})
	if err != nil {
		problems.Add("campaign", "check.choice")
	}
	if !problems.OK() {
		return s.formDrop(w, r, http.StatusUnprocessableEntity, "", f, problems)
	}
	d.CreatedBy, d.SavedBy = r.who.ID, r.who.ID
	path, err := s.sent.do(r.who.ID, f.Once, func() (string, error) {
		err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
			if d, err = drop.Create(ctx, tx, d); err != nil {
				return err
			}
			if err := drop.AdoptImages(ctx, tx, d.ID, f.Once, r.who.ID); err != nil {
				return err
			}
			return drop.ThrowAway(ctx, tx, r.who.ID, f.Once)
		})
		return views.ReleasePath(d.ID), err
	})
	if err != nil {
		return err
	}
	if d.ID == "" { // it was sent before
		return s.sentAgain(w, r, path, f)
	}
	return s.goWith(w, r, path, "drop.created")
}

func (s *Server) editDrop(w http.ResponseWriter, r *request) error {
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	f, kept, err := s.draftOf(r, d.ID)
	if err != nil {
		return err
	}
	if !kept {
		f = formOf(d)
	}
	return s.formDrop(w, r, http.StatusOK, d.ID, f, nil)
}

func (s *Server) dropByPath(r *request) (d drop.Drop, err error) {
	err = s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		d, err = drop.VisibleByID(r.Context(), tx, r.who.ID, r.PathValue("drop"))
		return orAway(r.Context(), tx, r.who.ID, r.PathValue("drop"), err)
	})
	return d, err
}

// orAway is what an error comes to that says of a drop that there is none: errAway for a member who has known it, and
// who is told that it was taken back.
func orAway(ctx context.Context, tx *data.Tx, accountID, dropID string, err error) error {
	if !errors.Is(err, data.ErrNotFound) {
		return err
	}
	away, failed := drop.IsAway(ctx, tx, accountID, dropID)
	if failed != nil {
		return failed
	}
	if away {
		return errAway
	}
	return err
}

func (s *Server) saveDrop(w http.ResponseWriter, r *request) error {
	had, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var f dropForm
	if err := s.fillUpTo(dropFormSize, w, r, &f); err != nil {
		return err
	}
	f.Campaign = had.CampaignID // links have been made in it
	return s.save(w, r, had, f)
}

// save makes what was typed a version of a drop, unless it was written on an older one than the newest.
func (s *Server) save(w http.ResponseWriter, r *request, had drop.Drop, f dropForm) error {
	ctx := r.Context()
	images, videos, err := s.mediaOf(r, had.ID, "")
	if err != nil {
		return err
	}
	d := f.drop()
	d.ID, d.SavedBy, d.CoverAlt = had.ID, r.who.ID, coverAlt(d, images)
	problems := d.CheckWith(images, videos)
	f.checkAction(d, &problems)
	if !problems.OK() {
		return s.formDrop(w, r, http.StatusUnprocessableEntity, had.ID, f, problems)
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		if _, err := drop.Save(ctx, tx, d); err != nil {
			return err
		}
		if err := drop.Leaves(ctx, tx, d.ID, r.who.ID); err != nil {
			return err
		}
		return drop.ThrowAway(ctx, tx, r.who.ID, f.Once)
	})
	if errors.Is(err, drop.ErrNewer) {
		return s.clash(w, r, d, f, images)
	}
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.DropPath(d.ID), "drop.saved")
}

// coverAlt is what can be seen on the cover: what was typed, or else what was said of the picture when it came.
func coverAlt(d drop.Drop, images []drop.Image) string {
	if d.Cover == "" || strings.TrimSpace(d.CoverAlt) != "" {
		return d.CoverAlt
	}
	for _, i := range images {
		if i.ID == d.Cover {
			return i.Alt
		}
	}
	return ""
}

// showDrop is a drop as an insider sees it: to read, with their own link when
// it may be shared, and what became of it.
func (s *Server) showDrop(w http.ResponseWriter, r *request) error {
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	return s.dropPage(w, r, http.StatusOK, d, nil)
}

// dropPage shows a drop to an insider; its forms as typed says, if anything was typed.
func (s *Server) dropPage(w http.ResponseWriter, r *request, status int, d drop.Drop, typed func(*views.DropPage)) error {
	ctx := r.Context()
	images, err := s.imagesOf(r, d.ID, "")
	if err != nil {
		return err
	}
	v := views.DropPage{House: views.HouseForm{Once: id.New()}, Drop: d, Cover: coverOf(d, images), Zone: s.zone(), Staff: r.who.Staff(), Now: s.clock.Now()}
	if v.Staff {
		end, busy := s.turn(r)
		if busy != nil {
			return busy
		}
		defer end()
		err = s.db.View(ctx, func(tx *data.Tx) error { return s.release(r, tx, &v) })
	} else {
		err = s.ownLink(r, &v)
	}
	if err != nil {
		return err
	}
	if typed != nil {
		typed(&v)
	}
	p, err := s.framed(w, r, navOf(r, "/drops"))
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.ShowDrop(p, v))
}

// navOf is the navigation entry of a page that staff and members reach from elsewhere.
func navOf(r *request, staffs string) string {
	if r.who.Staff() {
		return staffs
	}
	return "/"
}

// boardNav is the navigation entry of a leaderboard.
func boardNav(r *request) string {
	if r.who.Staff() {
		return "/campaigns"
	}
	return views.OwnSquadPath
}

// rehearsalsNav is the navigation entry of rehearsals.
func rehearsalsNav(r *request) string {
	if r.who.Staff() {
		return "/rehearsals"
	}
	return "/me"
}

// dropRows is how many rows of its leaderboard stand on a drop's page, which leads to the others.
const dropRows = 10

// release adds who sees the drop when, and what its links brought.
func (s *Server) release(r *request, tx *data.Tx, v *views.DropPage) (err error) {
	ctx := r.Context()
	if v.Release, err = drop.ReleaseOf(ctx, tx, v.Drop.ID); err != nil {
		return err
	}
	if v.Stopped, err = stopOf(ctx, tx, v.Drop.ID, v.Release); err != nil {
		return err
	}
	if v.Squads, err = squad.All(ctx, tx); err != nil {
		return err
	}
	if v.Houses, err = s.housesOf(ctx, tx, v.Drop.CampaignID, v.Drop.ID, nil); err != nil {
		return err
	}
	if v.Talks, err = s.talksOf(ctx, tx, v.Drop); err != nil {
		return err
	}
	if v.Felt, err = voice.FeltOf(ctx, tx, v.Drop.ID); err != nil {
		return err
	}
	scope := spread.Scope{DropID: v.Drop.ID}
	if v.Board, err = s.boards.Look(ctx, tx, spread.Ask{Scope: scope, Rows: dropRows, Odds: true}); err != nil {
		return err
	}
	if v.Travels, err = s.travels(ctx, tx, scope, v.Board.Sums.People, v.Drop.Title, views.DropPath(v.Drop.ID)); err != nil {
		return err
	}
	for _, row := range v.Board.Rows {
		l, err := share.Of(ctx, tx, row.AccountID, v.Drop.ID)
		if err != nil {
			return err
		}
		v.Tokens = append(v.Tokens, views.LinkOf{Token: s.tokens.Link(l.ID), AccountID: l.AccountID})
	}
	if r.URL.Query().Has("details") {
		d, err := spread.DetailsOf(ctx, tx, scope)
		v.Details = &d
		return err
	}
	return nil
}

// noteRead notes that a member looks at a drop: its page says so by itself, once it was seen for a second.
func (s *Server) noteRead(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	if r.who.Staff() {
		return data.ErrNotFound
	}
	if err := s.db.Update(ctx, func(tx *data.Tx) error { return drop.NoteRead(ctx, tx, r.who.ID, r.PathValue("drop")) }); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// ownLink adds the member's link, how to share it, and what became of it.
func (s *Server) ownLink(r *request, v *views.DropPage) error {
	ctx := r.Context()
	var l share.Link
	var steps []drop.Step
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		read, err := drop.ReadBy(ctx, tx, r.who.ID)
		if err != nil {
			return err
		}
		v.Read = read[v.Drop.ID]
		if v.Feeling, err = voice.FeelingOf(ctx, tx, v.Drop.ID, r.who.ID); err != nil {
			return err
		}
		if steps, err = drop.StepsFor(ctx, tx, r.who.ID, v.Drop.ID); err != nil {
			return err
		}
		if v.Talks, err = s.captainsTalks(ctx, tx, v.Drop, r.who.ID, steps); err != nil {
			return err
		}
		l, err = share.Of(ctx, tx, r.who.ID, v.Drop.ID)
		return err
	})
	if errors.Is(err, data.ErrNotFound) {
		return nil // a public drop that was released to others: the link is there for the asking
	}
	if err != nil {
		return err
	}
	v.Token, v.StoppedAt = s.tokens.Link(l.ID), l.StoppedAt
	v.ShareableAt = shareableAt(v.Drop, steps)
	return s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Shared, err = drop.Shared(ctx, tx, l.ID); err != nil {
			return err
		}
		if v.Shared && l.StoppedAt.IsZero() {
			sh := sharing{drop: v.Drop, link: l}
			if err := s.fillSharing(ctx, tx, r.who, &sh); err != nil {
				return err
			}
			if v.Sheet, err = s.sheet(ctx, tx, r, sh, r.URL.Query().Get("caption")); err != nil {
				return err
			}
		}
		if v.Totals, err = spread.TotalsOf(ctx, tx, l.ID); err != nil {
			return err
		}
		v.Tallies, err = share.TalliesOf(ctx, tx, l.ID)
		return err
	})
}

// takeLink gives a member a link for a drop that was not released to their squad, but is public.
func (s *Server) takeLink(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		_, err := share.Take(ctx, tx, r.who.ID, d.ID)
		return err
	})
	if err != nil {
		return err
	}
	return s.goTo(w, r, views.DropPath(d.ID))
}

// shareableAt is when the member's link will show the drop.
func shareableAt(d drop.Drop, steps []drop.Step) (at time.Time) {
	at = d.PublicAt
	for _, s := range steps {
		if at.IsZero() || s.ShareableAt.Before(at) {
			at = s.ShareableAt
		}
	}
	return at
}
