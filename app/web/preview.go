package web

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/data"
	"ricochet.example/views"
)

// nobodys is the token on a page that nobody can press anything on.
const nobodys = "preview"

// previews are the reader's page as it would be of a drop as it stands in its form: from whoever writes it, in the
// place of the member who will share it, to those who read early, and to everyone. Nothing of it is kept.
func (s *Server) previews(r *request, d drop.Drop, images []drop.Image) (all []views.LookPage, err error) {
	ends := false
	if d.ID != "" {
		err := s.db.View(r.Context(), func(tx *data.Tx) error {
			hops, err := drop.HopsOf(r.Context(), tx, d.ID)
			ends = hops == drop.NoHops
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	ctx := lang.With(context.WithoutCancel(r.Context()), d.Language)
	for _, who := range []string{views.ForMember, views.ForReader} {
		page := readerOf(d, *s.brand.Load(), images, who == views.ForReader, nobodys)
		page.Title, page.Preview, page.Ends, page.From = strings.TrimSpace(d.Title), true, ends, r.who.FirstName()
		var body bytes.Buffer
		if err := views.PreviewReader(page).Render(ctx, &body); err != nil {
			return nil, fmt.Errorf("rendering a preview: %w", err)
		}
		all = append(all, views.LookPage{For: who, HTML: body.String()})
	}
	return all, nil
}
