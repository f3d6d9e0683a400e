package web

import (
	"net/http"
	"strings"
)

// Header values that never differ, shared by all responses.
var (
	noSniff     = []string{"nosniff"}
	sameOrigin  = []string{"same-origin"}
	denyFrames  = []string{"DENY"}
	permissions = []string{"camera=(), microphone=(), geolocation=(), browsing-topics=()"}
	transport   = []string{"max-age=63072000; includeSubDomains"}
	csp         = [2]string{
		"default-src 'none'; script-src 'nonce-",
		"' 'strict-dynamic'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; " +
			"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
	}
)

// strict sets what every answer carries, a redirection and a file too: it is what
// it says it is, tells other sites nothing, and once there is https it stays.
func (s *Server) strict(h http.Header) {
	h["X-Content-Type-Options"] = noSniff
	h["Referrer-Policy"] = sameOrigin
	if b := s.brand.Load(); b != nil && strings.HasPrefix(b.URL, "https://") {
		h["Strict-Transport-Security"] = transport
	}
}

// secure adds what every page carries: a strict policy with a nonce for its
// own scripts, and no word to other sites.
func (s *Server) secure(h http.Header, nonce string) {
	h["Content-Security-Policy"] = []string{csp[0] + nonce + csp[1]}
	h["Cross-Origin-Opener-Policy"] = sameOrigin
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h["X-Frame-Options"] = denyFrames
	h["Permissions-Policy"] = permissions
}
