package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ricochet.example/app/campaign"
	"ricochet.example/app/spread"
	"ricochet.example/data"
)

// node is a line of nodes.tsv.
type node struct {
	event, parent string
	counted       bool
}

// score is a line of leaderboard.tsv.
type score struct{ spread, people, hops int }

// replayed plays the recording in dir and returns what was written.
func replayed(t *testing.T, dir string) (nodes []node, board map[int]score, written string) {
	t.Helper()
	out := t.TempDir()
	var said bytes.Buffer
	if err := (&replayCommand{Dir: dir, Out: out}).Run(t.Context(), &streams{Out: &said, Err: &said}); err != nil {
		t.Fatalf("%v\n%s", err, &said)
	}
	if said.Len() > 0 {
		t.Errorf("the replay said %q", &said)
	}
	board = map[int]score{}
	for _, c := range table(t, filepath.Join(out, "nodes.tsv"), 3, &written) {
		nodes = append(nodes, node{c[0], c[1], c[2] == "1"})
	}
	for _, c := range table(t, filepath.Join(out, "leaderboard.tsv"), 4, &written) {
		board[number(t, c[0])] = score{number(t, c[1]), number(t, c[2]), number(t, c[3])}
	}
	return nodes, board, written
}

// table reads a file of columns that tabs divide, and adds its text to all.
func table(t *testing.T, path string, columns int, all *string) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	*all += string(text)
	for line := range strings.Lines(string(text)) {
		row := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(row) != columns {
			t.Fatalf("%s: %q has not %d columns", path, line, columns)
		}
		rows = append(rows, row)
	}
	return rows
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// ownCampaign is a small campaign that a simulator made up: fourteen
// ambassadors, a third of whom cheat.
const ownCampaign = "testdata/replay"

// scored makes the leaderboard from the nodes, the slow and obvious way: each
// counted node is worth itself and all counted nodes below it, at most five.
func scored(t *testing.T, nodes []node) map[int]score {
	t.Helper()
	at, below := map[string]node{}, map[string]int{}
	// above is the next counted node on the way up, or the ambassador.
	above := func(n node) string {
		up := n.parent
		for {
			p, ok := at[up]
			if !ok || p.counted {
				return up
			}
			up = p.parent
		}
	}
	board, of, hop := map[int]score{}, map[string]int{}, map[string]int{}
	for _, n := range nodes {
		if _, twice := at[n.event]; twice {
			t.Errorf("there are two nodes of event %s", n.event)
		}
		if p, ok := at[n.parent]; ok {
			of[n.event] = of[p.event]
		} else if a, ok := strings.CutPrefix(n.parent, "A"); ok {
			of[n.event] = number(t, a)
		} else {
			t.Fatalf("the parent %s of %s does not stand before it", n.parent, n.event)
		}
		at[n.event] = n
		if !n.counted {
			continue
		}
		up := above(n)
		hop[n.event] = hop[up] + 1
		for ; at[up].counted; up = above(at[up]) {
			below[up]++
		}
	}
	for _, n := range nodes {
		if s := board[of[n.event]]; n.counted {
			board[of[n.event]] = score{s.spread + min(below[n.event]+1, 5), s.people + 1, max(s.hops, hop[n.event])}
		}
	}
	return board
}

func TestTheLeaderboardOfAReplayIsWhatItsNodesAddUpTo(t *testing.T) {
	nodes, board, _ := replayed(t, ownCampaign)
	want := scored(t, nodes)
	if len(board) != 14 {
		t.Errorf("the leaderboard has %d ambassadors, want 14", len(board))
	}
	deepest := 0
	for k, got := range board {
		if got != want[k] {
			t.Errorf("ambassador %d has %+v, the nodes make %+v", k, got, want[k])
		}
		deepest = max(deepest, got.hops)
	}
	if len(nodes) < 150 || deepest < 3 {
		t.Errorf("%d nodes and %d hops are too few to prove anything", len(nodes), deepest)
	}
}

func TestAReplayComesOutTheSameEachTime(t *testing.T) {
	_, _, first := replayed(t, ownCampaign)
	_, _, second := replayed(t, ownCampaign)
	if first != second {
		t.Error("the second replay of a campaign wrote something else than the first")
	}
}

// program-like browser strings of the simulator, and nothing that a person's browser has.
var botLike = regexp.MustCompile(`(?i)bot|crawl|preview|facebookexternalhit|whatsapp/|python-|curl|go-http|headless|^mozilla/5\.0$`)

