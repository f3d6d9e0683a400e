package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	"ricochet.example/app/photo"
	"ricochet.example/app/share"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) imageRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/m/{image}", Answers: insiders, handle: s.sendImage},
		{Method: "GET", Pattern: "/s/{token}/m/{image}", Answers: everyone, handle: s.sendSharedImage, quick: true},
		{Method: "GET", Pattern: "/s/{token}/card/{card}", Answers: everyone, handle: s.sendSharedCard, quick: true},
		{Method: "GET", Pattern: "/drops/{drop}/card", Answers: staff, handle: s.sendCard},
		{Method: "POST", Pattern: "/drops/look", Answers: staff, handle: s.look, keeps: true},
		{Method: "POST", Pattern: "/drops/{drop}/look", Answers: staff, handle: s.look, keeps: true},
		{Method: "POST", Pattern: "/drops/links", Answers: staff, handle: s.checkLinks, keeps: true},
		{Method: "POST", Pattern: "/drops/{drop}/links", Answers: staff, handle: s.checkLinks, keeps: true},
		{Method: "POST", Pattern: "/drops/pictures", Answers: staff, handle: s.addPicture, keeps: true},
		{Method: "POST", Pattern: "/drops/{drop}/pictures", Answers: staff, handle: s.addPicture, keeps: true},
		{Method: "POST", Pattern: "/drops/{drop}/pictures/{image}/remove", Answers: staff, handle: s.removePicture},
	}
}

// sized is an image's id and size in an address.
func sized(r *request) (imageID, size string) {
	imageID, size, found := strings.Cut(r.PathValue("image"), "-")
	if found && size == drop.DeskSize {
		return "", "" // one address for each
	}
	return imageID, size
}

// sendImage shows a picture to somebody who is signed in and may see its drop.
func (s *Server) sendImage(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	imageID, size := sized(r)
	var p photo.Size
	var public bool
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		p, public, err = drop.VisibleImage(ctx, tx, r.who.ID, imageID, size, r.who.Staff())
		return err
	})
	if err != nil {
		return err
	}
	return sendPicture(w, r, p, r.PathValue("image"), public)
}

// shared finds what a share token leads to, if the judge lets its reader see it now.
func (s *Server) shared(r *request, tx *data.Tx) (t share.Target, d drop.Drop, err error) {
	ref, ok := s.tokens.Parse(r.PathValue("token"))
	if !ok {
		return t, d, data.ErrNotFound
	}
	ctx := r.Context()
	if t, err = s.opener.Finder.Find(ctx, tx, ref); err != nil {
		return t, d, err
	}
	if t.Stopped || !t.Shared {
		return t, d, data.ErrNotFound
	}
	d, err = drop.VersionByNumber(ctx, tx, t.DropID, int(t.Version))
	return t, d, err
}

// sendSharedImage shows a picture to whoever has a share link, while the link shows its drop and the drop
// shows the picture.
func (s *Server) sendSharedImage(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	imageID, size := sized(r)
	var p photo.Size
	err := s.db.View(ctx, func(tx *data.Tx) error {
		t, d, err := s.shared(r, tx)
		if err != nil {
			return err
		}
		if !d.ShowsTo(t.Public, imageID) || size == drop.CardSize {
			return data.ErrNotFound
		}
		p, err = drop.ImageSize(ctx, tx, d.ID, imageID, size)
		return err
	})
	if err != nil {
		return err
	}
	return sendPicture(w, r, p, r.PathValue("image"), true)
}

// What may be kept of a picture: what only some may see not at all, other by the browser that asked for it. A
// release that is taken back ends with the next request everywhere else.
const (
	keepNothing = "private, no-store"
	keepAWeek   = "private, max-age=604800, immutable"
)

