package web_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image/color"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/parcel"
	"ricochet.example/app/squad"
	"ricochet.example/app/video/videotest"
	"ricochet.example/app/web"
	"ricochet.example/data"
)

// spoken is a picture's file that says something besides.
func spoken(file []byte, words string) []byte {
	chunk := append([]byte("tEXtComment\x00"), words...)
	var said bytes.Buffer
	said.Write(file[:33]) // up to the end of the head
	_ = binary.Write(&said, binary.BigEndian, uint32(len(chunk)-4))
	said.Write(chunk)
	_ = binary.Write(&said, binary.BigEndian, crc32.ChecksumIEEE(chunk))
	said.Write(file[33:])
	return said.Bytes()
}

// watched is an embargoed drop with a mark in every field, and everyone who may not see it.
type watched struct {
	*studio
	drop, link, image, video string
	solo                     string // the link of somebody who is told of it by hand
	values                   map[string]string
	more                     []string        // addresses that no route has for its own
	paths                    map[string]bool // that somebody was shown once
}

// plants puts a drop that came as a file beside the one that is watched, in the form of a new one: its words, its
// picture and its video are nobody's but the manager's.
func (s *watched) plants() {
	film := videotest.MP4{Says: "ZQXVQWZPARCEL"}.File()
	p := parcel.Parcel{
		Title: "ZQXVQWZPARCEL title", Body: "ZQXVQWZPARCEL ![ZQXVQWZPARCEL](ZQXVQWZPARCEL.png) ![ZQXVQWZPARCEL](ZQXVQWZPARCEL.mp4)", Files: []parcel.File{
			{Name: "ZQXVQWZPARCEL.png", Content: spoken(pngOf(30, 30, color.White), "ZQXVQWZMETA")},
			{Name: "ZQXVQWZPARCEL.mp4", Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(film)), nil }, Poster: "ZQXVQWZPARCEL.png"},
		},
	}
	var file bytes.Buffer
	if err := p.Write(&file, s.clock.Now()); err != nil {
		s.t.Fatal(err)
	}
	taken := s.manager.attachIn("parcel", "/drops/parcel", "ZQXVQWZPARCEL.zip", file.Bytes(), nil).follow()
	f := taken.form("/drops")
	image, video := reference.FindStringSubmatch(f.value("body"))[1], filmed.FindStringSubmatch(f.value("body"))[1]
	taken.browser.get("/v/" + video).wants(http.StatusOK).holds("ZQXVQWZPARCEL")
	s.more = append(s.more, taken.path, "/m/"+image, "/m/"+image+"-phone", "/v/"+video, "/s/"+s.link+"/m/"+image, "/s/"+s.link+"/v/"+video)
}

// tells has the manager tell somebody of the drop by hand, and have a captain's moment with it as soon as it may be
// shared.
func (s *watched) tells() {
	at := "/drops/" + s.drop + "/solo"
	s.solo = s.manager.get(at).form(at).send("list", "ZQXVQWZSOLO, zqxvqwzsolo@example.com").wants(http.StatusOK).form(at + "/add").send().follow().data("recipient")[0]
	for _, behind := range []string{"", "/whatsapp", "/card/any.jpg", "/m/" + s.image, "/v/" + s.video, "/v/" + s.video + "/fr.vtt"} {
		s.more = append(s.more, "/s/"+s.solo+behind)
	}
	s.more = append(s.more, at, at+"?words=2", "/links/"+s.solo)
}

// opensMoment has the manager open a moment with the drop, for the squad that may share it now.
func (s *watched) opensMoment() {
	at := "/squads/" + s.squad + "/moments"
	there := s.manager.get(at).form(at).send("drop", s.drop, "heads", "7").follow().wants(http.StatusOK).says("ZQXVQWZTITLE").path
	s.values["moment"] = strings.TrimPrefix(there, at+"/")
	s.more = append(s.more, "/s/"+s.link+"/moment")
}

