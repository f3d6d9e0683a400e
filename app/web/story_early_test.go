package web_test

import (
	"context"
	"image/color"
	"net/http"
	"strings"
	"testing"
	"time"

	"ricochet.example/data"
)

// Until a drop is public those who see it read what is for early readers, then everyone reads the rest. What
// the other is for cannot be fetched either.
func TestWhatIsForEarlyReadersAndWhatIsForEveryone(t *testing.T) {
	s := openStudio(t)
	f := s.manager.get("/drops/new").form("/drops").attaches("/drops/pictures", "a.png", pngOf(400, 200, color.White), "alt", "early bird", "title", "Halo", "body", "Both.")
	early := reference.FindStringSubmatch(f.form("/drops").value("body"))[1]
	f = f.form("/drops").attaches("/drops/pictures", "b.png", pngOf(200, 400, color.Black), "alt", "public place")
	later := reference.FindAllStringSubmatch(f.form("/drops").value("body"), -1)[1][1]
	body := "Both read this.\n\n:::early\nONLYEARLY[^1] ![early bird](image:" + early + ")\n:::\n\n:::public\nONLYPUBLIC ![public place](image:" + later + ")\n:::\n\n[^1]: EARLYNOTE"
	dropPath := strings.TrimSuffix(f.form("/drops").send("body", body).follow().path, "/release")
	s.releases(dropPath)
	s.later(2 * time.Hour)
	link := ""
	s.view(func(ctx context.Context, tx *data.Tx) error {
		id, err := data.Int(ctx, tx, `SELECT id FROM links WHERE drop_id = ?`, strings.TrimPrefix(dropPath, "/drops/"))
		link = "/s/" + s.server.Tokens().Link(id)
		return err
	})
	for _, public := range []bool{false, true} {
		if public {
			s.later(time.Hour)
		}
		for _, p := range []*page{s.stranger.get(link), s.amina.get(dropPath)} {
			p.wants(http.StatusOK).says("Both read this.")
			for mark, want := range map[string]bool{"ONLYEARLY": !public, "EARLYNOTE": !public, early: !public, "ONLYPUBLIC": public, later: public, ":::": false} {
				if strings.Contains(p.body, mark) != want {
					t.Errorf("public %v, %s: %s is there: %v", public, p.path, mark, !want)
				}
			}
		}
		for imageID, want := range map[string]bool{early: !public, later: public} {
			for _, p := range []*page{s.stranger.get(link + "/m/" + imageID), s.amina.get("/m/" + imageID)} {
				if (p.status == http.StatusOK) != want {
					t.Errorf("public %v, %s: %d", public, p.path, p.status)
				}
			}
		}
		s.manager.get("/m/" + early).wants(http.StatusOK)
		s.manager.get("/m/" + later).wants(http.StatusOK)
	}
}

// What is for early readers alone is not taken, for the page would be empty for everyone else; where it was
// taken once, everyone reads nothing of it.
func TestWhatIsForEarlyReadersAloneStaysWithThem(t *testing.T) {
	s := openStudio(t)
	f := s.manager.get("/drops/new").form("/drops").attaches("/drops/pictures", "a.png", pngOf(400, 200, color.White), "alt", "early bird", "title", "Halo", "body", "Both.")
	early := reference.FindStringSubmatch(f.form("/drops").value("body"))[1]
	only := ":::early\nSECRET ![early bird](image:" + early + ")\n"
	for _, body := range []string{only + ":::\n", only, only + "```\n:::\n"} {
		f.form("/drops").send("body", body).wants(http.StatusUnprocessableEntity).says("for early readers")
	}
	dropPath := strings.TrimSuffix(f.form("/drops").send("body", only+":::\n\nBoth.").follow().path, "/release")
	s.releases(dropPath)
	s.update(func(ctx context.Context, tx *data.Tx) error { // as it was saved before
		_, err := tx.Exec(ctx, `UPDATE drop_versions SET body = ?, public_html = '' WHERE drop_id = ?`, only+":::\n", strings.TrimPrefix(dropPath, "/drops/"))
		return err
	})
	s.later(2 * time.Hour)
	link := ""
	s.view(func(ctx context.Context, tx *data.Tx) error {
		id, err := data.Int(ctx, tx, `SELECT id FROM links WHERE drop_id = ?`, strings.TrimPrefix(dropPath, "/drops/"))
		link = "/s/" + s.server.Tokens().Link(id)
		return err
	})
	for _, public := range []bool{false, true} {
		if public {
			s.later(time.Hour)
		}
		for _, p := range []*page{s.stranger.get(link), s.amina.get(dropPath)} {
			if strings.Contains(p.wants(http.StatusOK).body, "SECRET") == public {
				t.Errorf("public %v: %s shows it: %v", public, p.path, public)
			}
		}
		for _, p := range []*page{s.stranger.get(link + "/m/" + early), s.amina.get("/m/" + early)} {
			if (p.status == http.StatusOK) == public {
				t.Errorf("public %v, %s: %d", public, p.path, p.status)
			}
		}
	}
}
