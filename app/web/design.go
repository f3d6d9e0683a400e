package web

import (
	"net/http"

	"ricochet.example/views"
)

func (s *Server) designRoutes() []Route {
	return []Route{{Method: "GET", Pattern: views.DesignPath, Answers: staff, Page: true, handle: s.design}}
}

// design shows every part of pages in every state.
func (s *Server) design(w http.ResponseWriter, r *request) error {
	p, err := s.framed(w, r, "")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Design(p))
}