// Everything that a drop says carries a mark: the name of its campaign, its fields, those of older versions, what is
// typed and not saved, the files of its picture and its video and what was in them, a drop that came as a file, and
// whom the brand tells of it by hand. Whoever may not see it looks everywhere, at every route and along every
// link, and finds none; from the second on from which they may, all of it is there.
func TestNoMarkOfAnEmbargoedDropIsFoundBeforeItsTimeAndEachFromThenOn(t *testing.T) {
	s := &watched{studio: openStudio(t), paths: map[string]bool{}}
	s.update(func(ctx context.Context, tx *data.Tx) error {
		sq, err := squad.ByID(ctx, tx, s.squad)
		sq.CaptainID = s.aminas.ID // who leads sees no more of it than others
		return errors.Join(err, squad.Change(ctx, tx, sq))
	})
	film := videotest.MP4{Says: "ZQXVQWZFILM", Place: true}.File()
	f := s.manager.get("/drops/new").form("/drops").attaches("/drops/pictures", "ZQXVQWZFILE.png", spoken(pngOf(1300, 700, color.RGBA{200, 60, 20, 255}), "ZQXVQWZMETA"),
		"title", "ZQXVQWZOLD title", "body", "ZQXVQWZOLD text", "alt", "ZQXVQWZALT").wants(http.StatusOK).form("/drops").
		shoots("/drops/videos", "ZQXVQWZFILE.mp4", film, "video_alt", "ZQXVQWZFILMALT").wants(http.StatusOK).form("/drops")
	s.image, s.video = reference.FindStringSubmatch(f.value("body"))[1], filmed.FindStringSubmatch(f.value("body"))[1]
	f = f.browser.attachIn("subtitles_"+s.video, "/drops/videos/"+s.video+"/subtitles", "ZQXVQWZFILE.vtt", []byte("WEBVTT ZQXVQWZMETA\n\nNOTE ZQXVQWZMETA\n\n00:00.000 --> 00:00.500\nZQXVQWZSAID\n"),
		url.Values{"once": {f.value("once")}, "title": {f.value("title")}, "body": {f.value("body")}, "subtitles_language_" + s.video: {"fr"}}).wants(http.StatusOK).form("/drops")
	body := "ZQXVQWZTEXT\n\n![ZQXVQWZALT](image:" + s.image + ")\n\n![ZQXVQWZFILMALT](video:" + s.video + ")\n\n![ZQXVQWZWATCH](https://youtu.be/ZQXVQWZYOUTUBE)\n\n:::early\nZQXVQWZEARLY\n:::\n\n:::public\nZQXVQWZPUBLIC\n:::\n\n[ZQXVQWZLINK](https://novaska.example/ZQXVQWZHREF)"
	s.manager.get("/campaigns/"+s.campaign+"/edit").form("/campaigns/"+s.campaign).send("name", "ZQXVQWZNAME", "goal", "ZQXVQWZGOAL", "starts_at", "2025-01-01T00:00").to("/campaigns/" + s.campaign)
	path := strings.TrimSuffix(f.send("cover", s.image, "cover_alt", "ZQXVQWZCOVER").follow().path, "/release")
	s.drop = strings.TrimPrefix(path, "/drops/")
	edit := s.manager.get(path + "/edit").form(path)
	edit.send("title", "ZQXVQWZTITLE", "teaser", "ZQXVQWZTEASER", "body", body, "caption", "ZQXVQWZCAPTION", "action", "ZQXVQWZACTION",
		"action_url", "https://novaska.example/ZQXVQWZURL", "utm_source", "ZQXVQWZSOURCE", "utm_medium", "ZQXVQWZMEDIUM", "utm_campaign", "ZQXVQWZCAMPAIGN", "tags", "ZQXVQWZTAG").to(path)
	draft := s.manager.get(path + "/edit").form(path)
	draft.values.Set("body", "ZQXVQWZDRAFT")
	s.manager.send(path+"/draft", draft.values).wants(http.StatusOK)
	s.releases(path)
	s.update(func(ctx context.Context, tx *data.Tx) error {
		id, err := data.Int(ctx, tx, `SELECT id FROM links WHERE drop_id = ?`, s.drop)
		s.link = s.server.Tokens().Link(id)
		return err
	})
	s.plants()
	s.tells()
	s.values = map[string]string{
		"video": s.video, "subtitles": "fr.vtt", "spoken": "fr", "moment": "0",

		"drop": s.drop, "token": s.link, "image": s.image, "card": "any.jpg", "channel": "whatsapp", "version": "1", "draft": draft.value("once"),
		"squad": s.squad, "campaign": s.campaign, "member": s.aminas.ID, "rehearsal": s.link,
	}

	filmMark, track, saidMark := []string{"ZQXVQWZFILM"}, s.video+"/fr.vtt", []string{"ZQXVQWZSAID"}
	everyone := map[string]*browser{
		"a reader": s.stranger, "a messenger": s.reader("User-Agent", whatsApp), "an outsider": s.outsider, "Amina": s.amina,
	}
	// What they may see, and from which hour on: Lyon reads from 1, its link shows the drop from 2, everyone from 3.
	shown := []string{"ZQXVQWZFILMALT", "ZQXVQWZWATCH", "ZQXVQWZYOUTUBE", s.video, "ZQXVQWZTITLE", "ZQXVQWZTEXT", "ZQXVQWZALT", "ZQXVQWZCOVER", "ZQXVQWZLINK", "ZQXVQWZHREF"}
	at := map[string][]struct {
		path  string
		from  int
		marks []string
	}{
		"a reader": {
			{"/s/" + s.link, 2, append(slices.Clone(shown), "ZQXVQWZTEASER", "ZQXVQWZACTION", "ZQXVQWZURL", "ZQXVQWZSOURCE", "ZQXVQWZMEDIUM", "ZQXVQWZCAMPAIGN", "zqxvqwztag")},
			{"/s/" + s.link + "/v/" + s.video, 2, filmMark},
			{"/s/" + s.link + "/v/" + track, 2, saidMark},
			{"/s/" + s.solo + "/v/" + track, 3, saidMark},
			{"/s/" + s.solo, 3, shown},
			{"/s/" + s.solo + "/v/" + s.video, 3, filmMark},
		},
		"a messenger": {{"/s/" + s.link, 2, append(slices.Clone(shown), "ZQXVQWZTEASER")}, {"/s/" + s.link + "/v/" + s.video, 2, filmMark}},
		"an outsider": {{path, 3, shown}, {"/v/" + s.video, 3, filmMark}, {"/v/" + track, 3, saidMark}},
		"Amina":       {{path, 1, append(slices.Clone(shown), "zqxvqwztag")}, {"/v/" + s.video, 1, filmMark}, {"/v/" + track, 1, saidMark}},
	}
	for hour := range 4 {
		if hour == 2 {
			s.opensMoment()
		}
		for _, second := range []time.Duration{0, time.Hour - time.Second} {
			s.later(second)
			for name, who := range everyone {
				may := 9
				for _, place := range at[name] {
					may = min(may, place.from)
					page := who.get(place.path)
					for _, mark := range place.marks {
						if got := strings.Contains(page.body, mark); got != (hour >= place.from) {
							t.Errorf("hour %d and %v, %s: %s is there: %v", hour, second, name, mark, got)
						}
					}
					if strings.Contains(place.path, "/v/") {
						continue
					}
					for mark, want := range map[string]bool{"ZQXVQWZEARLY": hour >= place.from && hour < 3, "ZQXVQWZPUBLIC": hour >= 3} {
						if strings.Contains(page.body, mark) != want {
							t.Errorf("hour %d, %s: %s is there: %v", hour, name, mark, !want)
						}
					}
				}
				s.crawl(t, name, who, hour < min(may, 2))
			}
			s.work()
			if n := s.mails(`id <> ?`, ""); hour < 1 && n != 0 {
				t.Errorf("before anybody may read it %d mails say something of it", n)
			}
		}
		s.later(time.Second)
	}
	if len(s.paths) < 60 {
		t.Errorf("only %d addresses were looked at", len(s.paths))
	}
	if n := s.mails(`recipient <> ?`, s.aminas.Email); n != 0 {
		t.Errorf("%d mails say something of it to somebody who may not read it", n)
	}
	for _, mark := range never {
		if n := s.mails(`upper(subject || body || html) LIKE ?`, "%"+mark+"%"); n != 0 {
			t.Errorf("%d mails say %s", n, mark)
		}
	}
	if strings.Contains(strings.ToUpper(s.log.String()), "ZQXVQWZ") {
		t.Errorf("the log says %s", s.log)
	}
}

