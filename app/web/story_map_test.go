package web_test

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/views"
)

// opened puts opens into the log as if they had come, without the requests: of
// a tree of a hundred thousand those would take minutes. Most bring nobody, some
// a few; every hundredth shares a network. It pauses for two days when half have come.
func (l *launch) opened(token string, n int) {
	l.t.Helper()
	ref, ok := l.server.Tokens().Parse(token)
	if !ok || ref.Kind != id.Link {
		l.t.Fatalf("no link %s", token)
	}
	rng := rand.New(rand.NewPCG(uint64(n), 3))
	var last int64
	l.view(func(ctx context.Context, tx *data.Tx) (err error) {
		last, err = data.Int(ctx, tx, `SELECT coalesce(max(id), 0) FROM opens`)
		return err
	})
	first, at := last, l.clock.Now()
	channels := []visit.Channel{visit.WhatsApp, visit.WhatsApp, visit.WhatsApp, visit.Copy, visit.Messenger, visit.SMS, visit.Unknown}
	branches := map[int64]any{}
	for done := 0; done < n; {
		var rows []any
		for range min(2000, n-done) {
			last++
			done++
			at = at.Add(time.Duration(rng.IntN(max(2*72*3600*1000/n, 1))) * time.Millisecond)
			if done == n/2 {
				at = at.Add(48 * time.Hour)
			}
			var parent, branch any
			if k := last - first - 1; k > 0 && rng.IntN(5) > 0 {
				p := first + 1 + int64(float64(k)*rng.Float64()*rng.Float64())
				parent, branch = p, p
				if b := branches[p]; b != nil {
					branch = b
				}
			}
			branches[last] = branch
			state, c := share.Counted, channels[rng.IntN(len(channels))]
			seen := c
			switch {
			case last%100 == 0:
				state = share.SameNetwork
			case last%7 == 0:
				seen = visit.Instagram
			}
			rows = append(rows, last, ref.ID, parent, branch, at, int64(state), int64(c), int64(seen), 0)
		}
		l.update(func(ctx context.Context, tx *data.Tx) error {
			return data.InsertRows(ctx, tx, `INSERT INTO opens (id, link_id, parent_id, branch_id, opened_at, state, channel, observed, device)`, 9, rows, "")
		})
	}
	l.clock.Set(at.Add(time.Minute))
	l.work()
}

// again signs the manager and Amina in anew: time has gone by.
func (l *launch) again() {
	l.t.Helper()
	l.manager, _ = l.signedIn("manel@novaska.example", account.Manager)
	l.amina, _ = l.signedIn("amina@example.com", account.Ambassador)
	l.ben, _ = l.signedIn("ben@example.com", account.Ambassador)
}

// Whatever the size of the tree, its page tells the same people as the board,
// and its map stays small enough to be read.
func TestATreeOfAnySizeCanBeLookedAt(t *testing.T) {
	for _, n := range []int{0, 1, 5, 3000} {
		t.Run(fmt.Sprint(n, " opens"), func(t *testing.T) {
			l := sharing(t)
			l.opened(l.link, n)
			l.again()
			for _, who := range []*browser{l.manager, l.amina} {
				p := who.get(views.LinkPath(l.link)).wants(http.StatusOK)
				p.safe("a tree")
				if n == 0 {
					p.says("No opens yet")
					continue
				}
				spots, err := strconv.Atoi(p.data("spots")[0])
				if err != nil || spots > 500 || spots < min(n, 300) {
					t.Errorf("%d opens are drawn as %d spots: %v", n, spots, err)
				}
				if rows := p.data("open"); len(rows) != min(n, views.RowsOnPage) {
					t.Errorf("%d rows for %d opens", len(rows), n)
				}
				p.says("How it went", "First open", "When people came")
			}
			for _, what := range []string{".svg", ".png"} {
				p := l.amina.get("/links/" + l.link + "/map" + what).wants(http.StatusOK)
				if name := p.header.Get("Content-Disposition"); name != "attachment; filename=amina-the-halo-trail-shoe"+what {
					t.Errorf("the file is %s", name)
				}
				l.manager.get("/links/" + l.link + "/map" + what).wants(http.StatusOK)
				l.ben.get("/links/" + l.link + "/map" + what).wants(http.StatusNotFound)
			}
		})
	}
}

