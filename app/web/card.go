package web

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"ricochet.example/app/brand"
	"ricochet.example/app/drop"
	"ricochet.example/app/photo"
	"ricochet.example/app/picture"
	"ricochet.example/data"
)

// cardsKept is how many cards a server remembers, some 100 KB each.
const cardsKept = 64

// cards remembers the cards that were drawn, by their names.
type cards struct {
	mu   sync.Mutex
	kept map[string][]byte
}

func (c *cards) get(name string) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept[name]
}

func (c *cards) put(name string, body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil || len(c.kept) >= cardsKept {
		c.kept = map[string][]byte{}
	}
	c.kept[name] = body
}

// disclosure is what stands on everything that is shared of a drop: its campaign's own words, or the brand's in
// the language of the drop.
func disclosure(d drop.Drop, b brand.Brand) string { return cmp.Or(d.Label, b.LabelIn(d.Language)) }

// cardOf is what messengers are shown of a drop, but for its cover.
func cardOf(d drop.Drop, b brand.Brand) picture.Card {
	return picture.Card{Brand: b.Name, Title: d.Title, Label: disclosure(d, b), Ground: b.Ground()}
}

// cardName is a name for the card of a drop that changes with all that is on it: messengers keep what they
// fetched under it.
func cardName(d drop.Drop, b brand.Brand) string {
	c := cardOf(d, b)
	said := []string{"1", c.Brand, c.Title, c.Label, c.Ground, d.Cover}
	if d.Cover != "" {
		said = []string{"1", c.Label, d.Cover}
	}
	sum := sha256.Sum256([]byte(strings.Join(said, "\x00")))
	return hex.EncodeToString(sum[:12]) + ".jpg"
}

// card draws the card of a drop, or remembers it.
func (s *Server) card(ctx context.Context, d drop.Drop, b brand.Brand) ([]byte, error) {
	name := cardName(d, b)
	if body := s.cards.get(name); body != nil {
		return body, nil
	}
	end, err := s.carding.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	c := cardOf(d, b)
	if d.Cover != "" {
		err := s.db.View(ctx, func(tx *data.Tx) error {
			cover, err := drop.CoverCard(ctx, tx, d.Cover)
			c.Cover = cover.Content
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("reading the cover of a card: %w", err)
		}
	}
	body, err := c.JPEG()
	if err != nil {
		return nil, err
	}
	s.cards.put(name, body)
	return body, nil
}

// sendSharedCard is the picture that a messenger shows with a share link: to anybody, but only while the link
// shows its drop. One that was made of an earlier version gets that of today.
func (s *Server) sendSharedCard(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	b := s.brand.Load()
	if b == nil {
		return data.ErrNotFound
	}
	var d drop.Drop
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		_, d, err = s.shared(r, tx)
		return err
	})
	if err != nil {
		return err
	}
	body, err := s.card(ctx, d, *b)
	if err != nil {
		return err
	}
	name := cardName(d, *b)
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	return sendPicture(w, r, photo.Size{Type: "image/jpeg", Content: body}, name, r.PathValue("card") == name)
}

// sendCard is the card of a drop for those who make it.
func (s *Server) sendCard(w http.ResponseWriter, r *request) error {
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	body, err := s.card(r.Context(), d, *s.brand.Load())
	if err != nil {
		return err
	}
	return sendPicture(w, r, photo.Size{Type: "image/jpeg", Content: body}, "", false)
}
