package drop_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/photo"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// shot is a picture of one colour, as it is after it was uploaded.
func shot(t *testing.T, w, h int, c color.Color) photo.Photo {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		img.Set(i%w, i/w, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	p, err := photo.Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (h house) adds(i drop.Image, p photo.Photo) (added drop.Image) {
	h.Helper()
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		added, err = drop.AddImage(ctx, tx, i, p)
		return err
	})
	return added
}

// Ana uploads a picture for a drop that she is still writing, and a second, and saves the drop.
func TestPicturesOfAFormBecomeThoseOfItsDrop(t *testing.T) {
	h := open(t)
	ana, ben := h.person("ana@example.com", account.Manager), h.person("ben@example.com", account.Manager)
	mine := drop.Image{Form: "form", Alt: " A  [red]\nsole\x00 ", AddedBy: ana.ID}
	red := h.adds(mine, shot(t, 1700, 850, color.RGBA{200, 0, 0, 255}))
	if red.Alt != "A [red] sole" || red.Width != 1600 || red.Height != 800 || red.PhoneWidth != 800 || red.Reference() != "![A (red) sole](image:"+red.ID+")" {
		t.Errorf("added %+v", red)
	}
	h.clock.Advance(time.Second)
	blue := h.adds(mine, shot(t, 20, 20, color.RGBA{0, 0, 200, 255}))
	if again := h.adds(mine, shot(t, 20, 20, color.RGBA{0, 0, 200, 255})); again != blue {
		t.Errorf("the same once more is %+v", again)
	}
	h.adds(drop.Image{Form: "form", AddedBy: ben.ID}, shot(t, 20, 20, color.White))
	d := h.draft("Shoes")
	d.Body = red.Reference() + "\n\n![nothing](image:nothing)"
	d.Cover, d.CoverAlt = blue.ID, "A blue sole"
	if p := d.Check(); p.OK() || p.Fields()[0] != "cover" {
		t.Errorf("a cover that the drop does not have: %v", p)
	}
	d.HTML = "" // as it was typed
	if p := d.Check(red, blue); !p.OK() {
		t.Fatal(p)
	}
	h.must(func(ctx context.Context, tx *data.Tx) (err error) {
		if d, err = drop.Create(ctx, tx, d); err != nil {
			return err
		}
		if err := drop.AdoptImages(ctx, tx, d.ID, "form", ana.ID); err != nil {
			return err
		}
		all, err := drop.Images(ctx, tx, d.ID)
		if err != nil || len(all) != 2 || all[0].ID != red.ID || all[1].ID != blue.ID || all[0].Form != "" {
			t.Errorf("the drop has %+v (%v)", all, err)
		}
		left, err := drop.ImagesOfForm(ctx, tx, "form", ben.ID)
		if len(left) != 1 {
			t.Errorf("of Ben there is left %+v", left)
		}
		return err
	})
	want := `<img src="/m/` + red.ID + `" alt="A (red) sole" width="1600" height="800" srcset="/m/` + red.ID + `-phone 800w, /m/` + red.ID + ` 1600w"`
	if !strings.Contains(d.HTML, want) || !strings.Contains(d.HTML, `loading="lazy"`) || !strings.Contains(d.HTML, "<p>nothing</p>") || d.Cover != blue.ID || d.PublicHTML != "" {
		t.Errorf("it says %s", d.HTML)
	}
	// What nobody saved is gone after two days, as soon as the next comes.
	h.clock.Advance(49 * time.Hour)
	h.adds(drop.Image{DropID: d.ID, AddedBy: ana.ID}, shot(t, 30, 30, color.White))
	h.must(func(ctx context.Context, tx *data.Tx) error {
		left, err := drop.ImagesOfForm(ctx, tx, "form", ben.ID)
		if all, err := drop.Images(ctx, tx, d.ID); len(left) != 0 || len(all) != 3 {
			t.Errorf("%d and %d pictures are left (%v)", len(left), len(all), err)
		}
		return err
	})
}

// Who uploaded a picture can be forgotten; the picture stays with its drop, and goes with it.
func TestPicturesOutliveWhoUploadedThemAndGoWithTheirDrop(t *testing.T) {
	h := open(t)
	ana := h.person("ana@example.com", account.Manager)
	d := h.creates(h.draft("Shoes"))
	i := h.adds(drop.Image{DropID: d.ID, AddedBy: ana.ID}, shot(t, 20, 20, color.White))
	h.must(func(ctx context.Context, tx *data.Tx) error { return account.Erase(ctx, tx, ana.ID) })
	h.must(func(ctx context.Context, tx *data.Tx) error {
		all, err := drop.Images(ctx, tx, d.ID)
		if len(all) != 1 || all[0].AddedBy != "" {
			t.Errorf("the drop has %+v", all)
		}
		return err
	})
	h.must(func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM drops WHERE id = ?`, d.ID)
		return err
	})
	h.must(func(ctx context.Context, tx *data.Tx) error {
		if _, err := drop.CoverCard(ctx, tx, i.ID); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("the picture of a drop that is gone: %v", err)
		}
		return nil
	})
}

// An installation that moves takes its pictures along, and a backup has them.
func TestPicturesAreInCopiesAndBackups(t *testing.T) {
	h := open(t)
	d := h.creates(h.draft("Shoes"))
	var all []drop.Image
	for n := range 9 {
		all = append(all, h.adds(drop.Image{DropID: d.ID, Alt: fmt.Sprint(n)}, shot(t, 900, 60, color.RGBA{uint8(n * 20), 0, 0, 255})))
	}
	d.Cover, d.HTML = all[0].ID, ""
	if p := d.Check(all...); !p.OK() {
		t.Fatal(p)
	}
	h.saves(d)
	contents := func(db *data.DB) (sum map[string]string) {
		t.Helper()
		sum = map[string]string{}
		err := db.View(t.Context(), func(tx *data.Tx) error {
			for _, i := range all {
				for _, size := range []string{drop.DeskSize, drop.PhoneSize, drop.CardSize} {
					s, err := drop.ImageSize(t.Context(), tx, d.ID, i.ID, size)
					if err != nil {
						return err
					}
					sum[i.ID+size] = fmt.Sprint(s.Type, s.Width, s.Height, string(s.Content))
				}
			}
			got, err := drop.ByID(t.Context(), tx, d.ID)
			sum["cover"] = got.Cover
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	same := func(name string, db *data.DB) {
		t.Helper()
		want, got := contents(h.db), contents(db)
		for k, v := range want {
			if got[k] != v {
				t.Errorf("%s: %s differs", name, k)
			}
		}
	}
	other := datatest.New(t, h.clock.Now)
	if err := data.Copy(t.Context(), h.db, other, nil); err != nil {
		t.Fatal(err)
	}
	same("the copy", other)
	backup, dir := filepath.Join(t.TempDir(), "backup.db"), filepath.Join(t.TempDir(), "restored")
	if err := h.db.Backup(t.Context(), backup); err != nil {
		t.Logf("only SQLite is backed up so: %v", err)
		return
	}
	if err := data.Restore(t.Context(), backup, dir); err != nil {
		t.Fatal(err)
	}
	restored, err := data.Open(t.Context(), data.Config{Dir: dir, Now: h.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	same("the backup", restored)
}
