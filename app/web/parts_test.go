package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// A page that is put together compressed is the page that is put together plain,
// whatever its values are.
func TestAPageReadsTheSameCompressed(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, page := range []string{
		"", "no marks", "[a]", "[a][b]", "<p>[a]</p>" + strings.Repeat("<li>passed on and on</li>", 400) + "[b]</ul>[a]", strings.Repeat("[b] and ", 50),
	} {
		p, err := cut([]byte(page), []string{"[a]", "[b]"})
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			a, b := make([]byte, rng.IntN(40)), make([]byte, rng.IntN(3)*40000)
			for i := range b {
				b[i] = byte(rng.IntN(256))
			}
			want := strings.NewReplacer("[a]", string(a), "[b]", string(b)).Replace(page)
			if got := p.plain(nil, [][]byte{a, b}); string(got) != want {
				t.Fatalf("plain: %d bytes, want %d", len(got), len(want))
			}
			r, err := gzip.NewReader(bytes.NewReader(p.gzip(nil, [][]byte{a, b})))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err != nil || string(got) != want {
				t.Fatalf("compressed: %d bytes (%v), want %d", len(got), err, len(want))
			}
		}
	}
}
