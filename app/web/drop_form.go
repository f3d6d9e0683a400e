package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"ricochet.example/app/campaign"
	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	"ricochet.example/data"
	"ricochet.example/views"
)

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