// sendPicture sends the bytes of a picture, which can do nothing but be looked at.
func sendPicture(w http.ResponseWriter, r *request, p photo.Size, name string, keep bool) error {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if h.Get("Cross-Origin-Resource-Policy") == "" {
		h["Cross-Origin-Resource-Policy"] = sameOrigin
	}
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	h.Set("Cache-Control", keepNothing)
	if keep {
		h.Set("Cache-Control", keepAWeek)
		tag := `"` + name + `"`
		h.Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Type", p.Type)
	h.Set("Content-Length", strconv.Itoa(len(p.Content)))
	_, err := w.Write(p.Content)
	return err
}

// pictureForm is what belongs to a picture in the form of a drop.
type pictureForm struct {
	dropForm
	Alt string `form:"alt"`
}

// addPicture takes a picture that was uploaded in the form of a drop, and shows the form again with it: what
// was typed is neither saved nor lost. A script is told what to write into the text.
func (s *Server) addPicture(w http.ResponseWriter, r *request) error {
	dropID, err := s.dropOfForm(r)
	if err != nil {
		return err
	}
	up, err := s.readUpload(w, r, fileField{name: "picture", most: photo.MostBytes})
	if err != nil {
		return err
	}
	var f pictureForm
	if err := forms.Decode(&f, up.values); err != nil {
		return errBadRequest
	}
	if dropID == "" && f.Once == "" {
		f.Once = id.New()
	}
	var problems check.Problems
	image, err := s.keepPicture(r, dropID, f, up)
	if refused := new(photo.Refused); errors.As(err, &refused) {
		problems.Add("picture", refused.Key, refused.Args...)
	} else if err != nil {
		return err
	}
	if r.Header.Get("Accept") == "application/json" {
		return s.tellScript(w, r, image, problems)
	}
	if problems.OK() {
		f.Body = strings.TrimRight(f.Body, "\r\n \t") + "\n\n" + image.Reference() + "\n"
		f.Body = strings.TrimLeft(f.Body, "\n")
		f.Alt = ""
	}
	status := http.StatusOK
	if !problems.OK() {
		status = http.StatusUnprocessableEntity
	}
	f.alt = f.Alt
	return s.formDrop(w, r, status, dropID, f.dropForm, problems)
}

// keepPicture makes a picture of an upload and keeps it. The error is a *photo.Refused where it is not taken.
func (s *Server) keepPicture(r *request, dropID string, f pictureForm, up upload) (image drop.Image, err error) {
	ctx := r.Context()
	switch {
	case up.tooLarge:
		return image, photo.TooLarge()
	case !up.sent:
		return image, &photo.Refused{Key: "image.choose"}
	}
	p, err := s.developOne(ctx, up.file)
	if err != nil {
		return image, err
	}
	image = drop.Image{DropID: dropID, Alt: f.Alt, AddedBy: r.who.ID}
	if dropID == "" {
		image.Form = f.Once
	}
	err = s.db.Update(ctx, func(tx *data.Tx) (err error) {
		image, err = drop.AddImage(ctx, tx, image, p)
		return err
	})
	switch {
	case errors.Is(err, drop.ErrManyImages):
		err = &photo.Refused{Key: "image.many", Args: []any{"n", drop.MostImages}}
	case errors.Is(err, drop.ErrManyUnsaved):
		err = &photo.Refused{Key: manyUnsaved}
	}
	return image, err
}

// manyUnsaved is what is said when too much that was uploaded waits for drops to be saved.
const manyUnsaved = "upload.many_unsaved"

// dropOfForm is the drop that a form corrects, empty for a new one.
func (s *Server) dropOfForm(r *request) (string, error) {
	if r.PathValue("drop") == "" {
		return "", nil
	}
	d, err := s.dropByPath(r)
	return d.ID, err
}

// tellScript answers an upload for a page that stays where it is.
func (s *Server) tellScript(w http.ResponseWriter, r *request, image drop.Image, problems check.Problems) error {
	answer := struct {
		Text    string `json:"text,omitempty"`
		Problem string `json:"problem,omitempty"`
	}{}
	status := http.StatusOK
	if p, wrong := problems["picture"]; wrong {
		status, answer.Problem = http.StatusUnprocessableEntity, lang.T(r.Context(), p.Key, p.Args...)
	} else {
		answer.Text = image.Reference()
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return send(w, status, body)
}

// removePicture takes a picture away for good, unless the drop shows it as it is saved, and shows the form again.
func (s *Server) removePicture(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var f dropForm
	if err := s.fillUpTo(dropFormSize, w, r, &f); err != nil {
		return err
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error { return drop.RemoveImage(ctx, tx, d.ID, r.PathValue("image")) })
	var problems check.Problems
	status := http.StatusOK
	switch {
	case errors.Is(err, data.ErrTaken):
		problems.Add("picture", "image.in_use")
		status = http.StatusUnprocessableEntity
	case err != nil:
		return err
	case f.Cover == r.PathValue("image"):
		f.Cover = ""
	}
	return s.formDrop(w, r, status, d.ID, f, problems)
}

// look shows the form again as it was typed, with what would come of it.
func (s *Server) look(w http.ResponseWriter, r *request) error {
	dropID, err := s.dropOfForm(r)
	if err != nil {
		return err
	}
	var f dropForm
	if err := s.fillUpTo(dropFormSize, w, r, &f); err != nil {
		return err
	}
	return s.formDrop(w, r, http.StatusOK, dropID, f, nil)
}

// mediaOf are the pictures and videos that a drop has, or the form of one that is not saved yet.
func (s *Server) mediaOf(r *request, dropID, form string) (images []drop.Image, videos []drop.Video, err error) {
	if images, err = s.imagesOf(r, dropID, form); err != nil {
		return nil, nil, err
	}
	ctx := r.Context()
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if dropID == "" {
			videos, err = drop.VideosOfForm(ctx, tx, form, r.who.ID)
		} else {
			videos, err = drop.Videos(ctx, tx, dropID)
		}
		return err
	})
	return images, videos, err
}

// imagesOf are the pictures that a drop has, or the form of one that is not saved yet.
func (s *Server) imagesOf(r *request, dropID, form string) (all []drop.Image, err error) {
	ctx := r.Context()
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if dropID == "" {
			all, err = drop.ImagesOfForm(ctx, tx, form, r.who.ID)
		} else {
			all, err = drop.Images(ctx, tx, dropID)
		}
		return err
	})
	return all, err
}

// coverOf is the cover of a drop as a page shows it, nil without one.
func coverOf(d drop.Drop, images []drop.Image) *views.Cover {
	for _, i := range images {
		if i.ID == d.Cover {
			return &views.Cover{ID: i.ID, Alt: d.CoverAlt, Width: i.Width, Height: i.Height, PhoneWidth: i.PhoneWidth}
		}
	}
	return nil
}
