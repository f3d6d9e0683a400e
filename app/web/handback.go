package web

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"ricochet.example/views"
)

const (
	// mostHandedBack is how many values of a form are handed back.
	mostHandedBack = 200
	// mostThrownAway is how large a form of a stranger may be with its files, which are not handed back.
	mostThrownAway = 12 << 20
	// shortText is up to how many characters something without a space is no text, but a choice or an id.
	shortText = 40
)

// handBack answers a stranger who sends a form that people write long texts into: their login session has ended
// meanwhile. It gives them all that they sent but files, to send once more when they have signed in again.
func (s *Server) handBack(w http.ResponseWriter, r *request) error {
	r.Body = http.MaxBytesReader(w, r.Body, mostThrownAway)
	sent, err := s.readUpload(w, r, fileField{})
	if errors.Is(err, errTooLarge) || errors.Is(err, errBadRequest) || err == nil && len(sent.values) == 0 {
		return s.goSignIn(w, r)
	}
	if err != nil {
		return err
	}
	v := views.HandedBack{Path: r.URL.Path}
	for _, name := range slices.Sorted(maps.Keys(sent.values)) {
		for _, value := range sent.values[name] {
			v.Fields = append(v.Fields, views.HandedField{Name: name, Value: value})
			if text := strings.TrimSpace(value); strings.ContainsAny(text, " \n") || utf8.RuneCountInString(text) > shortText {
				v.Texts = append(v.Texts, text)
			}
		}
	}
	if len(v.Fields) > mostHandedBack {
		return s.goSignIn(w, r)
	}
	return s.show(w, r, http.StatusUnauthorized, views.HandBack(s.frame(r, ""), v))
}
