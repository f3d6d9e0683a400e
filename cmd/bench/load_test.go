package main

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"testing"
)

const page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\nDate: Mon, 03 Mar 2025 12:00:00 GMT\r\n\r\nhello"

func TestAnAnswerIsReadOnceItIsWhole(t *testing.T) {
	for n := range len(page) {
		if a, size, err := parse([]byte(page[:n])); size != 0 || err != nil {
			t.Fatalf("of %d bytes: %+v, size %d, %v", n, a, size, err)
		}
	}
	a, size, err := parse([]byte(page + "HTTP/1.1 404"))
	if err != nil || size != len(page) || a.status != 200 || string(a.body) != "hello" {
		t.Errorf("read %d %q, size %d of %d, %v", a.status, a.body, size, len(page), err)
	}
}

func TestOtherAnswersAreRefused(t *testing.T) {
	for name, in := range map[string]string{
		"no HTTP":           "SSH-2.0-OpenSSH\r\n\r\n",
		"no status":         "HTTP/1.1 abc\r\nContent-Length: 0\r\n\r\n",
		"no length":         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"a length below 0":  "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
		"a length in words": "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n",
		"half a line":       "HTTP/1\r\n\r\n",
		"an endless head":   "HTTP/1.1 200 OK\r\n" + string(make([]byte, 65<<10)),
	} {
		if a, size, err := parse([]byte(in)); err == nil {
			t.Errorf("%s: taken for %+v, size %d", name, a, size)
		}
	}
}

// With the exponent 0.9 over 1 000 ranks, the first comes up 2⁰·⁹ times as often
// as the second, and in 1/Σr⁻⁰·⁹ of the draws.
func TestZipfDrawsEachRankInItsProportion(t *testing.T) {
	const ranks, draws = 1000, 1_000_000
	z, r, seen := newZipf(ranks, 0.9), rand.New(rand.NewPCG(1, 2)), make([]float64, ranks)
	for range draws {
		seen[z.draw(r)]++
	}
	total := 0.0
	for rank := 1; rank <= ranks; rank++ {
		total += math.Pow(float64(rank), -0.9)
	}
	for _, rank := range []int{1, 2, 10, 100, 1000} {
		want := draws * math.Pow(float64(rank), -0.9) / total
		if got := seen[rank-1]; math.Abs(got-want) > 5*math.Sqrt(want) {
			t.Errorf("rank %d came up %.0f times, not about %.0f", rank, got, want)
		}
	}
}

func TestNoTwoVisitorsShareAnAddress(t *testing.T) {
	seen := map[netip.Addr]bool{}
	for _, c := range crowds(nil, 1) {
		for range 100_000 {
			a := c.addr()
			if seen[a] || a.IsLoopback() || a.IsMulticast() || a.IsUnspecified() {
				t.Fatalf("%s is given out twice, or is nobody's", a)
			}
			seen[a] = true
		}
	}
}

func TestFourOfTenVisitorsComeBelowARecentOpen(t *testing.T) {
	f := &field{links: []int64{7, 8, 9}, ranks: newZipf(3, zipfExponent)}
	r := rand.New(rand.NewPCG(1, 2))
	if link, open := f.where(r); open != 0 || link < 7 || link > 9 {
		t.Errorf("before the first open somebody came by open %d and link %d", open, link)
	}
	f.newest(1_000_000)
	f.newest(999_999)
	below, oldest := 0, int64(1_000_000)
	for range 100_000 {
		link, open := f.where(r)
		if (link == 0) == (open == 0) || open > 1_000_000 {
			t.Fatalf("somebody came by open %d and link %d", open, link)
		}
		if open != 0 {
			below, oldest = below+1, min(oldest, open)
		}
	}
	if below < 39_500 || below > 40_500 || oldest <= 800_000 || oldest > 800_100 {
		t.Errorf("%d of 100 000 came below an open, the oldest %d", below, oldest)
	}
}
