package web

import (
	"net/http"

	"ricochet.example/app/lang"
	"ricochet.example/views"
	"ricochet.example/views/ui"
)

// pageStopped answers a link that is not followed any more.
func (s *Server) pageStopped(w http.ResponseWriter, r *request) error {
	language := s.language(r)
	r.Request = r.WithContext(lang.With(r.Context(), language))
	p := ui.Page{Lang: language, Demo: s.demo != nil}
	if b := s.brand.Load(); b != nil {
		p.Brand = b.Name
	}
	return s.show(w, r, http.StatusGone, views.Stopped(p))
}
