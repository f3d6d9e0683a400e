package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"unicode/utf8"

	"ricochet.example/app/account"
	"ricochet.example/app/lang"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// Errors that a handler answers with; pageError knows what they look like.
var (
	errBadRequest = errors.New("the request makes no sense")
	errForbidden  = errors.New("not allowed")
	errTooLarge   = errors.New("the form is too large")
	errAway       = fmt.Errorf("taken back for now: %w", data.ErrNotFound)
)

// build makes the handler from the table of routes.
func (s *Server) build() http.Handler {
	routes := http.NewServeMux()
	for _, rt := range s.Routes() {
		routes.HandleFunc(rt.Name(), s.serve(rt))
	}
	all := http.NewServeMux()
	for _, rt := range s.Routes() {
		all.HandleFunc(rt.Name(), s.serve(rt))
	}
	all.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.unrouted(routes, w, r) })
	whole := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.recover(w, r)
		s.strict(w.Header())
		if err := s.crossOrigin.Load().Check(r); err != nil {
			s.pageError(w, &request{Request: r}, fmt.Errorf("%w: %w", errForbidden, err))
			return
		}
		if !utf8.ValidString(r.URL.Path) || strings.ContainsRune(r.URL.Path, 0) {
			s.pageStatus(w, &request{Request: r}, http.StatusNotFound) // no database can hold that
			return
		}
		all.ServeHTTP(w, r)
	})
	if s.demo != nil {
		return s.demo.onStage(whole)
	}
	return whole
}

// unrouted answers what the table has no row for: nothing is there, or not by
// this method, as the mux of the table alone would say.
func (s *Server) unrouted(routes *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	h, _ := routes.Handler(r)
	probe := &statusOnly{header: http.Header{}}
	h.ServeHTTP(probe, r)
	if allow := probe.header.Get("Allow"); allow != "" {
		w.Header().Set("Allow", allow)
		s.pageStatus(w, &request{Request: r}, http.StatusMethodNotAllowed)
		return
	}
	s.pageStatus(w, &request{Request: r}, http.StatusNotFound)
}

// statusOnly is told what the mux would answer.
type statusOnly struct {
	header http.Header
	status int
}

func (p *statusOnly) Header() http.Header         { return p.header }
func (p *statusOnly) Write(b []byte) (int, error) { return len(b), nil }
func (p *statusOnly) WriteHeader(status int)      { p.status = status }

// recover turns a panic into a page and a line in the log.
func (s *Server) recover(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler { //nolint:errorlint // it is compared by identity, as net/http does
		panic(p)
	}
	stack := debug.Stack()
	if inner, ok := p.(*data.Panic); ok {
		p, stack = inner.Value, inner.Stack
	}
	s.log.Error("a handler panicked", slog.Any("panic", p), slog.String("stack", string(stack)))
	s.pageStatus(w, &request{Request: r}, http.StatusInternalServerError)
}

// request is a request and the account that is signed in in its browser, if any.
type request struct {
	*http.Request
	who account.Account
	// session is theirs in this browser, and secret what the browser holds of it.
	session account.Session
	secret  []byte
	// known says that it was found out who asks.
	known bool
	// drawn ends the turn for drawing that the request has; nil: it has none.
	drawn func()
}

// serve is a route behind its gate.
func (s *Server) serve(rt Route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		req := &request{Request: r}
		err := s.gate(rt, w, req)
		if err != nil {
			s.pageError(w, req, err)
		}
	}
}

// gate lets pass whom the table lets pass.
func (s *Server) gate(rt Route, w http.ResponseWriter, r *request) error {
	if rt.quick {
		return rt.handle(w, r)
	}
	if err := s.know(r); err != nil {
		return err
	}
	if s.brand.Load() == nil && !rt.early {
		return s.pageUnfounded(w, r)
	}
	switch rt.Answers[visitor(r.who)] {
	case SignIn:
		if rt.keeps {
			return s.handBack(w, r)
		}
		return s.goSignIn(w, r)
	case NotFound:
		return data.ErrNotFound
	}
	if rt.Answers == leaders && !r.who.Staff() {
		err := s.db.View(r.Context(), func(tx *data.Tx) error {
			led, err := squad.Led(r.Context(), tx, r.PathValue("squad"), r.who.ID)
			if err == nil && !led {
				err = data.ErrNotFound
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return rt.handle(w, r)
}

// know finds out who is signed in, and which language to speak.
func (s *Server) know(r *request) error {
	r.known = true
	if _, ok := playing(r.Context()); ok {
		return s.knowPlayer(r)
	}
	if secret, ok := s.cookies.login(r.Request); ok {
		err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
			r.who, r.session, err = account.BySession(r.Context(), tx, secret)
			return err
		})
		switch {
		case err == nil:
			r.secret = secret
			s.notice(r)
		case !errors.Is(err, data.ErrNotFound):
			return err
		}
	}
	r.Request = r.WithContext(lang.With(r.Context(), s.language(r)))
	return nil
}

// language is the person's choice, then what their browser asks for, then the brand's.
func (s *Server) language(r *request) string {
	if s.demo != nil {
		return s.demoLanguage(r)
	}
	if r.who.Language != "" {
		return r.who.Language
	}
	last := ""
	if b := s.brand.Load(); b != nil {
		last = b.Language
	}
	return lang.MatchOr(last, r.Header.Get("Accept-Language"))
}
