// Package static knows the files that browsers fetch: styles, fonts, scripts and pictures. Each is named
// by a hash of its content, so that browsers may keep it for ever and never show an old one.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed *.svg css fonts js licences
var files embed.FS

// Prefix is where the files are served.
const Prefix = "/static/"

// asset is one file as browsers get it.
type asset struct {
	hashed string // as in the address: "copy.1a2b3c4d.js"
	kind   string // its Content-Type
	body   []byte

	squeeze sync.Once
	zipped  []byte // nil if that would not be smaller
}

// byName and byHashed are all files, by their names without folders and by their hashed names. They never
// change.
var byName, byHashed = load()

// kinds are the Content-Types of all that may lie here; it does not ask the machine's own list, which
// differs from one to the next.
var kinds = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

// load reads the files. They are part of the program, so a mistake in one stops it at once.
func load() (names, hashes map[string]*asset) {
	names, hashes = make(map[string]*asset), make(map[string]*asset)
	var all []string
	err := fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		panic(err)
	}
	// Style sheets come last, for they name others by their hashes.
	slices.SortStableFunc(all, func(a, b string) int { return sheet(a) - sheet(b) })
	for _, file := range all {
		body, err := files.ReadFile(file)
		if err != nil {
			panic(err)
		}
		name := path.Base(file)
		if names[name] != nil {
			panic(fmt.Errorf("static/%s: there are two of that name", file))
		}
		a := &asset{kind: kinds[path.Ext(name)], body: body}
		if a.kind == "" {
			panic(fmt.Errorf("static/%s: a kind of file that package static does not know", file))
		}
		if sheet(name) == 1 {
			if a.body, err = style(names, file); err != nil {
				panic(fmt.Errorf("static/%s: %w", file, err))
			}
		}
		sum := sha256.Sum256(a.body)
		ext := path.Ext(name)
		a.hashed = strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:4]) + ext
		names[name], hashes[a.hashed] = a, a
	}
	return names, hashes
}

// sheet is 1 for a style sheet, 0 for all else.
func sheet(name string) int {
	if path.Ext(name) == ".css" {
		return 1
	}
	return 0
}

// Path returns the address of a file, which may be named with its folder or without: "/static/copy.1a2b3c4d.js"
// for "js/copy.js" and for "copy.js". A name that is not there is a mistake in the program, and panics.
func Path(name string) string {
	a, ok := byName[path.Base(name)]
	if !ok {
		panic("static: there is no " + name)
	}
	return Prefix + a.hashed
}

// Body returns what a file says, as browsers get it. A name that is not there is a mistake in the program, and panics.
func Body(name string) []byte {
	a, ok := byName[path.Base(name)]
	if !ok {
		panic("static: there is no " + name)
	}
	return bytes.Clone(a.body)
}

// Names returns the names of all files, without their folders, in order.
func Names() []string {
	var all []string
	for name := range byName {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// Handler serves the files below Prefix by their hashed names, and by no others.
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	a, ok := byHashed[strings.TrimPrefix(r.URL.Path, Prefix)]
	if !ok {
		w.Header().Set("Cache-Control", "no-store")
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if a.kind == kinds[".svg"] {
		// Opened by itself, a picture is a document, and gets the rights of one: none.
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	}
	body := a.body
	if a.squeezes() {
		h.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			body = a.zipped
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// squeezes says whether a file is smaller when compressed, and compresses it the first time it is asked.
func (a *asset) squeezes() bool {
	a.squeeze.Do(func() {
		var b bytes.Buffer
		z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
		_, _ = z.Write(a.body)
		_ = z.Close()
		if b.Len() < len(a.body)*9/10 {
			a.zipped = b.Bytes()
		}
	})
	return a.zipped != nil
}

// acceptsGzip says whether a browser's Accept-Encoding names gzip and does not refuse it.
func acceptsGzip(header string) bool {
	for one := range strings.SplitSeq(header, ",") {
		name, rest, _ := strings.Cut(strings.TrimSpace(one), ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		weight, ok := strings.CutPrefix(strings.ReplaceAll(rest, " ", ""), "q=")
		if !ok {
			return true
		}
		q, err := strconv.ParseFloat(weight, 64)
		return err == nil && q > 0
	}
	return false
}
