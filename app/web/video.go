package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	"ricochet.example/app/photo"
	"ricochet.example/app/video"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) videoRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/v/{video}", Answers: insiders, handle: s.sendVideo},
		{Method: "GET", Pattern: "/s/{token}/v/{video}", Answers: everyone, handle: s.sendSharedVideo, quick: true},
		{Method: "POST", Pattern: "/drops/videos", Answers: staff, handle: s.addVideo, keeps: true},
		{Method: "POST", Pattern: "/drops/{drop}/videos", Answers: staff, handle: s.addVideo, keeps: true},
		{Method: "POST", Pattern: "/drops/videos/{video}/poster", Answers: staff, handle: s.setPoster, keeps: true},
		{Method: "POST", Pattern: "/drops/{drop}/videos/{video}/poster", Answers: staff, handle: s.setPoster, keeps: true},
		{Method: "POST", Pattern: "/drops/{drop}/videos/{video}/remove", Answers: staff, handle: s.removeVideo},
	}
}

// sendVideo plays a video to somebody who is signed in and may see its drop.
func (s *Server) sendVideo(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var v drop.Video
	var public bool
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		v, public, err = drop.VisibleVideo(ctx, tx, r.who.ID, r.PathValue("video"), r.who.Staff())
		return err
	})
	if err != nil {
		return err
	}
	return s.play(w, r, v, public)
}

// sendSharedVideo plays a video to whoever has a share link, while the link shows its drop and the drop plays the
// video.
func (s *Server) sendSharedVideo(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var v drop.Video
	err := s.db.View(ctx, func(tx *data.Tx) error {
		t, d, err := s.shared(r, tx)
		if err != nil {
			return err
		}
		if !d.PlaysTo(t.Public, r.PathValue("video")) {
			return data.ErrNotFound
		}
		v, err = drop.SharedVideo(ctx, tx, d.ID, r.PathValue("video"))
		return err
	})
	if err != nil {
		return err
	}
	return s.play(w, r, v, true)
}

// partTime is how long one part of a video may take: whoever looks at it gets it on a bad line too, as long as
// something gets through.
const partTime = 2 * time.Minute

// play sends the bytes of a video, or those of them that were asked for. They can do nothing but be looked at.
func (s *Server) play(w http.ResponseWriter, r *request, v drop.Video, keep bool) error {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; media-src 'self'; sandbox")
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	h.Set("Cache-Control", keepNothing)
	if keep {
		h.Set("Cache-Control", keepAWeek)
		h.Set("ETag", `"`+v.ID+`"`)
	}
	h.Set("Content-Type", v.Type)
	content, control := v.Content(r.Context(), s.db), http.NewResponseController(w)
	content.Each = func() {
		// Where the connection does not take it, the usual time has to do.
		_ = control.SetWriteDeadline(s.clock.Now().Add(partTime))
	}
	http.ServeContent(w, r.Request, "", time.Time{}, content)
	return nil
}

// videoForm is what belongs to a video in the form of a drop.
type videoForm struct {
	dropForm
	Alt string `form:"video_alt"`
	URL string `form:"video_url"`
}

// addVideo takes a video that was uploaded in the form of a drop, or the address of one that is elsewhere, and shows
// the form again with it: what was typed is neither saved nor lost. A script is told what to write into the text.
func (s *Server) addVideo(w http.ResponseWriter, r *request) error {
	dropID, err := s.dropOfForm(r)
	if err != nil {
		return err
	}
	aside, err := newSpool()
	if err != nil {
		return err
	}
	defer aside.Close()
	up, err := s.readUpload(w, r, fileField{name: "video", most: video.MostBytes, to: aside})
	if err != nil {
		return err
	}
	var f videoForm
	if err := forms.Decode(&f, up.values); err != nil {
		return errBadRequest
	}
	if dropID == "" && f.Once == "" {
		f.Once = id.New()
	}
	var problems check.Problems
	var answer videoAnswer
	if f.URL = strings.TrimSpace(f.URL); f.URL != "" && !up.sent && !up.tooLarge {
		if problems.URL("video_url", f.URL); problems.OK() && !strings.HasPrefix(strings.ToLower(f.URL), "https://") {
			problems.Add("video_url", "video.https")
		}
		answer.Text = drop.LinkedVideo(f.URL, f.Alt)
	} else {
		v, err := s.keepVideo(r, dropID, f, up)
		if refused := new(video.Refused); errors.As(err, &refused) {
			problems.Add("video", refused.Key, refused.Args...)
		} else if err != nil {
			return err
		}
		answer.Text, answer.Video, answer.Poster = v.Reference(), "/v/"+v.ID, views.PosterOfVideoPath(dropID, v.ID)
	}
	if r.Header.Get("Accept") == "application/json" {
		return s.tellVideo(w, r, answer, problems)
	}
	status := http.StatusOK
	if problems.OK() {
		f.Body = strings.TrimLeft(strings.TrimRight(f.Body, "\r\n \t")+"\n\n"+answer.Text+"\n", "\n")
	} else {
		status, f.videoAlt, f.videoURL = http.StatusUnprocessableEntity, f.Alt, f.URL
	}
	return s.formDrop(w, r, status, dropID, f.dropForm, problems)
}

