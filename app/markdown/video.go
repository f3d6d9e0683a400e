package markdown

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// Video is one of ours that a text may show, in pixels.
type Video struct {
	Width, Height int
	Poster        string // the id of the picture that stands there until it is played; may be empty
	Tracks        []Track
}

// Track is subtitles of a video.
type Track struct {
	Language string // as BCP 47 calls it
	Label    string // as the language calls itself
}

// TrackPath is where the subtitles of a video are.
func TrackPath(videoID, language string) string { return "/v/" + videoID + "/" + language + ".vtt" }

// ownTrack is the address of subtitles of a video that was uploaded here.
var ownTrack = regexp.MustCompile(`^/v/[a-z0-9]{1,64}/[a-z-]{2,12}\.vtt$`)

// uploadedVideo is the address by which a text refers to a video that was uploaded for it.
var uploadedVideo = regexp.MustCompile(`^video:([a-z0-9]{1,64})$`)

// ownVideo is the address of a video that was uploaded here.
var ownVideo = regexp.MustCompile(`^/v/[a-z0-9]{1,64}$`)

// linkedVideo is the address of a video that is elsewhere, as a text names it.
var linkedVideo = regexp.MustCompile(`(?i)^(?:video:)?(https://[\pL\pN\[].*)$`)

// watchClass is how the style sheet knows a link that leads to a video.
const watchClass = "watch"

// videoHosts are where an address is that of a video, whatever follows.
var videoHosts = []string{"youtube.com", "youtu.be", "vimeo.com", "dailymotion.com", "dai.ly", "tiktok.com"}

// elsewhere is the address of a video that is not ours, and whose it is; the text says "video:" before it, or it is
// one that is known.
func elsewhere(destination string) (address, host string, ok bool) {
	m := linkedVideo.FindStringSubmatch(destination)
	if m == nil {
		return "", "", false
	}
	u, err := url.Parse(m[1])
	if err != nil || u.Host == "" || u.User != nil {
		return "", "", false
	}
	host = strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	known := slices.ContainsFunc(videoHosts, func(h string) bool { return host == h || strings.HasSuffix(host, "."+h) })
	ending := strings.ToLower(path.Ext(u.Path))
	ok = known || ending == ".mp4" || ending == ".webm" || m[1] != destination
	return m[1], host, ok
}

// video shows an uploaded video in its place, and one that is elsewhere as a link: nobody who reads asks another's
// server for anything before they choose to. It says whether there is one.
func (v *visit) video(parent ast.Node, n *ast.Image, inLink bool) bool {
	if id := uploadedVideo.FindSubmatch(n.Destination); id != nil {
		film, known := v.media.Videos[string(id[1])]
		if !known || inLink {
			unwrap(parent, n)
			return true
		}
		parent.ReplaceChild(parent, n, raw(film.html(string(id[1]), words(n, v.source))))
		v.measure(n.Destination, nil)
		return true
	}
	address, host, ok := elsewhere(string(n.Destination))
	if !ok || inLink {
		return false
	}
	link := ast.NewLink()
	link.Destination = []byte(address)
	link.SetAttributeString("rel", []byte(Rel))
	link.SetAttributeString("class", []byte(watchClass))
	link.SetAttributeString("target", []byte("_blank"))
	said := words(n, v.source)
	if said == "" {
		said, host = host, ""
	}
	link.AppendChild(link, raw(escaped(said)))
	if host != "" {
		link.AppendChild(link, raw(" <small>"+escaped(host)+"</small>"))
	}
	parent.ReplaceChild(parent, n, link)
	return true
}

// html is the video as a page plays it: nothing of it is fetched before that is asked for, nothing moves when it
// comes, and who cannot play it finds the file.
func (v Video) html(id, said string) string {
	var b strings.Builder
	b.WriteString(`<video src="/v/` + id + `" controls="" preload="none" playsinline="" width="` + strconv.Itoa(v.Width) +
		`" height="` + strconv.Itoa(v.Height) + `"`)
	if v.Poster != "" {
		b.WriteString(` poster="/m/` + escaped(v.Poster) + `"`)
	}
	if said != "" {
		b.WriteString(` aria-label="` + escaped(said) + `"`)
	} else {
		said = "▶"
	}
	b.WriteString(`>`)
	for _, t := range v.Tracks {
		b.WriteString(`<track kind="subtitles" src="` + TrackPath(id, escaped(t.Language)) + `" srclang="` + escaped(t.Language) + `" label="` + escaped(t.Label) + `"/>`)
	}
	b.WriteString(`<a href="/v/` + id + `">` + escaped(said) + `</a></video>`)
	return b.String()
}

func escaped(s string) string { return string(util.EscapeHTML([]byte(s))) }

// raw is HTML that was made here, of which all that people wrote is escaped.
func raw(html string) ast.Node {
	s := ast.NewString([]byte(html))
	s.SetCode(true)
	return s
}

// words are the text of a node.
func words(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(n.Segment.Value(source)))))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}
