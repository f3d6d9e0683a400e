package web

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
)

// packers are at rest between pages: each has some 800 KB of its own.
var packers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.DefaultCompression) // which is a level that exists
	return z
}}

// padding is up to how many bytes a packed page is longer than it has to be.
const padding = 128

// pack compresses a page that is made for one person. Such pages hold what only they may know, beside what
// somebody else may have put into the address; so that the length does not tell how much the two are alike,
// it has a part that is drawn by lot. (No other site can have a browser ask for such a page with the person's
// cookies, but by going there in plain sight: they are SameSite=Lax.)
func pack(page []byte) (*bytes.Buffer, error) {
	var lot [1]byte
	if _, err := rand.Read(lot[:]); err != nil {
		return nil, fmt.Errorf("drawing a lot: %w", err)
	}
	z := packers.Get().(*gzip.Writer) //nolint:forcetypeassert // there is nothing else in it
	defer packers.Put(z)
	out := new(bytes.Buffer)
	z.Reset(out)
	z.Comment = strings.Repeat("-", int(lot[0])%padding)
	if _, err := z.Write(page); err != nil {
		return nil, fmt.Errorf("compressing a page: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("compressing a page: %w", err)
	}
	return out, nil
}