// keepVideo cleans an upload and keeps it. The error is a *video.Refused where it is not taken.
func (s *Server) keepVideo(r *request, dropID string, f videoForm, up upload) (v drop.Video, err error) {
	switch {
	case up.tooLarge:
		return v, video.TooLarge()
	case !up.sent:
		return v, &video.Refused{Key: "video.choose"}
	}
	v = drop.Video{DropID: dropID, Alt: f.Alt, AddedBy: r.who.ID}
	if dropID == "" {
		v.Form = f.Once
	}
	return s.takeVideo(r, v, up.field.to)
}

// takeVideo cleans a video that was put aside and keeps it. The error is a *video.Refused where it is not taken.
func (s *Server) takeVideo(r *request, v drop.Video, aside *spool) (drop.Video, error) {
	film, err := video.Clean(aside, aside.size)
	if err != nil {
		return v, fmt.Errorf("cleaning a video: %w", spooled(err))
	}
	v.Video, v.Bytes = film, aside.size
	v, err = drop.KeepVideo(r.Context(), s.db, v, aside)
	switch {
	case errors.Is(err, drop.ErrManyVideos):
		err = &video.Refused{Key: "video.many", Args: []any{"n", drop.MostVideos}}
	case errors.Is(err, drop.ErrManyUnsaved):
		err = &video.Refused{Key: manyUnsaved}
	}
	return v, err
}

// videoAnswer is what a script is told of an upload: what to write into the text, where the video is, and where to
// send what stands in its place until it is played.
type videoAnswer struct {
	Text    string `json:"text,omitempty"`
	Video   string `json:"video,omitempty"`
	Poster  string `json:"poster,omitempty"`
	Problem string `json:"problem,omitempty"`
}

// tellVideo answers an upload for a page that stays where it is.
func (s *Server) tellVideo(w http.ResponseWriter, r *request, answer videoAnswer, problems check.Problems) error {
	status := http.StatusOK
	for _, p := range problems {
		status, answer = http.StatusUnprocessableEntity, videoAnswer{Problem: lang.T(r.Context(), p.Key, p.Args...)}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return send(w, status, body)
}

// setPoster says what stands in the place of a video until it is played: a picture of the drop that was chosen, or
// one that a script took out of the video.
func (s *Server) setPoster(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	dropID, err := s.dropOfForm(r)
	if err != nil {
		return err
	}
	up, err := s.readUpload(w, r, fileField{name: "still", most: photo.MostBytes})
	if err != nil {
		return err
	}
	var f dropForm
	if err := forms.Decode(&f, up.values); err != nil {
		return errBadRequest
	}
	var v drop.Video
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		v, err = drop.VideoOf(ctx, tx, dropID, f.Once, r.who.ID, r.PathValue("video"))
		return err
	})
	var problems check.Problems
	if errors.Is(err, data.ErrNotFound) {
		problems.Add("video", "video.gone")
	} else if err != nil {
		return err
	}
	chosen := up.values.Get("poster_" + v.ID)
	if problems.OK() && (up.sent || up.tooLarge) {
		image, err := s.keepPicture(r, dropID, pictureForm{dropForm: f, Alt: v.Alt}, up)
		if refused := new(photo.Refused); errors.As(err, &refused) {
			problems.Add("video", refused.Key, refused.Args...)
		} else if err != nil {
			return err
		}
		chosen = image.ID
	}
	if problems.OK() {
		err := s.db.Update(ctx, func(tx *data.Tx) error { return drop.SetPoster(ctx, tx, v, chosen) })
		if errors.Is(err, data.ErrNotFound) {
			problems.Add("video", "check.choice")
		} else if err != nil {
			return err
		}
	}
	return s.formAgain(w, r, dropID, f, problems)
}

// removeVideo takes a video away for good, unless the drop plays it as it is saved, and shows the form again.
func (s *Server) removeVideo(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var f dropForm
	if err := s.fillUpTo(dropFormSize, w, r, &f); err != nil {
		return err
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error { return drop.RemoveVideo(ctx, tx, d.ID, r.PathValue("video")) })
	var problems check.Problems
	status := http.StatusOK
	switch {
	case errors.Is(err, data.ErrTaken):
		problems.Add("video", "video.in_use")
		status = http.StatusUnprocessableEntity
	case err != nil:
		return err
	}
	return s.formDrop(w, r, status, d.ID, f, problems)
}
