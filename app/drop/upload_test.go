package drop_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/photo"
	"ricochet.example/app/video"
	"ricochet.example/data"
)

// kinds are the kinds of uploads: how many a drop may have, what is said of one more, and how one is kept.
func (h house) kinds() map[string]struct {
	most int
	full error
	keep func(dropID, form, accountID, says string) error
} {
	return map[string]struct {
		most int
		full error
		keep func(dropID, form, accountID, says string) error
	}{
		"pictures": {drop.MostImages, drop.ErrManyImages, func(dropID, form, accountID, says string) error {
			return h.update(func(ctx context.Context, tx *data.Tx) error {
				one := photo.Size{Type: "image/png", Width: 2, Height: 2, Content: []byte(says)}
				_, err := drop.AddImage(ctx, tx, drop.Image{DropID: dropID, Form: form, AddedBy: accountID}, photo.Photo{Desk: one, Phone: one, Card: one})
				return err
			})
		}},
		"videos": {drop.MostVideos, drop.ErrManyVideos, func(dropID, form, accountID, says string) error {
			v := drop.Video{DropID: dropID, Form: form, AddedBy: accountID, Bytes: int64(len(says)), Video: video.Video{Type: video.MP4}}
			_, err := drop.KeepVideo(context.Background(), h.db, v, strings.NewReader(says))
			return err
		}},
	}
}

// However many come at the same moment, a drop has as many pictures and videos as it may.
func TestUploadsAtTheSameMomentAreNotTooMany(t *testing.T) {
	h := open(t)
	ana := h.person("ana@example.com", account.Manager)
	for name, kind := range h.kinds() {
		t.Run(name, func(t *testing.T) {
			for range 5 {
				d := h.creates(h.draft("Shoes"))
				for n := range kind.most - 1 {
					if err := kind.keep(d.ID, "", ana.ID, fmt.Sprint("before ", n)); err != nil {
						t.Fatal(err)
					}
				}
				var taken atomic.Int32
				var all sync.WaitGroup
				for n := range 8 {
					all.Go(func() {
						if err := kind.keep(d.ID, "", ana.ID, fmt.Sprint("now ", n)); err == nil {
							taken.Add(1)
						} else if !errors.Is(err, kind.full) {
							t.Error(err)
						}
					})
				}
				all.Wait()
				if taken.Load() != 1 {
					t.Errorf("%d were taken where there was room for one", taken.Load())
				}
			}
		})
	}
}

// Somebody takes away what a drop does not show, while somebody else saves it with that in the text: it stays.
func TestWhatADropShowsByNowIsNotTakenAway(t *testing.T) {
	h := open(t)
	ana := h.person("ana@example.com", account.Manager)
	d := h.creates(h.draft("Shoes"))
	for _, kind := range h.kinds() {
		if err := kind.keep(d.ID, "", ana.ID, "one"); err != nil {
			t.Fatal(err)
		}
	}
	var images []drop.Image
	var videos []drop.Video
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		if images, err = drop.Images(ctx, tx, d.ID); err == nil {
			videos, err = drop.Videos(ctx, tx, d.ID)
		}
		return err
	})
	saved := d
	saved.Body, saved.HTML = images[0].Reference()+"\n\n"+videos[0].Reference(), ""
	if p := saved.CheckWith(images, videos); !p.OK() {
		t.Fatal(p)
	}
	h.saves(saved)
	for name, err := range map[string]error{
		"picture": h.update(func(ctx context.Context, tx *data.Tx) error { return drop.RemoveImage(ctx, tx, d.ID, images[0].ID) }),
		"video":   h.update(func(ctx context.Context, tx *data.Tx) error { return drop.RemoveVideo(ctx, tx, d.ID, videos[0].ID) }),
	} {
		if !errors.Is(err, data.ErrTaken) {
			t.Errorf("of the %s is said %v", name, err)
		}
	}
}

// A browser names its forms itself: whoever fills one after the other and saves none has room in a few.
func TestUploadsOfDropsThatAreNeverSavedHaveABound(t *testing.T) {
	h := open(t)
	ana, ben := h.person("ana@example.com", account.Manager), h.person("ben@example.com", account.Manager)
	for name, kind := range h.kinds() {
		t.Run(name, func(t *testing.T) {
			form, n := 0, 0
			for ; form < 100; form++ {
				for n = range kind.most {
					if err := kind.keep("", fmt.Sprint("form ", form), ana.ID, fmt.Sprint(n)); err != nil {
						if !errors.Is(err, drop.ErrManyUnsaved) {
							t.Fatal(err)
						}
						break
					}
				}
				if n < kind.most-1 {
					break
				}
			}
			if form != 4 || n != 0 {
				t.Fatalf("form %d has room for %d", form, n)
			}
			if err := kind.keep("", "form 0", ana.ID, "0"); err != nil {
				t.Errorf("what is there already: %v", err)
			}
			if err := kind.keep("", "form 0", ana.ID, "one more"); !errors.Is(err, kind.full) {
				t.Errorf("one more in a form that is full: %v", err)
			}
			if err := kind.keep("", "form 0", ben.ID, "0"); err != nil {
				t.Errorf("somebody else's: %v", err)
			}
			d := h.creates(h.draft("Shoes"))
			h.must(func(ctx context.Context, tx *data.Tx) error { return drop.AdoptImages(ctx, tx, d.ID, "form 0", ana.ID) })
			if err := kind.keep("", "form 4", ana.ID, "0"); err != nil {
				t.Errorf("after a drop was saved: %v", err)
			}
		})
	}
}
