package static_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ricochet.example/static"
)

// answer is what a browser gets.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func get(t *testing.T, method, address string, header ...string) answer {
	t.Helper()
	r := httptest.NewRequest(method, address, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.Bytes()}
}

func TestEveryFileIsServedForEverUnderItsHashedName(t *testing.T) {
	if len(static.Names()) < 10 {
		t.Fatalf("only %v are there", static.Names())
	}
	hashed := regexp.MustCompile(`^/static/[\w.-]+\.[0-9a-f]{8}\.[a-z0-9]+$`)
	for _, name := range static.Names() {
		address := static.Path(name)
		if !hashed.MatchString(address) {
			t.Errorf("the address of %s is %s", name, address)
		}
		r := get(t, "GET", address)
		if r.status != http.StatusOK || len(r.body) == 0 {
			t.Errorf("%s: status %d, or empty", address, r.status)
		}
		for header, want := range map[string]string{
			"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
		} {
			if got := r.header.Get(header); got != want {
				t.Errorf("%s of %s: got %q, want %q", header, name, got, want)
			}
		}
	}
}

func TestKindsOfFilesAreSaid(t *testing.T) {
	for name, want := range map[string]string{
		"app.css": "text/css; charset=utf-8", "js/copy.js": "text/javascript; charset=utf-8",
		"favicon.svg": "image/svg+xml", "fonts/inter.woff2": "font/woff2",
	} {
		if got := get(t, "GET", static.Path(name)).header.Get("Content-Type"); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestOnlyHashedNamesAreThere(t *testing.T) {
	for _, address := range []string{
		"/static/app.css", "/static/", "/static/app.00000000.css", "/static/../go.mod", "/static/static.go",
		strings.Replace(static.Path("app.css"), "/static/", "/static//", 1),
	} {
		r := get(t, "GET", address)
		if r.status != http.StatusNotFound || r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: status %d, Cache-Control %q", address, r.status, r.header.Get("Cache-Control"))
		}
	}
}

func TestBrowsersThatTakeGzipGetItAndOthersTheSame(t *testing.T) {
	plain := get(t, "GET", static.Path("app.css")).body
	for header, zipped := range map[string]bool{
		"gzip, deflate, br": true, "br;q=1, GZIP;q=0.5": true, "gzip;q=0": false, "identity": false, "xgzip": false,
	} {
		r := get(t, "GET", static.Path("app.css"), "Accept-Encoding", header)
		if r.header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: Vary is %q", header, r.header.Get("Vary"))
		}
		if got := r.header.Get("Content-Encoding") == "gzip"; got != zipped {
			t.Errorf("%q: compressed is %v, want %v", header, got, zipped)
			continue
		}
		body := r.body
		if r.header.Get("Content-Length") != strconv.Itoa(len(body)) {
			t.Errorf("%q: Content-Length %s of %d", header, r.header.Get("Content-Length"), len(body))
		}
		if zipped {
			z, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(body, plain) {
			t.Errorf("%q: the content differs", header)
		}
	}
	if r := get(t, "GET", static.Path("inter.woff2"), "Accept-Encoding", "gzip"); r.header.Get("Content-Encoding") != "" {
		t.Error("a font is compressed twice")
	}
	if r := get(t, "HEAD", static.Path("app.css")); len(r.body) != 0 || r.header.Get("Content-Length") != strconv.Itoa(len(plain)) {
		t.Error("HEAD has a body, or another length")
	}
}

func TestStyleSheetsNameFilesByTheirHashesAndImportNothing(t *testing.T) {
	for _, name := range []string{"app.css", "reader.css"} {
		sheet := string(get(t, "GET", static.Path(name)).body)
		addresses := regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(sheet, -1)
		if len(addresses) < 2 {
			t.Errorf("%s names no fonts", name)
		}
		for _, a := range addresses {
			if r := get(t, "GET", a[1]); r.status != http.StatusOK {
				t.Errorf("%s names %s: status %d", name, a[1], r.status)
			}
		}
		if strings.Contains(sheet, "@import") || strings.Contains(sheet, "/*") {
			t.Errorf("%s still imports or has comments", name)
		}
		if open, closed := strings.Count(sheet, "{"), strings.Count(sheet, "}"); open != closed || open < 20 {
			t.Errorf("%s has %d { and %d }", name, open, closed)
		}
	}
}

func TestANameThatIsNotThereStopsTheProgram(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Path found a file that is not there")
		}
	}()
	static.Path("nothing.css")
}

