package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"ricochet.example/app/share"
	"ricochet.example/data"
)

type pageCache struct{ m sync.Map }

func (s *Server) readerPage(_ context.Context, t share.Target) (*parts, error) {
	key := fmt.Sprint(t.DropID, t.Version, t.Shared)
	if p, ok := s.pages.m.Load(key); ok {
		return p.(*parts), nil
	}
	html := "<!doctype html><link rel=canonical href=http://x/s/@TOKEN@><script nonce=\"@CSP@\" data-token=@TOKEN@ data-nonce=@NONCE@></script>" + strings.Repeat("<p>some text of a drop that is here</p>", 280)
	p, err := cut([]byte(html), []string{"@TOKEN@", "@CSP@", "@NONCE@"})
	s.pages.m.Store(key, &p)
	return &p, err
}
func (s *Server) pageStopped(w http.ResponseWriter, r *request) error   { return data.ErrNotFound }
func (s *Server) pageUnfounded(w http.ResponseWriter, r *request) error { return data.ErrNotFound }
func (s *Server) goSignIn(w http.ResponseWriter, r *request) error      { return data.ErrNotFound }
func (s *Server) pageError(w http.ResponseWriter, r *request, err error) {
	s.log.Error("x", "e", err)
	http.Error(w, err.Error(), 404)
}
func (s *Server) pageStatus(w http.ResponseWriter, r *request, n int) { http.Error(w, "x", n) }
func (s *Server) forget(ctx context.Context) error                    { return nil }
func (s *Server) https() bool                                         { return false }
