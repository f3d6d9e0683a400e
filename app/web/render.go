package web

import (
	"bytes"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"ricochet.example/app/id"
	"ricochet.example/data"
	"ricochet.example/views"
)

// show renders a page whole, then sends it.
func (s *Server) show(w http.ResponseWriter, r *request, status int, page templ.Component) error {
	nonce := base64.StdEncoding.EncodeToString(random16())
	var body bytes.Buffer
	if err := page.Render(templ.WithNonce(r.Context(), nonce), &body); err != nil {
		return err
	}
	h := w.Header()
	s.secure(h, nonce)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Vary", "Accept-Encoding")
	if acceptsGzip(r.Request) {
		packed, err := pack(body.Bytes())
		if err != nil {
			return err
		}
		h.Set("Content-Encoding", "gzip")
		body = *packed
	}
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	r.isDrawn()
	w.WriteHeader(status)
	_, err := w.Write(body.Bytes())
	return err
}

// pageError answers with what an error looks like to a person. What it cannot
// name goes to the log, with a number that the person is told too.
func (s *Server) pageError(w http.ResponseWriter, r *request, err error) {
	switch {
	case errors.Is(err, errAway):
		if err := s.show(w, r, http.StatusNotFound, views.Away(s.frame(r, ""))); err != nil {
			s.log.Error("sending a page", slog.Any("error", err))
		}
	case errors.Is(err, data.ErrNotFound):
		s.pageStatus(w, r, http.StatusNotFound)
	case errors.Is(err, errForbidden):
		s.pageStatus(w, r, http.StatusForbidden)
	case errors.Is(err, errBadRequest):
		s.pageStatus(w, r, http.StatusBadRequest)
	case errors.Is(err, errTooLarge):
		s.pageStatus(w, r, http.StatusRequestEntityTooLarge)
	case errors.Is(err, data.ErrFull), errors.Is(err, data.ErrInUse), errors.Is(err, data.ErrClosed):
		s.log.Error("nothing can be written", slog.Any("error", err))
		w.Header().Set("Retry-After", "10")
		s.pageStatus(w, r, http.StatusServiceUnavailable)
	default:
		number := id.New()
		// The path is not logged: it may hold a secret.
		s.log.Error("answering a request", slog.String("number", number), slog.String("method", r.Method), slog.Any("error", err))
		s.sendError(w, r, http.StatusInternalServerError, number)
	}
}

// pageStatus answers with the page of a status.
func (s *Server) pageStatus(w http.ResponseWriter, r *request, status int) {
	s.sendError(w, r, status, "")
}

func (s *Server) sendError(w http.ResponseWriter, r *request, status int, number string) {
	if !r.known {
		if err := s.know(r); err != nil {
			s.log.Error("finding out who asks", slog.Any("error", err))
		}
	}
	if err := s.show(w, r, status, views.Error(s.frame(r, ""), status, number)); err != nil {
		s.log.Error("sending an error page", slog.Any("error", err))
	}
}
