package web_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"strings"
	"testing"

	"ricochet.example/app/drop"
	"ricochet.example/app/parcel"
	"ricochet.example/data"
)

// What a drop says leaves as a file and comes back as a draft that says the same: every field, the pictures with
// their words, and the cover. Nothing is saved by that.
func TestADropLeavesAsAFileAndComesBackAsADraftThatSaysTheSame(t *testing.T) {
	s := openStudio(t)
	f := s.manager.get("/drops/new").form("/drops").
		attaches("/drops/pictures", "a.png", pngOf(1300, 700, color.RGBA{200, 60, 20, 255}), "title", "L'été: “Halo”", "alt", "The sole, from below").form("/drops").
		attaches("/drops/pictures", "b.png", pngOf(900, 600, color.RGBA{20, 60, 200, 255}), "alt", "Not shown").form("/drops")
	shown := reference.FindStringSubmatch(f.value("body"))[1]
	body := "Intro\n\n---\n\n![The sole](image:" + shown + " \"Below\")\n\n:::early\nEarly **words**\n:::\n\n[A link](https://novaska.example/a)"
	path := strings.TrimSuffix(f.send("body", body, "cover", shown, "cover_alt", "A cover", "teaser", "Soon: # really", "tags", "Running, halo",
		"action", "Try it", "action_url", "https://novaska.example/halo?a=1", "utm_source", "ricochet", "language", "fr").follow().path, "/release")
	edit := s.manager.get(path + "/edit").form(path)
	edit.values["caption"] = []string{"One {{link}}", "Two\nlines: \"yes\""}
	edit.send().to(path)

	for _, way := range []struct{ from, to string }{{path, path + "/parcel"}, {"/drops", "/drops/parcel"}, {"/drops/new", "/drops/parcel"}} {
		s.manager.get(way.from).holds(`href="` + way.to + `"`)
	}
	file := s.manager.get(path + "/parcel").wants(http.StatusOK)
	if got := file.header.Get("Content-Disposition"); got != `attachment; filename=l-ete-halo.zip` {
		t.Error(got)
	}
	z, err := zip.NewReader(strings.NewReader(file.body), int64(len(file.body)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range z.File {
		names = append(names, e.Name)
	}
	if got := strings.Join(names, " "); got != "text.md images/1.jpg" && got != "text.md images/1.png" {
		t.Errorf("the zip holds %s", got)
	}

	taken := s.manager.attachIn("parcel", "/drops/parcel", "halo.zip", []byte(file.body), nil)
	draft := taken.follow().wants(http.StatusOK).says("open as a draft").form("/drops")
	for name, want := range map[string]string{
		"title": "L'été: “Halo”", "teaser": "Soon: # really", "tags": "running, halo", "action": "Try it", "action_url": "https://novaska.example/halo?a=1",
		"utm_source": "ricochet", "language": "fr", "cover_alt": "A cover", "campaign": s.campaign,
	} {
		if got := draft.value(name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	again := draft.value("cover")
	if again == "" || again == shown || draft.value("body") != strings.ReplaceAll(body, shown, again) {
		t.Errorf("the cover is %q and the text %q", again, draft.value("body"))
	}
	if got := fmt.Sprint(draft.values["caption"][:2]); got != fmt.Sprint([]string{"One {{link}}", "Two\nlines: \"yes\""}) {
		t.Errorf("the captions are %s", got)
	}
	n := 0
	count := func() {
		s.view(func(ctx context.Context, tx *data.Tx) error {
			all, err := data.Int(ctx, tx, `SELECT count(*) FROM drops`)
			n = int(all)
			return err
		})
	}
	if count(); n != 1 {
		t.Errorf("there are %d drops before it was saved", n)
	}
	second := strings.TrimSuffix(draft.send().follow().path, "/release")
	if count(); n != 2 {
		t.Errorf("there are %d drops after it was saved", n)
	}
	s.view(func(ctx context.Context, tx *data.Tx) error {
		one, err := drop.ByID(ctx, tx, strings.TrimPrefix(path, "/drops/"))
		if err != nil {
			return err
		}
		other, err := drop.ByID(ctx, tx, strings.TrimPrefix(second, "/drops/"))
		if err != nil {
			return err
		}
		if got := strings.ReplaceAll(other.HTML, again, shown); got != one.HTML {
			t.Errorf("it reads\n%s\nand not\n%s", got, one.HTML)
		}
		images, err := drop.Images(ctx, tx, other.ID)
		if len(images) != 1 || images[0].Alt != "The sole, from below" {
			t.Errorf("its pictures are %v", images)
		}
		return err
	})
}

// zipped is a zip of files by name and content.
func zipped(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err == nil {
			_, err = io.WriteString(w, files[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is not taken is refused on the same page, in words, and leaves nothing behind. Where a picture was taken, by
// whom, and whatever else is in its file stays outside.
func TestAFileThatIsNoDropIsRefusedInWordsAndPicturesInItAreMadeAnew(t *testing.T) {
	s := openStudio(t)
	take := func(file []byte) *page {
		return s.manager.attachIn("parcel", "/drops/parcel", "x.zip", file, nil)
	}
	for _, c := range []struct {
		file []byte
		says string
	}{
		{nil, "not a zip file"},
		{[]byte("MZ"), "not a zip file"},
		{zipped(t, "text.md", "x", "../1.png", "x"), "leads elsewhere"},
		{zipped(t, "text.md", "x", "1.png", "<script>"), "1.png: That is no picture"},
		{zipped(t, "text.md", "x", "1.png", strings.Repeat("\x00", 11<<20)), "1.png holds more than 10 MB"},
		{zipped(t, "text.md", "x", "1.svg", "<svg/>"), "1.svg is none of the files"},
	} {
		take(c.file).wants(http.StatusUnprocessableEntity).says(c.says)
	}
	s.manager.pours("parcel", "/drops/parcel", parcel.MostBytes+1).wants(http.StatusUnprocessableEntity).says("larger than 150 MB")
	s.view(func(ctx context.Context, tx *data.Tx) error {
		n, err := data.Int(ctx, tx, `SELECT (SELECT count(*) FROM drafts) + (SELECT count(*) FROM images)`)
		if n != 0 {
			t.Errorf("%d things were left behind", n)
		}
		return err
	})
	file := spoken(pngOf(1300, 700, color.RGBA{200, 60, 20, 255}), "ZQXVQWZMETA")
	f := take(zipped(t, "text.md", "# Mine\n\n![A sole](1.png)", "1.png", string(file))).follow().wants(http.StatusOK).form("/drops")
	picture := s.manager.get("/m/" + reference.FindStringSubmatch(f.value("body"))[1]).wants(http.StatusOK)
	if strings.Contains(picture.body, "ZQXVQWZMETA") {
		t.Error("the picture says what was in its file besides")
	}
	if picture.header.Get("Content-Type") == "image/jpeg" {
		if _, err := jpeg.Decode(strings.NewReader(picture.body)); err != nil {
			t.Error(err)
		}
	}
}