// Manel goes into the largest branch, reader by reader, and back.
func TestABranchIsAnAddress(t *testing.T) {
	l := sharing(t)
	l.opened(l.link, 3000)
	l.again()
	whole := l.manager.get(views.LinkPath(l.link) + "?order=branch").wants(http.StatusOK)
	number := whole.data("number")[0]
	branch := l.manager.get(views.LinkPath(l.link) + "?branch=" + number).wants(http.StatusOK)
	branch.says("Reader " + number)
	if slices.Equal(branch.data("open"), whole.data("open")) {
		t.Error("the branch lists the same opens as the tree")
	}
	back := false
	for _, a := range all(branch.doc, func(n *html.Node) bool { return n.Data == "a" }) {
		back = back || attr(a, "href") == views.LinkPath(l.link)
	}
	if !back {
		t.Error("no way back to the whole tree")
	}
	l.manager.get(views.LinkPath(l.link) + "?branch=" + number + "&order=oldest&by=channel&page=99").wants(http.StatusOK)
	for _, wrong := range []string{"3001", "-1", "x"} {
		l.manager.get(views.LinkPath(l.link) + "?branch=" + wrong).wants(http.StatusNotFound)
	}
	l.ben.get(views.LinkPath(l.link) + "?branch=" + number).wants(http.StatusNotFound)
	l.amina.get("/links/" + l.link + "/map.svg?branch=" + number).wants(http.StatusOK)
}

// Opens by one share in another app are told as both; fetches that were left
// out are told by day and rule, to managers.
func TestWhatCameIsToldAsSharedAndAsSeen(t *testing.T) {
	l := sharing(t)
	l.opened(l.link, 400)
	l.update(func(ctx context.Context, tx *data.Tx) error {
		ref, _ := l.server.Tokens().Parse(l.link)
		_, err := tx.Exec(ctx, `INSERT INTO tallies (link_id, day, kind, channel, rule, count, last_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			ref.ID, share.Day(l.clock.Now()), int64(share.Previewed), int64(visit.WhatsApp), "unfurl.whatsapp", 1930, l.clock.Now())
		return err
	})
	l.again()
	p := l.manager.get(views.LinkPath(l.link)).wants(http.StatusOK)
	p.says("WhatsApp, opened in Instagram", "Left out: 1,930 previews.", "By day and rule", "unfurl.whatsapp", "Pasted in WhatsApp", "Woke up again")
	l.amina.get(views.LinkPath(l.link)).wants(http.StatusOK).says("Pasted in WhatsApp").lacks("unfurl.whatsapp")
}

// The map of all ambassadors adds up to the board, and shows the chosen one.
func TestTheMapOfAllAmbassadors(t *testing.T) {
	l := sharing(t)
	l.opened(l.link, 300)
	l.opened(l.benLink, 40)
	l.again()
	for _, of := range []string{views.CampaignPath(l.campaign), views.DropPath(l.drop)} {
		p := l.manager.get(of).wants(http.StatusOK).get(views.MapOf(of)).wants(http.StatusOK)
		people := 0
		for _, n := range p.data("people") {
			k, _ := strconv.Atoi(n)
			people += k
		}
		if people < 330 || people > 340 || len(p.data("ambassador")) != 2 {
			t.Errorf("%s: %d people of %v", of, people, p.data("ambassador"))
		}
		chosen := l.manager.get(views.MapOf(of) + "?ambassador=" + l.benID).wants(http.StatusOK)
		if !slices.Contains(chosen.data("link"), l.benLink) {
			t.Errorf("%s: the chosen ambassador's link is not there", of)
		}
		if !strings.Contains(chosen.body, "chosen-way") || strings.Contains(p.body, "chosen-way") {
			t.Errorf("%s: the chosen branch is not told apart", of)
		}
		l.manager.get(views.MapOf(of) + "?ambassador=nobody").wants(http.StatusNotFound)
		l.amina.get(views.MapOf(of)).wants(http.StatusNotFound)
		picture := l.manager.get(views.MapOf(of) + ".png?ambassador=" + l.benID).wants(http.StatusOK)
		if img, err := png.Decode(bytes.NewReader([]byte(picture.body))); err != nil || img.Bounds().Dx() < 800 {
			t.Errorf("%s: %v", of, err)
		}
		l.amina.get(views.MapOf(of) + ".svg").wants(http.StatusNotFound)
	}
}

// BenchmarkTree is the page of a tree of 100 000 opens, through the whole
// handler: the first look at it, and the next ones.
func BenchmarkTree(b *testing.B) {
	l := newLaunch(found(b))
	noon := l.clock.Now()
	l.release(noon, noon, noon.Add(24*time.Hour))
	l.opened(l.link, 100_000)
	l.again()
	ask := func(b *testing.B, server http.Handler, path string) {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, l.base+path, http.NoBody)
		for _, c := range l.manager.jar.Cookies(l.manager.address(path)) {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		if server.ServeHTTP(w, r); w.Code != http.StatusOK {
			b.Fatalf("%s answers %d", path, w.Code)
		}
	}
	b.Run("first look", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			fresh := l.another()
			ask(b, fresh, "/drops")
			b.StartTimer()
			ask(b, fresh, views.LinkPath(l.link))
		}
	})
	for _, path := range []string{views.LinkPath(l.link), views.LinkPath(l.link) + "?branch=1", views.MapOf(views.CampaignPath(l.campaign)), "/links/" + l.link + "/map.svg", "/links/" + l.link + "/map.png"} {
		b.Run("next "+path[strings.LastIndex(path, "/"):], func(b *testing.B) {
			for b.Loop() {
				ask(b, l.server, path)
			}
		})
	}
}
