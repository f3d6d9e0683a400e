package web

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"ricochet.example/app/picture"
	"ricochet.example/data"
)

func (s *Server) accentRoutes() []Route {
	return []Route{{Method: "GET", Pattern: "/accent/{colour}", Answers: everyone, handle: s.sendAccent}}
}

var accentFile = regexp.MustCompile(`^[0-9a-f]{6}\.css$`)

// sendAccent sends the style sheet of a colour. It is made of the colour alone, so it is kept for ever.
func (s *Server) sendAccent(w http.ResponseWriter, r *request) error {
	name := r.PathValue("colour")
	if !accentFile.MatchString(name) {
		return data.ErrNotFound
	}
	body := picture.Sheet("#" + strings.TrimSuffix(name, ".css"))
	h := w.Header()
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, err := w.Write([]byte(body))
	return err
}
