package web

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"ricochet.example/app/campaign"
	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	"ricochet.example/app/parcel"
	"ricochet.example/app/photo"
	"ricochet.example/app/subtitle"
	"ricochet.example/app/video"
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
		p, err = s.parcelOf(ctx, tx, d)
		return err
	})
	if err != nil {
		return err
	}
	file, err := newSpool()
	if err != nil {
		return err
	}
	defer file.Close()
	if err := p.Write(file, d.SavedAt); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", attachment(d.Title, ".zip"))
	h.Set("Content-Length", strconv.FormatInt(file.size, 10))
	h.Set("Cache-Control", keepNothing)
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	// Where the connection does not take it, the usual time has to do.
	_ = http.NewResponseController(w).SetWriteDeadline(s.clock.Now().Add(parcelTime))
	_, err = io.Copy(w, file.all())
	return err
}

// parcelTime is how long a parcel may take on its way.
const parcelTime = 30 * time.Minute

// parcelOf is a drop with those of its pictures and videos that it shows, as its newest version says.
func (s *Server) parcelOf(ctx context.Context, tx *data.Tx, d drop.Drop) (p parcel.Parcel, err error) {
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
	if err := s.packVideos(ctx, tx, d, &p, names); err != nil {
		return p, err
	}
	p.Cover = names["image:"+d.Cover]
	p.Body = parcel.Rename(d.Body, func(address string) (name string, ok bool) {
		name, ok = names[address]
		return name, ok
	})
	return p, nil
}