// mails are how many there are with a mark, of some.
func (s *watched) mails(where string, arg any) (n int64) {
	s.view(func(ctx context.Context, tx *data.Tx) (err error) {
		n, err = data.Int(ctx, tx, `SELECT count(*) FROM mails WHERE upper(subject || body || html) LIKE '%ZQXVQWZ%' AND `+where, arg)
		return err
	})
	return n
}

// never are the marks of what nobody but staff sees at any time: what is past, not saved, or was in a file.
var never = []string{"ZQXVQWZOLD", "ZQXVQWZDRAFT", "ZQXVQWZFILE", "ZQXVQWZMETA", "ZQXVQWZPARCEL", "ZQXVQWZSOLO"}

// ofADrop is what the address of a route has that is about a drop.
var ofADrop = regexp.MustCompile(`\{(drop|draft|video|image|moment)\}`)

// crawl looks at every route and along every link. While nothing may be seen it finds no mark at all, but for the
// teaser, which the squads of the release are told; else none of those that nobody sees.
func (s *watched) crawl(t *testing.T, name string, who *browser, nothing bool) {
	t.Helper()
	var open []string
	seen := map[string]bool{}
	visit := func(p *page) {
		said := strings.ToUpper(p.body)
		for header, values := range p.header {
			said += "\n" + strings.ToUpper(header+": "+strings.Join(values, ", "))
		}
		if name == "Amina" {
			said = strings.ReplaceAll(said, "ZQXVQWZTEASER", "")
		}
		if nothing && strings.Contains(said, "ZQXVQWZ") {
			at := strings.Index(said, "ZQXVQWZ")
			t.Errorf("%s, %s %s: %s", name, p.method, p.path, said[at:min(len(said), at+20)])
		}
		for _, mark := range never {
			if strings.Contains(said, mark) {
				t.Errorf("%s, %s %s: %s", name, p.method, p.path, mark)
			}
		}
		for _, n := range all(p.doc, func(n *html.Node) bool { return has(n, "href") || has(n, "src") || has(n, "poster") }) {
			to, err := url.Parse(cmp.Or(attr(n, "href"), attr(n, "src"), attr(n, "poster")))
			if err == nil && (to.Host == "" || strings.HasPrefix(to.String(), s.base)) && strings.HasPrefix(to.Path, "/") && !strings.HasPrefix(to.Path, "/static/") {
				open = append(open, to.RequestURI())
			}
		}
	}
	for _, rt := range s.server.Routes() {
		there := wildcard.ReplaceAllStringFunc(strings.ReplaceAll(rt.Pattern, "{$}", ""), func(w string) string {
			if v := s.values[strings.Trim(w, "{.}")]; v != "" {
				return v
			}
			return "any"
		})
		switch {
		case rt.Method == http.MethodGet:
			open = append(open, there)
			if strings.Contains(rt.Pattern, "{image}") {
				open = append(open, there+"-phone", there+"-card")
			}
		case rt.Answers[web.Outsider] == web.NotFound && ofADrop.MatchString(rt.Pattern):
			visit(who.post(there)) // what changes something is refused without a word of it too
		}
	}
	open = append(open, s.more...)
	open = append(open, "/sitemap.xml", "/feed", "/robots.txt", "/drops/"+s.drop+".md", "/search?q=halo")
	for len(open) > 0 && len(seen) < 300 {
		there := open[0]
		open = open[1:]
		if seen[there] || strings.Contains(there, "/search") && seen["/search"] {
			continue
		}
		seen[there], s.paths[there] = true, true
		visit(who.get(there))
	}
}
