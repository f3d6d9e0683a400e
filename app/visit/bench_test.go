package visit_test

import (
	"strconv"
	"sync"
	"testing"

	"ricochet.example/app/visit"
)

func BenchmarkJudge(b *testing.B) {
	b.Run("a remembered browser", func(b *testing.B) {
		f := visit.Facts{Method: "GET", TLS: true, Header: navigation(android, "Referer", "https://web.whatsapp.com/")}
		b.ReportAllocs()
		for b.Loop() {
			visit.Judge(f)
		}
	})
	b.Run("remembered, many at once", func(b *testing.B) {
		f := visit.Facts{Method: "GET", TLS: true, Header: navigation(android)}
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				visit.Judge(f)
			}
		})
	})
	b.Run("a new browser", func(b *testing.B) {
		h := navigation(android)
		b.ReportAllocs()
		for n := 0; b.Loop(); n++ {
			h["User-Agent"][0] = android + " YaBrowser/" + strconv.Itoa(n)
			visit.Judge(visit.Facts{Method: "GET", TLS: true, Header: h})
		}
	})
}

func TestTheMemoryForgetsAndIsSharedByMany(t *testing.T) {
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for n := range 20_000 {
				ua := android + " Safari/" + strconv.Itoa(n%(5000*(worker+1)))
				if got := visit.Judge(visit.Facts{TLS: true, Header: navigation(ua)}); got.Verdict != visit.Human {
					t.Errorf("%s: %v", ua, got.Verdict)
					return
				}
			}
		})
	}
	all.Wait()
}