func TestNoOpenOfAReplayComesFromAProgramOrAnUnseenPage(t *testing.T) {
	rec, err := openRecording(ownCampaign, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	events, bots := map[string]recorded{}, 0
	for _, e := range rec.events {
		events[e.id] = e
		if botLike.MatchString(e.UA) {
			bots++
		}
	}
	nodes, _, _ := replayed(t, ownCampaign)
	for _, n := range nodes {
		if e := events[n.event]; botLike.MatchString(e.UA) || e.Method != http.MethodGet || !e.Beacon.shown() {
			t.Errorf("event %s is an open: %s %q, %+v", e.id, e.Method, e.UA, e.Beacon)
		}
	}
	if bots < 100 {
		t.Errorf("%d programs are too few to prove anything", bots)
	}
}

func TestWhoIsCountedInAReplayIsMostlyAPersonAndCountedOnce(t *testing.T) {
	var unused string
	people, reached := map[string]string{}, map[string]bool{} // of the events that persons made
	for _, c := range table(t, filepath.Join(ownCampaign, "people.tsv"), 2, &unused) {
		people[c[0]] = c[1]
		reached[c[1]] = true
	}
	nodes, _, _ := replayed(t, ownCampaign)
	counted, found := 0, map[string]bool{}
	for _, n := range nodes {
		if !n.counted {
			continue
		}
		counted++
		if p := people[n.event]; p != "" {
			found[p] = true
		}
	}
	precision, recall := float64(len(found))/float64(counted), float64(len(found))/float64(len(reached))
	t.Logf("%d counted, %d of %d people among them: precision %.3f, recall %.3f", counted, len(found), len(reached), precision, recall)
	// The rest are people who come back on another network or after two days, and
	// fakes that are as good as people.
	if precision < 0.65 || recall < 0.93 {
		t.Errorf("precision %.3f, recall %.3f", precision, recall)
	}
}

// Fresh browsers at one address, all of them opening the link itself or each
// the link of one before it: a real browser each, and yet nobody's friends.
func TestAFarmAtOneAddressGainsAtMostTenPoints(t *testing.T) {
	for name, parent := range map[string]func(i int) string{
		"a star":  func(int) string { return "A:0" },
		"a chain": func(i int) string { return fmt.Sprintf("J:j%d", i-1) },
		"a tree":  func(i int) string { return fmt.Sprintf("J:j%d", i/2) },
	} {
		var s script
		s.look(10, reader(0), "A:0")
		for i := 1; i <= 60; i++ {
			b := reader(i)
			b.ip, b.ua = "198.51.100.7", strings.ReplaceAll(b.ua, "Pixel 7", fmt.Sprintf("SM-A%d", i))
			s.look(hour+float64(i)*120, b, parent(i))
		}
		nodes, board := s.play(t)
		if len(nodes) != 61 {
			t.Errorf("%s: %d opens are in the tree, want 61", name, len(nodes))
		}
		if gain := board[0].spread - 1; gain > 10 {
			t.Errorf("%s: it gained %d points", name, gain)
		}
	}
}

// In the own campaign ambassador 9 has twenty-seven browsers at as many
// addresses. Nothing that one of them does gives it away.
func TestAFarmWithFreshAddressesInAReplayIsListedForReview(t *testing.T) {
	rec, err := openRecording(ownCampaign, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	s, err := setStage(t.Context(), t.TempDir(), rec.ambassadors, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	defer s.db.Close()
	if _, err := s.play(t.Context(), rec, func() {}); err != nil {
		t.Fatal(err)
	}
	err = s.db.View(t.Context(), func(tx *data.Tx) error {
		campaigns, err := campaign.All(t.Context(), tx)
		if err != nil {
			return err
		}
		found, err := spread.Reviews(t.Context(), tx, campaigns[0].ID)
		if err != nil {
			return err
		}
		if len(found) == 0 || found[0].LinkID != s.members[9].link || len(found[0].Opens) < 20 || len(found[0].Reasons) < 3 {
			t.Errorf("the weightiest is not the farm: %+v", found)
		}
		if len(found) > 3 {
			t.Errorf("%d of 14 are listed", len(found))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAReplayKnowsNothingOfTheTruth(t *testing.T) {
	var s, lying script
	for i := range 5 {
		s.look(float64(i), reader(i), "A:0")
		lying.look(float64(i), reader(i), "A:0")["truth"] = map[string]any{"label": "bot", "actor": "F1", "amb": 3, "new": false}
	}
	nodes, _ := s.play(t)
	if told, _ := lying.play(t); !slices.Equal(nodes, told) || len(nodes) != 5 {
		t.Errorf("the nodes are %v, with another truth %v", nodes, told)
	}
}

func TestEachBadLineOfARecordingIsNamed(t *testing.T) {
	var s script
	good := s.look(1, reader(1), "A:0")
	for _, change := range []map[string]any{
		{"t": -1},
		{"t": nil},
		{"ip": "203.0.113"},
		{"token": "B:1"},
		{"token": "J:"},
		{"token": "A:x"},
		{"id": nil},
		{"method": ""},
		{"login": -2},
		{"beacon": map[string]any{"dt": -1}},
		{"beacon": "late"},
		{"id": 1},
	} {
		e := s.look(2, reader(1), "A:0")
		for name, value := range change {
			e[name] = value
		}
	}
	good["truth"] = map[string]any{}
	dir, out := s.keep(t), t.TempDir()
	var said bytes.Buffer
	if code := run(t.Context(), []string{"replay", dir, "--out", out}, &streams{Out: &said, Err: &said}); code != exitFailed {
		t.Errorf("the exit code is %d, want %d", code, exitFailed)
	}
	for n := 1; n <= len(s.lines); n++ {
		if named := strings.Contains(said.String(), fmt.Sprintf("line %d: ", n)); named != (n > 1) {
			t.Errorf("line %d is named: %v", n, named)
		}
	}
	if left, err := os.ReadDir(out); err != nil || len(left) > 0 {
		t.Errorf("something was written: %v (%v)", left, err)
	}
}

func TestReplayingADirectoryWithoutARecordingIsAMisuse(t *testing.T) {
	var said bytes.Buffer
	if code := run(t.Context(), []string{"replay", t.TempDir()}, &streams{Out: &said, Err: &said}); code != exitMisuse {
		t.Errorf("the exit code is %d, want %d: %s", code, exitMisuse, &said)
	}
}

// TestAnExampleCampaignIsMeasuredAsWellAsItCanBe compares with the truth of a
// simulated campaign, where its files and their evaluation lie beside the repository.
func TestAnExampleCampaignIsMeasuredAsWellAsItCanBe(t *testing.T) {
	beside, err := filepath.Abs("../../../shared/cascades")
	if err != nil {
		t.Fatal(err)
	}
	example := filepath.Join(beside, "sim_example")
	if _, err := os.Stat(example); err != nil {
		t.Skip("there are no simulated campaigns beside the repository")
	}
	out := t.TempDir()
	if err := (&replayCommand{Dir: example, Out: out}).Run(t.Context(), &streams{Out: io.Discard, Err: t.Output()}); err != nil {
		t.Fatal(err)
	}
	plain := unpacked(t, example)
	evaluate := func(args ...string) string {
		said, err := exec.CommandContext(context.WithoutCancel(t.Context()), "python3", append([]string{filepath.Join(beside, "evaluate.py"), plain}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
		t.Logf("%s", said)
		return string(said)
	}
	tree := evaluate("--tree", filepath.Join(out, "nodes.tsv"))
	board := evaluate("--measured", filepath.Join(out, "leaderboard.tsv"))
	for _, c := range []struct {
		what, in string
		pattern  string
		least    float64
	}{
		{"node precision", tree, `'node_precision': ([\d.]+)`, .75},
		{"node recall", tree, `'node_recall': ([\d.]+)`, .93},
		{"tau", board, `(?m)^measured\s+([\d.]+)`, .84},
		{"shared part of the top ten", board, `(?m)^measured\s+[\d.]+\s+([\d.]+)`, .8},
	} {
		got := math.NaN()
		if m := regexp.MustCompile(c.pattern).FindStringSubmatch(c.in); m != nil {
			got, _ = strconv.ParseFloat(m[1], 64)
		}
		if !(got >= c.least) {
			t.Errorf("%s is %v, want at least %v", c.what, got, c.least)
		}
	}
}

// unpacked is a copy of a campaign whose events are not packed, as its evaluation reads them.
func unpacked(t *testing.T, dir string) string {
	t.Helper()
	plain := t.TempDir()
	for _, name := range []string{"events.jsonl.gz", "truth_nodes.tsv", "truth_ambassadors.tsv"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if bare, packed := strings.CutSuffix(name, ".gz"); packed {
			z, err := gzip.NewReader(bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if text, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
			name = bare
		}
		if err := os.WriteFile(filepath.Join(plain, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return plain
}