// packVideos adds the videos that a drop plays to its files, and what they are called to the names.
func (s *Server) packVideos(ctx context.Context, tx *data.Tx, d drop.Drop, p *parcel.Parcel, names map[string]string) error {
	videos, err := drop.Videos(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	n := 0
	for _, v := range videos {
		if !d.PlaysTo(false, v.ID) && !d.PlaysTo(true, v.ID) {
			continue
		}
		n++
		name := "videos/" + strconv.Itoa(n) + ".mp4"
		if v.Type == video.WebM {
			name = "videos/" + strconv.Itoa(n) + ".webm"
		}
		words := map[string][]byte{}
		for _, language := range v.Subtitles {
			one, err := drop.SubtitlesOf(ctx, tx, v.ID, language)
			if err != nil {
				return err
			}
			words[language] = []byte(one)
		}
		p.Files = append(p.Files, parcel.File{
			Name: name, Alt: v.Alt, Poster: names["image:"+v.Poster], Subtitles: words,
			Open: func() (io.ReadCloser, error) { return io.NopCloser(v.Content(ctx, s.db)), nil },
		})
		names["video:"+v.ID] = name
	}
	return nil
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
	aside, err := newSpool()
	if err != nil {
		return err
	}
	defer aside.Close()
	up, err := s.readUpload(w, r, fileField{name: "parcel", most: parcel.MostBytes, to: aside})
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
	p, err := parcel.Read(up.field.to, up.field.to.size)
	refused := new(parcel.Refused)
	if errors.As(err, &refused) {
		return refused, nil
	}
	if err != nil {
		return nil, err
	}
	films, refused, err := s.unreel(r.Context(), p)
	defer func() {
		for _, f := range films {
			_ = f.aside.Close() // it was read, or is of no use
		}
	}()
	if refused != nil || err != nil {
		return refused, err
	}
	photos, refused, err := s.develop(r.Context(), p)
	if refused != nil || err != nil {
		return refused, err
	}
	if err = s.keepParcel(r, draft, p, photos, films); errors.Is(err, drop.ErrManyUnsaved) {
		return &parcel.Refused{Key: manyUnsaved}, nil
	}
	return nil, err
}

// film is a video of a parcel, cleaned.
type film struct {
	aside     *spool
	video     video.Video
	subtitles map[string]string // by their languages
}

// unreel puts the videos of a parcel aside and cleans them, by their names, or says which is not taken and why.
func (s *Server) unreel(ctx context.Context, p parcel.Parcel) (films map[string]film, refused *parcel.Refused, err error) {
	films = map[string]film{}
	for _, f := range p.Files {
		if f.Open == nil {
			continue
		}
		if len(films) == drop.MostVideos {
			return films, &parcel.Refused{Key: "video.many", Args: []any{"n", drop.MostVideos}}, nil
		}
		one, err := unreelOne(f)
		if one.aside != nil {
			films[f.Name] = one
		}
		if why := new(video.Refused); errors.As(err, &why) {
			return films, &parcel.Refused{Key: "parcel.picture", Args: []any{"file", f.Name, "why", lang.T(ctx, why.Key, why.Args...)}}, nil
		}
		if err != nil {
			return films, nil, err
		}
		if refused, err := one.subtitle(ctx, f); refused != nil || err != nil {
			return films, refused, err
		}
		films[f.Name] = one
	}
	return films, nil, nil
}

// subtitle cleans the subtitles that come with a video of a parcel, or says which are not taken and why.
func (one *film) subtitle(ctx context.Context, f parcel.File) (*parcel.Refused, error) {
	one.subtitles = map[string]string{}
	for _, language := range slices.Sorted(maps.Keys(f.Subtitles)) {
		words, err := subtitle.Clean(f.Subtitles[language])
		if _, known := subtitle.LanguageOf(language); !known {
			err = &subtitle.Refused{Key: "subtitle.unknown", Args: []any{"language", language}}
		}
		if why := new(subtitle.Refused); errors.As(err, &why) {
			return &parcel.Refused{Key: "parcel.picture", Args: []any{"file", parcel.SubtitlesName(f.Name, language), "why", lang.T(ctx, why.Key, why.Args...)}}, nil
		}
		if err != nil {
			return nil, err
		}
		one.subtitles[language] = words
	}
	return nil, nil
}

// unreelOne puts a video of a parcel aside and cleans it. The error is a *video.Refused where it is not taken.
func unreelOne(f parcel.File) (one film, err error) {
	from, err := f.Open()
	if err != nil {
		return one, &video.Refused{Key: "video.damaged"}
	}
	defer from.Close()
	if one.aside, err = newSpool(); err != nil {
		return one, err
	}
	if _, err := io.Copy(one.aside, io.LimitReader(from, video.MostBytes+1)); err != nil {
		if one.aside.failed != nil {
			return one, one.aside.failed
		}
		return one, &video.Refused{Key: "video.damaged"}
	}
	one.video, err = video.Clean(one.aside, one.aside.size)
	return one, err
}

// develop makes photos of the pictures of a parcel, in their order, or says which is not taken and why.
func (s *Server) develop(ctx context.Context, p parcel.Parcel) (photos []photo.Photo, refused *parcel.Refused, err error) {
	pictures := slices.DeleteFunc(slices.Clone(p.Files), func(f parcel.File) bool { return f.Open != nil })
	if len(pictures) > drop.MostImages {
		return nil, &parcel.Refused{Key: "image.many", Args: []any{"n", drop.MostImages}}, nil
	}
	for _, f := range pictures {
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

// keepParcel keeps the pictures and videos of a parcel for the form of a new drop, and what it says as the form's
// draft.
func (s *Server) keepParcel(r *request, draft string, p parcel.Parcel, photos []photo.Photo, films map[string]film) error {
	ctx := r.Context()
	names := map[string]string{}
	cover := ""
	for _, f := range p.Files {
		if f.Open != nil {
			continue
		}
		image := drop.Image{Form: draft, Alt: f.Alt, AddedBy: r.who.ID}
		err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
			image, err = drop.AddImage(ctx, tx, image, photos[0])
			return err
		})
		if err != nil {
			return err
		}
		photos = photos[1:]
		names[f.Name] = "image:" + image.ID
		if f.Name == p.Cover {
			cover = image.ID
		}
	}
	for _, f := range p.Files {
		one, there := films[f.Name]
		if !there {
			continue
		}
		v, err := drop.KeepVideo(ctx, s.db, drop.Video{Form: draft, Alt: f.Alt, AddedBy: r.who.ID, Video: one.video, Bytes: one.aside.size}, one.aside)
		if err != nil {
			return err
		}
		names[f.Name] = "video:" + v.ID
		poster := strings.TrimPrefix(names[f.Poster], "image:")
		err = s.db.Update(ctx, func(tx *data.Tx) error {
			for language, words := range one.subtitles {
				if err := drop.KeepSubtitles(ctx, tx, v.ID, language, words); err != nil {
					return err
				}
			}
			return drop.SetPoster(ctx, tx, v, poster)
		})
		if err != nil {
			return err
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
