package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"ricochet.example/app/campaign"
	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	"ricochet.example/app/parcel"
	"ricochet.example/app/photo"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) parcelRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/drops/{drop}/parcel", Answers: staff, handle: s.sendParcel},
		{Method: "GET", Pattern: "/drops/parcel", Answers: staff, Page: true, handle: s.askParcel},
		{Method: "POST", Pattern: "/drops/parcel", Answers: staff, handle: s.takeParcel},
	}
}

// sendParcel sends a drop as a zip of its text and its pictures.
func (s *Server) sendParcel(w http.ResponseWriter, r *request) error {
	end, err := s.turn(r)
	if err != nil {
		return err
	}
	defer end()
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var p parcel.Parcel
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		p, err = parcelOf(ctx, tx, d)
		return err
	})
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := p.Write(&file, d.SavedAt); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", attachment(d.Title, ".zip"))
	h.Set("Content-Length", strconv.Itoa(file.Len()))
	h.Set("Cache-Control", keepNothing)
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	_, err = w.Write(file.Bytes())
	return err
}

// parcelOf is a drop with those of its pictures that it shows, as its newest version says.
func parcelOf(ctx context.Context, tx *data.Tx, d drop.Drop) (p parcel.Parcel, err error) {
	p = parcel.Parcel{
		Title: d.Title, Teaser: d.Teaser, Language: d.Language, Tags: d.TagList(), Captions: d.Captions(),
		Action: d.Action, ActionURL: d.ActionURL, CoverAlt: d.CoverAlt, Body: d.Body,
	}
	images, err := drop.Images(ctx, tx, d.ID)
	if err != nil {
		return p, err
	}
	names := map[string]string{}
	for _, i := range images {
		if !d.Shows(i.ID) {
			continue
		}
		file, err := drop.ImageSize(ctx, tx, d.ID, i.ID, drop.DeskSize)
		if err != nil {
			return p, err
		}
		name := "images/" + strconv.Itoa(len(p.Files)+1) + ".jpg"
		if file.Type == "image/png" {
			name = "images/" + strconv.Itoa(len(p.Files)+1) + ".png"
		}
		p.Files = append(p.Files, parcel.File{Name: name, Alt: i.Alt, Content: file.Content})
		names["image:"+i.ID] = name
	}
	p.Cover = names["image:"+d.Cover]
	p.Body = parcel.Rename(d.Body, func(address string) (name string, ok bool) {
		name, ok = names[address]
		return name, ok
	})
	return p, nil
}

// askParcel asks for a drop as a file.
func (s *Server) askParcel(w http.ResponseWriter, r *request) error {
	return s.parcelPage(w, r, http.StatusOK, nil)
}

func (s *Server) parcelPage(w http.ResponseWriter, r *request, status int, problems check.Problems) error {
	p, err := s.framed(w, r, "/drops")
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.TakeParcel(p, problems))
}

// takeParcel makes a draft of a drop as a file: it stands in the form of a new drop, to be looked at and saved.
func (s *Server) takeParcel(w http.ResponseWriter, r *request) error {
	up, err := s.readUpload(w, r, fileField{"parcel", parcel.MostBytes})
	if err != nil {
		return err
	}
	end, err := s.unpacking.begin(r.Context())
	if err != nil {
		return err
	}
	defer end()
	draft := id.New()
	problem, err := s.unpack(r, draft, up)
	if err != nil {
		return err
	}
	if problem != nil {
		var problems check.Problems
		problems.Add("parcel", problem.Key, problem.Args...)
		return s.parcelPage(w, r, http.StatusUnprocessableEntity, problems)
	}
	return s.goWith(w, r, views.TakeDraftPath("", draft), "parcel.taken")
}

// unpack keeps what a parcel holds as a draft with its pictures, or says why it does not.
func (s *Server) unpack(r *request, draft string, up upload) (*parcel.Refused, error) {
	switch {
	case up.tooLarge:
		return parcel.TooLarge(), nil
	case !up.sent:
		return &parcel.Refused{Key: "parcel.choose"}, nil
	}
	p, err := parcel.Read(up.file)
	refused := new(parcel.Refused)
	if errors.As(err, &refused) {
		return refused, nil
	}
	if err != nil {
		return nil, err
	}
	photos, refused, err := s.develop(r.Context(), p)
	if refused != nil || err != nil {
		return refused, err
	}
	return nil, s.keepParcel(r, draft, p, photos)
}

// develop makes photos of the pictures of a parcel, in their order, or says which is not taken and why.
func (s *Server) develop(ctx context.Context, p parcel.Parcel) (photos []photo.Photo, refused *parcel.Refused, err error) {
	if len(p.Files) > drop.MostImages {
		return nil, &parcel.Refused{Key: "image.many", Args: []any{"n", drop.MostImages}}, nil
	}
	for _, f := range p.Files {
		one, err := s.developOne(ctx, f.Content)
		if why := new(photo.Refused); errors.As(err, &why) {
			return nil, &parcel.Refused{Key: "parcel.picture", Args: []any{"file", f.Name, "why", lang.T(ctx, why.Key, why.Args...)}}, nil
		}
		if err != nil {
			return nil, nil, err
		}
		photos = append(photos, one)
	}
	return photos, nil, nil
}

// developOne makes a photo of a file when it is its turn. The error is a *photo.Refused where it is not taken.
func (s *Server) developOne(ctx context.Context, file []byte) (p photo.Photo, err error) {
	end, err := s.developing.begin(ctx)
	if err != nil {
		return p, err
	}
	defer end()
	return photo.Read(file)
}

// keepParcel keeps the pictures of a parcel for the form of a new drop, and what it says as the form's draft.
func (s *Server) keepParcel(r *request, draft string, p parcel.Parcel, photos []photo.Photo) error {
	ctx := r.Context()
	names := map[string]string{}
	cover := ""
	for i, f := range p.Files {
		image := drop.Image{Form: draft, Alt: f.Alt, AddedBy: r.who.ID}
		err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
			image, err = drop.AddImage(ctx, tx, image, photos[i])
			return err
		})
		if err != nil {
			return err
		}
		names[f.Name] = "image:" + image.ID
		if f.Name == p.Cover {
			cover = image.ID
		}
	}
	address, utm := drop.SplitUTM(p.ActionURL)
	form := url.Values{
		"once": {draft}, "language": {s.languageOf(p.Language)}, "title": {p.Title}, "teaser": {p.Teaser}, "body": {p.Named(names)},
		"caption": p.Captions, "action": {p.Action}, "action_url": {address}, "tags": {strings.Join(p.Tags, ", ")}, "cover": {cover}, "cover_alt": {p.CoverAlt},
		"utm_source": {utm.Source}, "utm_medium": {utm.Medium}, "utm_campaign": {utm.Campaign},
	}
	return s.db.Update(ctx, func(tx *data.Tx) error {
		current, err := campaign.Current(ctx, tx)
		if err != nil {
			return err
		}
		if len(current) > 0 {
			form.Set("campaign", current[0].ID)
		}
		return drop.KeepDraft(ctx, tx, drop.Draft{ID: draft, AccountID: r.who.ID, Content: form.Encode()})
	})
}

// languageOf is a language of ours that a file says it is in, or else the brand's.
func (s *Server) languageOf(said string) string {
	if slices.Contains(lang.Supported(), said) {
		return said
	}
	if b := s.brand.Load(); b != nil {
		return b.Language
	}
	return lang.Supported()[0]
}
