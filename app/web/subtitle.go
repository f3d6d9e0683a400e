package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/subtitle"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) subtitleRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/v/{video}/{subtitles}", Answers: insiders, handle: s.sendSubtitles},
		{Method: "GET", Pattern: "/s/{token}/v/{video}/{subtitles}", Answers: everyone, handle: s.sendSharedSubtitles, quick: true},
		{Method: "POST", Pattern: "/drops/videos/{video}/subtitles", Answers: staff, handle: s.addSubtitles, keeps: true},
		{Method: "POST", Pattern: "/drops/{drop}/videos/{video}/subtitles", Answers: staff, handle: s.addSubtitles, keeps: true},
		{Method: "POST", Pattern: "/drops/videos/{video}/subtitles/{spoken}/remove", Answers: staff, handle: s.removeSubtitles},
		{Method: "POST", Pattern: "/drops/{drop}/videos/{video}/subtitles/{spoken}/remove", Answers: staff, handle: s.removeSubtitles},
	}
}

// languageOfTrack is the language that an address of subtitles names, empty where it names none.
func languageOfTrack(r *request) string {
	language, ok := strings.CutSuffix(r.PathValue("subtitles"), ".vtt")
	if !ok {
		return ""
	}
	return language
}

// sendSubtitles sends those of a video to somebody who is signed in and may see its drop.
func (s *Server) sendSubtitles(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var words string
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		words, err = drop.VisibleSubtitles(ctx, tx, r.who.ID, r.PathValue("video"), languageOfTrack(r), r.who.Staff())
		return err
	})
	if err != nil {
		return err
	}
	return sendTrack(w, words)
}

// sendSharedSubtitles sends those of a video to whoever has a share link, while the link shows its drop and the drop
// offers them.
func (s *Server) sendSharedSubtitles(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var words string
	err := s.db.View(ctx, func(tx *data.Tx) error {
		t, d, err := s.shared(r, tx)
		if err != nil {
			return err
		}
		if !d.SubtitlesTo(t.Public, r.PathValue("video"), languageOfTrack(r)) {
			return data.ErrNotFound
		}
		words, err = drop.SubtitlesOf(ctx, tx, r.PathValue("video"), languageOfTrack(r))
		return err
	})
	if err != nil {
		return err
	}
	return sendTrack(w, words)
}

// sendTrack sends subtitles, which can do nothing but be read. They are small, and may be corrected at any time.
func sendTrack(w http.ResponseWriter, words string) error {
	h := w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	h.Set("Cache-Control", keepNothing)
	h.Set("Content-Type", subtitle.Type)
	h.Set("Content-Length", strconv.Itoa(len(words)))
	_, err := w.Write([]byte(words))
	return err
}

// addSubtitles takes those of a video that were uploaded in the form of a drop, and shows the form again: what was typed
// is neither saved nor lost.
func (s *Server) addSubtitles(w http.ResponseWriter, r *request) error {
	dropID, err := s.dropOfForm(r)
	if err != nil {
		return err
	}
	field := views.SubtitlesField(r.PathValue("video"))
	up, err := s.readUpload(w, r, fileField{name: field, most: subtitle.MostBytes})
	if err != nil {
		return err
	}
	var f dropForm
	if err := forms.Decode(&f, up.values); err != nil {
		return errBadRequest
	}
	var problems check.Problems
	if err := s.keepSubtitles(r, dropID, f.Once, up); errors.Is(err, data.ErrNotFound) {
		problems.Add("video", "video.gone")
	} else if refused := new(subtitle.Refused); errors.As(err, &refused) {
		problems.Add(field, refused.Key, refused.Args...)
	} else if err != nil {
		return err
	}
	return s.formAgain(w, r, dropID, f, problems)
}

// formAgain shows the form of a drop after something was done to what belongs to it. A script is only told of problems.
func (s *Server) formAgain(w http.ResponseWriter, r *request, dropID string, f dropForm, problems check.Problems) error {
	status := http.StatusOK
	if !problems.OK() {
		status = http.StatusUnprocessableEntity
	}
	if r.Header.Get("Accept") != "application/json" {
		return s.formDrop(w, r, status, dropID, f, problems)
	}
	var answer struct {
		Problem string `json:"problem,omitempty"`
	}
	for _, p := range problems {
		answer.Problem = lang.T(r.Context(), p.Key, p.Args...)
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return send(w, status, body)
}

// keepSubtitles cleans an upload and keeps it. The error is a *subtitle.Refused where it is not taken, and
// data.ErrNotFound where the video is not there.
func (s *Server) keepSubtitles(r *request, dropID, form string, up upload) error {
	language, known := subtitle.LanguageOf(up.values.Get(views.SubtitlesLanguageField(r.PathValue("video"))))
	switch {
	case up.tooLarge:
		return subtitle.TooLarge()
	case !up.sent:
		return &subtitle.Refused{Key: "subtitle.choose"}
	case !known:
		return &subtitle.Refused{Key: "subtitle.language"}
	}
	words, err := subtitle.Clean(up.file)
	if err != nil {
		return err
	}
	ctx := r.Context()
	return s.db.Update(ctx, func(tx *data.Tx) error {
		v, err := drop.VideoOf(ctx, tx, dropID, form, r.who.ID, r.PathValue("video"))
		if err != nil {
			return err
		}
		return drop.KeepSubtitles(ctx, tx, v.ID, language.Code, words)
	})
}

// removeSubtitles takes those of a video in a language away, and shows the form again.
func (s *Server) removeSubtitles(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	dropID, err := s.dropOfForm(r)
	if err != nil {
		return err
	}
	var f dropForm
	if err := s.fillUpTo(dropFormSize, w, r, &f); err != nil {
		return err
	}
	var problems check.Problems
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		v, err := drop.VideoOf(ctx, tx, dropID, f.Once, r.who.ID, r.PathValue("video"))
		if err != nil {
			return err
		}
		return drop.RemoveSubtitles(ctx, tx, v.ID, r.PathValue("spoken"))
	})
	if errors.Is(err, data.ErrNotFound) {
		problems.Add("video", "video.gone")
	} else if err != nil {
		return err
	}
	return s.formAgain(w, r, dropID, f, problems)
}