func TestFontsAreFortyKilobytesTogetherAndComeWithTheirLicences(t *testing.T) {
	fonts, err := filepath.Glob("fonts/*.woff2")
	if err != nil || len(fonts) != 2 {
		t.Fatalf("%v, %v", fonts, err)
	}
	sum := 0
	for _, f := range fonts {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if string(b[:4]) != "wOF2" {
			t.Errorf("%s is no WOFF2 font", f)
		}
		sum += len(b)
		name := strings.TrimSuffix(filepath.Base(f), ".woff2")
		if l, err := os.ReadFile("licences/" + name + ".OFL.txt"); err != nil || !bytes.Contains(l, []byte("SIL Open Font License")) {
			t.Errorf("the licence of %s: %v", name, err)
		}
	}
	if sum > 40<<10 {
		t.Errorf("the fonts are %d bytes together", sum)
	}
}

// What is needed to read on a phone has to come at once: the first 14 KB are the page and its style.
func TestTheReadersStyleIsSmall(t *testing.T) {
	r := get(t, "GET", static.Path("reader.css"), "Accept-Encoding", "gzip")
	if n := len(r.body); n > 4<<10 {
		t.Errorf("reader.css is %d bytes compressed", n)
	}
}

// colours are the custom properties of a block of tokens.css.
func colours(t *testing.T, block string) map[string][2]string {
	t.Helper()
	all := make(map[string][2]string)
	pair := regexp.MustCompile(`--([\w-]+): light-dark\((#\w+), (#\w+)\)`)
	for _, m := range pair.FindAllStringSubmatch(block, -1) {
		all[m[1]] = [2]string{m[2], m[3]}
	}
	return all
}

// luminance is that of WCAG 2.2, from 0 to 1.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	hex := strings.TrimPrefix(colour, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	var l float64
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		l += weight * c
	}
	return l
}

func TestColoursCanBeToldApartInBothSchemes(t *testing.T) {
	b, err := os.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	plain, both, ok := strings.Cut(string(b), "@supports")
	if !ok {
		t.Fatal("tokens.css has no block for light-dark()")
	}
	all := colours(t, both)
	for name, pair := range all {
		if !strings.Contains(plain, "--"+name+": "+pair[0]+";") {
			t.Errorf("--%s is another colour in browsers without light-dark()", name)
		}
	}
	// Text needs 4.5, what is not text 3 (WCAG 2.2, 1.4.3 and 1.4.11).
	for _, c := range []struct {
		ink, ground string
		least       float64
	}{
		{"ink", "paper", 7},
		{"ink", "surface", 7},
		{"ink", "sunken", 7},
		{"ink", "stone-wash", 7},
		{"ink", "water-wash", 7},
		{"ink", "bad-wash", 7},
		{"ink", "good-wash", 7},
		{"ink", "warn-wash", 7},
		{"muted", "paper", 4.5},
		{"muted", "surface", 4.5},
		{"muted", "sunken", 4.5},
		{"muted", "stone-wash", 4.5},
		{"stone", "paper", 4.5},
		{"stone", "surface", 4.5},
		{"stone", "stone-wash", 4.5},
		{"stone-ink", "stone", 4.5},
		{"water", "paper", 4.5},
		{"water", "surface", 4.5},
		{"water", "sunken", 4.5},
		{"water", "water-wash", 3},
		{"bad", "paper", 4.5},
		{"bad", "surface", 4.5},
		{"bad", "bad-wash", 4.5},
		{"good", "surface", 4.5},
		{"good", "good-wash", 4.5},
		{"warn", "surface", 4.5},
		{"warn", "warn-wash", 4.5},
		{"line-strong", "paper", 3},
		{"line-strong", "surface", 3},
		{"line-strong", "sunken", 3},
		{"hop-1", "surface", 3},
		{"hop-2", "surface", 3},
		{"hop-3", "surface", 3},
		{"hop-4", "surface", 3},
		{"hop-5", "surface", 3},
		{"paper", "ink", 4.5},
	} {
		for i, scheme := range []string{"light", "dark"} {
			if all[c.ink][i] == "" || all[c.ground][i] == "" {
				t.Fatalf("--%s or --%s is not there", c.ink, c.ground)
			}
			a, b := luminance(t, all[c.ink][i]), luminance(t, all[c.ground][i])
			if ratio := (max(a, b) + .05) / (min(a, b) + .05); ratio < c.least {
				t.Errorf("%s: %s on %s is %.2f, not %.1f", scheme, c.ink, c.ground, ratio, c.least)
			}
		}
	}
}

func TestNoTextIsSmallerThanTwelvePixels(t *testing.T) {
	sheets, err := filepath.Glob("css/*.css")
	if err != nil || len(sheets) < 5 {
		t.Fatalf("%v, %v", sheets, err)
	}
	size := regexp.MustCompile(`(?:font-size:|font:)[^;]*?(\d*\.?\d+)(px|rem|em)`)
	for _, s := range sheets {
		b, err := os.ReadFile(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range size.FindAllStringSubmatch(string(b), -1) {
			n, err := strconv.ParseFloat(m[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			if m[2] != "px" {
				n *= 16
			}
			if n < 12 {
				t.Errorf("%s: %s", s, m[0])
			}
		}
	}
}
