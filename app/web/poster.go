package web

import (
	"context"
	"net/http"
	"strings"

	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/picture"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) posterRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/drops/{drop}/story.png", Answers: members, handle: s.sendPoster},
		{Method: "GET", Pattern: "/drops/{drop}/picture.png", Answers: members, handle: s.sendPoster},
	}
}

// sendPoster draws a drop with the code of the asking member's link: as a story, or as a picture to keep.
func (s *Server) sendPoster(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	sh, err := s.theirs(r)
	if err != nil {
		return err
	}
	end, err := s.drawing.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	p, err := s.poster(ctx, sh)
	if err != nil {
		return err
	}
	high, name := picture.PhotoHeight, sh.drop.Title
	if strings.HasSuffix(r.Pattern, views.StoryFile) {
		high, name = picture.StoryHeight, name+" story"
	}
	body, err := p.PNG(high)
	if err != nil {
		return err
	}
	return s.sendFile(w, body, ".png", name)
}

// poster is a member's drop as a picture, in its own language.
func (s *Server) poster(ctx context.Context, sh sharing) (p picture.Poster, err error) {
	b := s.brand.Load()
	p = picture.Poster{
		Brand: b.Name, Title: sh.drop.Title, Label: sh.values.Label, Ground: b.Ground(),
		Link: sh.message("").LinkOn(visit.QR), Scan: lang.T(lang.With(ctx, sh.drop.Language), "poster.scan"),
	}
	p.Host, p.Path = picture.AddressLines(sh.values.Link)
	if sh.drop.Cover == "" {
		return p, nil
	}
	err = s.db.View(ctx, func(tx *data.Tx) error {
		cover, err := drop.ImageSize(ctx, tx, sh.drop.ID, sh.drop.Cover, drop.DeskSize)
		p.Cover = cover.Content
		return err
	})
	return p, err
}
