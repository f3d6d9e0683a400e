package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ricochet.example/views"
)

// How much may be sent for a page, in bytes as they travel, with the headers of the answers left out.
const (
	readerSize = 14_000 // to read and to share: the page, its sheet and its script
	firstSize  = 60_000 // the first page of a member who comes with nothing, fonts included
	nextSize   = 8_000  // every page after it: what is named by its content is kept for ever
)

// sentSize is how many bytes the answer to a browser has, which takes gzip.
func (b *browser) sentSize(path string) int {
	b.t.Helper()
	packed := b.asks(http.MethodGet, path, "", "Accept-Encoding", "gzip").wants(http.StatusOK)
	if packed.header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader([]byte(packed.body)))
		if err != nil {
			b.t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, z); err != nil {
			b.t.Fatalf("%s: %v", path, err)
		}
	} else if !strings.HasSuffix(path, ".woff2") {
		b.t.Errorf("%s is not compressed", path)
	}
	return len(packed.body)
}

var fontInSheet = regexp.MustCompile(`url\((/static/[^)]+\.woff2)\)`)

// needs are the files that a page cannot be shown without: sheets, scripts and fonts. Pictures come later.
func (b *browser) needs(path string) (files []string) {
	b.t.Helper()
	for _, n := range all(b.get(path).doc, func(n *html.Node) bool {
		return n.Data == "link" && attr(n, "rel") == "stylesheet" || n.Data == "script" && has(n, "src")
	}) {
		file := attr(n, "href") + attr(n, "src")
		files = append(files, file)
		if n.Data == "link" {
			for _, found := range fontInSheet.FindAllStringSubmatch(b.asks(http.MethodGet, file, "").body, -1) {
				files = append(files, found[1])
			}
		}
	}
	return files
}

// A phone on a slow network gets the page in the first answers of its first connection: ten packets of 1,460
// bytes, of which headers take some. The fonts come after, and nothing moves when they do.
func TestWhatIsNeededToReadAndShareFitsIntoTheFirstPackets(t *testing.T) {
	l := sharing(t)
	rosa := l.reader("User-Agent", iphone)
	path := "/s/" + l.link
	total := rosa.sentSize(path)
	for _, file := range rosa.needs(path) {
		if !strings.HasSuffix(file, ".woff2") {
			total += rosa.sentSize(file)
		}
	}
	t.Logf("%d bytes to read and to share", total)
	if total > readerSize {
		t.Errorf("page, style and script together are %d bytes, more than %d", total, readerSize)
	}
}

// The pages are those of a member of a squad whose links have travelled.
func TestAMembersPagesAreLightOnTheFirstVisitAndLighterOnTheNext(t *testing.T) {
	g := hang(t)
	amina, _ := g.signedIn(g.amina.Email, g.amina.Role)
	sent := map[string]int{}
	for _, path := range []string{
		"/", "/ripples", "/squad", "/me", views.DropPath(g.shared.ID), views.LinkPath(g.link), views.AmbassadorPath(g.amina.ID), views.BoardPath(g.campaign.ID),
	} {
		page := amina.sentSize(path)
		first := page
		for _, file := range slices.Compact(amina.needs(path)) {
			if sent[file] == 0 {
				sent[file] = amina.sentSize(file)
			}
			first += sent[file]
		}
		t.Logf("%s: %d bytes at first, %d from then on", path, first, page)
		if first > firstSize {
			t.Errorf("%s takes %d bytes on the first visit, more than %d", path, first, firstSize)
		}
		if page > nextSize {
			t.Errorf("%s takes %d bytes on the next, more than %d", path, page, nextSize)
		}
	}
}
