package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestALineIsJudgedByItsFloorAndItsTarget(t *testing.T) {
	for _, c := range []struct {
		line line
		want string
	}{
		{compared("rate", 0.39, "", "", 0.40, 0.55, true), "FAIL"},
		{compared("rate", 0.40, "", "", 0.40, 0.55, true), "PASS"},
		{compared("rate", 0.55, "", "", 0.40, 0.55, true), "PASS *"},
		{compared("cost", 4.1, "", "", 4, 3, false), "FAIL"},
		{compared("cost", 4, "", "", 4, 3, false), "PASS"},
		{compared("cost", 2.9, "", "", 4, 3, false), "PASS *"},
		{measured("size", 121, asBytes, 120, 75), "FAIL"},
		{line{name: "only told"}, ""},
	} {
		if got := c.line.verdict(); got != c.want {
			t.Errorf("%s %.2f: %q, want %q", c.line.name, c.line.value, got, c.want)
		}
	}
}

func TestTheReportIsATableAndNamesWhatIsTooLow(t *testing.T) {
	r := report{
		compared("page", 0.5, "40000/s", "20000/s", 0.40, 0.55, true),
		measured("written", 9000, asBytes, 8000, 3000),
		{name: "behind", ours: "1.0 ms"},
	}
	var out strings.Builder
	if err := r.write(&out); err != nil {
		t.Fatal(err)
	}
	var cells [][]string
	for text := range strings.Lines(out.String()) {
		cells = append(cells, strings.Fields(text))
	}
	want := []string{
		"page 40000/s 20000/s 0.50 0.40 0.55 PASS",
		"written – 9.0 KB – 8.0 KB 3.0 KB FAIL",
		"behind – 1.0 ms – – –",
	}
	for i, w := range want {
		if got := strings.Join(cells[i+2], " "); got != w {
			t.Errorf("line %d is %q, want %q", i, got, w)
		}
	}
	if low := r.failed(); !slices.Equal(low, []string{"written"}) {
		t.Errorf("below the floor: %q", low)
	}
}

func TestMediansAreOfTheRoundsAndRatiosOfNeighbours(t *testing.T) {
	per := func(n int) round {
		return round{result: result{requests: n, took: time.Second}}
	}
	theirs, ours := rounds{per(100), per(1000), per(200)}, rounds{per(50), per(600), per(20)}
	if got := ours.ratio(theirs, perSecond); got != 0.5 {
		t.Errorf("the ratio is %v", got)
	}
	if got := ours.median(perSecond); got != 50 {
		t.Errorf("the median is %v", got)
	}
	if got := quantile([]float64{4, 1, 3, 2, 5}, 0.99); got != 4 {
		t.Errorf("the 99th of five is %v", got)
	}
	if got := median(nil); got != 0 {
		t.Errorf("the median of nothing is %v", got)
	}
}

func TestLostAndDoubledOpensAreFound(t *testing.T) {
	before := census{rows: 10, last: 10, trees: 10, mark: 10}
	after := census{rows: 12, last: 12, trees: 12, mark: 12}
	both := []opened{{id: 12}, {id: 11}}
	if err := allThere(both, before, after); err != nil {
		t.Error(err)
	}
	lost, late, more := after, after, after
	lost.rows, late.mark, more.rows = 11, 11, 13
	for name, err := range map[string]error{
		"a lost row":        allThere(both, before, lost),
		"a row too many":    allThere(both, before, more),
		"an unfolded row":   allThere(both, before, late),
		"one token for two": allThere([]opened{{id: 11}, {id: 11}}, before, after),
		"an old open":       allThere([]opened{{id: 10}, {id: 12}}, before, after),
		"no answer":         allThere(nil, before, after),
	} {
		if err == nil {
			t.Errorf("%s: %v", name, errors.New("nobody noticed"))
		}
	}
}

func TestTheWatchSaysHowLateAnOpenWasCounted(t *testing.T) {
	noon := time.Date(2025, 3, 3, 12, 0, 0, 0, time.UTC)
	w := &watch{seen: []opened{{5, noon}, {9, noon.Add(time.Second)}}}
	got := w.behind([]opened{{5, noon.Add(-time.Minute)}, {6, noon}, {9, noon.Add(2 * time.Second)}, {10, noon}})
	if want := []time.Duration{time.Minute, time.Second, 0}; !slices.Equal(got, want) {
		t.Errorf("late by %v, want %v", got, want)
	}
}

func TestACompressedPageIsThePlainOne(t *testing.T) {
	pack := func(text string) copied {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return copied{http.Header{"Content-Encoding": {"gzip"}}, b.Bytes()}
	}
	plain := copied{Body: []byte("a page with one token")}
	if err := samePage(plain, pack("a page with two token")); err != nil {
		t.Error(err)
	}
	cut := pack("a page with two token")
	cut.Body = cut.Body[:len(cut.Body)-4]
	for name, wrong := range map[string]copied{
		"its text is missing": pack("token"), "it is cut": cut, "it is plain": plain,
	} {
		if samePage(plain, wrong) == nil {
			t.Errorf("%s, and nobody noticed", name)
		}
	}
}
