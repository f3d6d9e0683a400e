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

func TestWhatWasNotMeasuredIsSaidAndFailsUnlessItWasWished(t *testing.T) {
	r := report{leftOut("folding", asSeconds, 1200, 300), notRun("two servers", asRatio, 1, 1.5)}
	var out strings.Builder
	if err := r.write(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	for i, want := range []string{"folding – not measured – 20m0s 5m0s", "two servers – could not run – 1.00 1.50 FAIL"} {
		if got := strings.Join(strings.Fields(lines[i+2]), " "); got != want {
			t.Errorf("line %d is %q, want %q", i, got, want)
		}
	}
	if low := r.failed(); !slices.Equal(low, []string{"two servers"}) {
		t.Errorf("failed: %q", low)
	}
}

func TestSlicesOfARoundAreSummedUp(t *testing.T) {
	var r round
	for _, waits := range [][]time.Duration{{3, 1}, {2, 200, 4}} {
		one := round{result: result{requests: len(waits), took: time.Second, waits: waits}, usage: usage{cpu: 5 * time.Microsecond, written: 8}}
		r.add(one)
	}
	r.sumUp()
	if r.requests != 5 || r.perSecond() != 2.5 || r.cpuMicros() != 2 || r.written != 16 {
		t.Errorf("5 requests in 2 s with 10 µs became %+v", r)
	}
	if r.p50 != 3 || r.p99 != 200 || r.waits != nil {
		t.Errorf("the middle is %d and the end %d", r.p50, r.p99)
	}
}

func TestARoundIsCutIntoSlicesOfAboutASecond(t *testing.T) {
	for seconds, want := range map[float64]struct {
		n    int
		each time.Duration
	}{
		5: {5, time.Second}, 0.2: {1, 200 * time.Millisecond}, 1.6: {2, 800 * time.Millisecond}, 10: {10, time.Second},
	} {
		if n, each := (settings{seconds: seconds}).slices(); n != want.n || each != want.each {
			t.Errorf("%g s are %d times %s", seconds, n, each)
		}
	}
}

func TestPartsAndSizesAreTakenFromTheCommandLine(t *testing.T) {
	var s settings
	if !s.wants("open") {
		t.Error("nothing was said, and not all is measured")
	}
	if err := s.only.Set("page,large"); err != nil || !s.wants("large") || s.wants("open") {
		t.Errorf("page and large were wanted, not %v (%v)", s.only, err)
	}
	if err := s.only.Set("pages"); err == nil {
		t.Error("there is no part pages")
	}
	if err := s.opens.Set("10,200,3000"); err != nil || s.opens != (sizes{10, 200, 3000}) {
		t.Errorf("the sizes are %v (%v)", s.opens, err)
	}
	for _, wrong := range []string{"", "10", "1,2,0", "1,2,many", "1,2,3,4"} {
		if err := s.opens.Set(wrong); err == nil {
			t.Errorf("%q was taken for sizes", wrong)
		}
	}
}

func TestNumbersOfOpensAreShort(t *testing.T) {
	for n, want := range map[int]string{1: "1", 999: "999", 10_000: "10k", 12_345: "12345", 1_000_000: "1M", 2_500_000: "2.5M", 10_000_000: "10M"} {
		if got := many(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestACrowdedMachineIsSaid(t *testing.T) {
	var c crowded
	if got := c.warning(2); got != "" {
		t.Errorf("nothing was measured, and it says %q", got)
	}
	c.add(round{result: result{took: 10 * time.Second}, others: time.Second})
	if got := c.warning(2); got != "" {
		t.Errorf("with a twentieth taken by others it says %q", got)
	}
	c.add(round{result: result{took: 10 * time.Second}, others: 15 * time.Second})
	if got := c.warning(2); !strings.Contains(got, "40 %") {
		t.Errorf("of 40 core-seconds others took 16, and it says %q", got)
	}
}

func TestIdlingAndWaitingForTheDiskAreNoCPU(t *testing.T) {
	// user nice system idle iowait irq softirq steal guest guest_nice, in hundredths.
	stat := "cpu  100 20 300 9999 8888 1 2 4 50 60\ncpu0 1 1 1 1 1 1 1 1 1 1\n"
	if got := busy(stat); got != 4270*time.Millisecond {
		t.Errorf("the machine was busy for %s", got)
	}
}
