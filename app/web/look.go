package web

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/markdown"
	"ricochet.example/app/picture"
	"ricochet.example/data"
	"ricochet.example/views"
)

// lookAt is what would come of a drop as it stands in its form: the page, the card, and what should be seen
// to before it is released.
func (s *Server) lookAt(r *request, d drop.Drop, images []drop.Image, videos []drop.Video) (*views.Look, error) {
	b := s.brand.Load()
	// What is typed may be of another campaign, or in another language, than what is saved.
	err := s.db.View(r.Context(), func(tx *data.Tx) error {
		labels, err := campaign.LabelsOf(r.Context(), tx, d.CampaignID)
		d.Label = labels[d.Language]
		return err
	})
	if err != nil {
		return nil, err
	}
	c := cardOf(d, *b)
	cover := coverOf(d, images)
	if cover != nil {
		c.Cover = []byte{0} // that there is one
	}
	layout, err := c.Layout()
	if err != nil {
		return nil, err
	}
	v := &views.Look{
		Language: d.Language, Brand: b.Name, Label: disclosure(d, *b), Title: strings.TrimSpace(d.Title), Teaser: strings.TrimSpace(d.Teaser),
		Host: b.URL, Card: layout, Cover: cover,
	}
	if u, err := url.Parse(b.URL); err == nil {
		v.Host = u.Host
	}
	size := 0
	if cover != nil { // a drawn one is never large
		body, err := s.card(r.Context(), d, *b)
		if err != nil {
			return nil, err
		}
		size = len(body)
	}
	v.Checks = checks(d, images, videos, size, picture.Contrast(layout.Ink, b.Ground()))
	return v, nil
}

// enough is the contrast that words need to be read (WCAG 2.2, 1.4.3).
const enough = 4.5

// checks are what a manager should see to before a drop is released. Nothing of it keeps them from it.
func checks(d drop.Drop, images []drop.Image, videos []drop.Video, cardBytes int, contrast float64) (all []views.Check) {
	add := func(ok bool, good, bad string, args ...any) {
		key := good
		if !ok {
			key = bad
		}
		all = append(all, views.Check{OK: ok, Key: key, Args: args})
	}
	title, teaser := utf8.RuneCountInString(strings.TrimSpace(d.Title)), utf8.RuneCountInString(strings.TrimSpace(d.Teaser))
	add(title > 0 && title <= drop.AdvisedTitle, "look.title_fits", "look.title_long", "n", title, "most", drop.AdvisedTitle)
	if teaser == 0 {
		add(false, "", "look.teaser_none")
	} else {
		add(teaser <= drop.AdvisedTeaser, "look.teaser_fits", "look.teaser_long", "n", teaser, "most", drop.AdvisedTeaser)
	}
	known := map[string]drop.Image{}
	for _, i := range images {
		known[i.ID] = i
	}
	if cover, there := known[d.Cover]; there {
		add(cover.Width >= picture.CardWidth && cover.Height >= picture.CardHeight, "look.cover_fits", "look.cover_small",
			"wide", cover.Width, "high", cover.Height)
		if strings.TrimSpace(d.CoverAlt) == "" {
			add(false, "", "look.cover_alt_none")
		}
	} else {
		add(contrast >= enough, "look.card_drawn", "look.contrast_low")
	}
	if cardBytes > 0 {
		add(cardBytes <= picture.CardBytes, "look.card_small", "look.card_large", "n", (cardBytes+999)/1000, "most", picture.CardBytes/1000)
	}
	shown, silent, lost := 0, 0, 0
	for _, ref := range markdown.Images(d.Body) {
		if _, there := known[ref.ID]; !there {
			lost++
			continue
		}
		if shown++; ref.Alt == "" {
			silent++
		}
	}
	if shown > 0 {
		if silent > 0 {
			add(false, "", "look.alt_none", "n", silent)
		} else {
			add(true, "look.alt_all", "", "n", shown)
		}
	}
	if lost > 0 {
		add(false, "", "look.image_lost", "n", lost)
	}
	return append(all, videoChecks(d, videos)...)
}

// videoChecks are what should be seen to of the videos in the text.
func videoChecks(d drop.Drop, videos []drop.Video) (all []views.Check) {
	shown, silent, dark, bare, lost := 0, 0, 0, 0, 0
	for _, ref := range markdown.Videos(d.Body) {
		at := slices.IndexFunc(videos, func(v drop.Video) bool { return v.ID == ref.ID })
		if at < 0 {
			lost++
			continue
		}
		if shown++; ref.Alt == "" {
			silent++
		}
		if videos[at].Poster == "" {
			dark++
		}
		if len(videos[at].Subtitles) == 0 {
			bare++
		}
	}
	switch {
	case silent > 0:
		all = append(all, views.Check{Key: "look.video_alt_none", Args: []any{"n", silent}})
	case shown > 0:
		all = append(all, views.Check{OK: true, Key: "look.video_alt_all", Args: []any{"n", shown}})
	}
	if dark > 0 {
		all = append(all, views.Check{Key: "look.video_dark", Args: []any{"n", dark}})
	}
	if bare > 0 {
		all = append(all, views.Check{Key: "look.video_bare", Args: []any{"n", bare}})
	}
	if lost > 0 {
		all = append(all, views.Check{Key: "look.video_lost", Args: []any{"n", lost}})
	}
	return all
}
