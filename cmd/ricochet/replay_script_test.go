package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// browsing is a made-up browser.
type browsing struct{ ip, ua, jar string }

// reader is a browser of its own, on a network of its own.
func reader(n int) browsing {
	return browsing{fmt.Sprintf("203.0.%d.%d", n/250, n%250+1), "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/123.0.0.0 Mobile Safari/537.36", fmt.Sprintf("j%d", n)}
}

// script is a made-up recording.
type script struct{ lines []map[string]any }

// look lets a browser open a page and look at it, and returns the event to be changed.
func (s *script) look(t float64, b browsing, token string) map[string]any {
	e := map[string]any{
		"id": len(s.lines) + 1, "t": t, "ip": b.ip, "ua": b.ua, "method": "GET", "token": token, "jar": b.jar, "login": nil, "referer": "",
		"h": map[string]string{"Accept-Language": "en"}, "beacon": map[string]any{"dt": 1.5, "visible_ms": 4000}, "truth": nil,
	}
	s.lines = append(s.lines, e)
	return e
}

// play replays what was made up.
func (s *script) play(t *testing.T) (nodes []node, board map[int]score) {
	t.Helper()
	nodes, board, _ = replayed(t, s.keep(t))
	return nodes, board
}

func (s *script) keep(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	var text bytes.Buffer
	for _, e := range s.lines {
		if err := json.NewEncoder(&text).Encode(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "events.jsonl"), text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

const hour, day = 3600.0, 86400.0

// An ambassador opens the own link on a phone, where nobody is signed in, and
// shares what the phone was given.
func TestSharingFromOnesOwnSecondDeviceGainsFivePointsAndNoneOnceItSignsIn(t *testing.T) {
	shared := func(phone, signsIn bool) score {
		var s script
		link, phoneBrowser := "A:0", reader(0)
		if phone {
			s.look(10, phoneBrowser, "A:0")
			link = "J:j0"
		}
		for i := range 20 {
			s.look(hour+float64(i)*60, reader(i+1), link)
		}
		if signsIn {
			s.look(day+hour, phoneBrowser, "A:0")["login"] = 0
		}
		_, board := s.play(t)
		return board[0]
	}
	direct := score{20, 20, 1}
	for _, c := range []struct {
		name           string
		phone, signsIn bool
		want           score
	}{
		{"directly", false, false, direct},
		{"from a second device", true, false, score{direct.spread + 5, 21, 2}},
		{"from a second device that signs in a day later", true, true, direct},
	} {
		if got := shared(c.phone, c.signsIn); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestABrowserHandsOnTheFirstLinkThatItWasGivenElseTheOneThatItOpened(t *testing.T) {
	var s script
	s.look(10, reader(1), "A:0")
	s.look(20, reader(1), "J:j1")                 // again: nothing new
	s.look(30, reader(2), "J:j1")                 // below event 1
	s.look(40, reader(3), "J:j1")["beacon"] = nil // without a script: it keeps what it opened
	s.look(50, reader(4), "J:j3")                 // below event 1 as well
	s.look(60, reader(5), "J:nobody")             // there is no such browser
	s.look(70, reader(1), "A:1")                  // another tree
	s.look(80, reader(6), "J:j1")                 // still the first link
	self := s.look(90, reader(7), "A:1")
	self["login"] = 1
	s.look(100, reader(8), "J:j7") // the owner's browser has the link itself
	s.look(110, reader(9), "A:1")
	s.look(120, reader(9), "J:j9")["login"] = 1
	s.look(130, reader(10), "J:j9") // also when it turns out late that it is the owner's
	nodes, _ := s.play(t)
	want := []node{
		{"1", "A0", true},
		{"3", "1", true},
		{"5", "1", true},
		{"7", "A1", true},
		{"8", "1", true},
		{"10", "A1", true},
		{"11", "A1", false},
		{"13", "A1", true},
	}
	if !slices.Equal(nodes, want) {
		t.Errorf("the nodes are %v, want %v", nodes, want)
	}
}

func TestAnOpenThatDoesNotCountStandsInTheTreeAndIsSeenThrough(t *testing.T) {
	var s script
	s.look(10, reader(1), "A:0")
	beside := reader(2)
	beside.ip, beside.ua = reader(1).ip, strings.ReplaceAll(beside.ua, "Pixel 7", "SM-S918B")
	s.look(20, beside, "J:j1") // in the same office
	s.look(30, reader(3), "J:j2")
	nodes, board := s.play(t)
	if want := []node{{"1", "A0", true}, {"2", "1", false}, {"3", "2", true}}; !slices.Equal(nodes, want) {
		t.Errorf("the nodes are %v, want %v", nodes, want)
	}
	if want := (score{spread: 3, people: 2, hops: 2}); board[0] != want {
		t.Errorf("the score is %+v, want %+v", board[0], want)
	}
}

func TestAPageThatWasPreparedAheadCountsWhenItIsShown(t *testing.T) {
	var s script
	ahead := func(e map[string]any) map[string]any {
		e["h"].(map[string]string)["Sec-Purpose"] = "prefetch;prerender"
		return e
	}
	ahead(s.look(10, reader(1), "A:0"))["beacon"] = map[string]any{"dt": 20, "visible_ms": 4000}
	s.look(15, reader(2), "A:0") // comes later, and is there before
	ahead(s.look(20, reader(3), "A:0"))["beacon"] = nil
	s.look(30, reader(4), "A:0")["beacon"] = map[string]any{"dt": 1, "visible_ms": 900}
	s.look(40, reader(5), "J:j1") // the page that was shown at last gave a link
	nodes, _ := s.play(t)
	if want := []node{{"2", "A0", true}, {"1", "A0", true}, {"5", "1", true}}; !slices.Equal(nodes, want) {
		t.Errorf("the nodes are %v, want %v", nodes, want)
	}
}
