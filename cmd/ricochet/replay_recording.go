package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// recording is a recorded campaign: every request that its links got, in the
// order of time.
type recording struct {
	events      []recorded
	ambassadors []int // whoever occurs, in order
}

// recorded is one request, and what its browser did with the page. What really
// happened (truth) has no field here: whatever is measured must not know it.
type recorded struct {
	ID      json.RawMessage   `json:"id"`
	T       *float64          `json:"t"` // seconds since the campaign began
	IP      string            `json:"ip"`
	UA      string            `json:"ua"`
	Method  string            `json:"method"`
	Token   string            `json:"token"` // A:4, the link of ambassador 4; J:jar, what that browser was given
	Jar     string            `json:"jar"`   // one browser; empty: a client that keeps nothing
	Login   *int              `json:"login"` // signed in as that ambassador from here on
	Referer string            `json:"referer"`
	Header  map[string]string `json:"h"`
	Beacon  *beacon           `json:"beacon"` // null: the page's script did not run

	id      string
	at      time.Duration // T, in whole milliseconds
	channel string        // in the address; recordings have none
}

// beacon says that the page's script ran: how many seconds after the request
// it would post, and for how long the page was visible.
type beacon struct {
	DT        float64 `json:"dt"`
	VisibleMS int     `json:"visible_ms"`
}

// shown says whether the page was looked at for so long that its script posts.
func (b *beacon) shown() bool { return b != nil && b.VisibleMS >= shownMS }

// shownMS is how long a page must be visible before its script posts the open.
const shownMS = 1000

func (b *beacon) after() time.Duration { return seconds(b.DT) }

// seconds is a number of seconds in whole milliseconds, as the database keeps time.
func seconds(s float64) time.Duration {
	return time.Duration(math.Round(s*1000)) * time.Millisecond
}

// errNoRecording says that a directory holds no recorded campaign.
var errNoRecording = errors.New("there is neither an events.jsonl nor an events.jsonl.gz")

// openRecording reads the campaign that a directory holds. Bad lines are named
// on log, by their number.
func openRecording(dir string, log io.Writer) (rec *recording, err error) {
	file, err := os.Open(filepath.Join(dir, "events.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		file, err = os.Open(filepath.Join(dir, "events.jsonl.gz"))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, misuse{fmt.Errorf("%s: %w", dir, errNoRecording)}
	}
	if err != nil {
		return nil, unusable(err)
	}
	defer func() { _ = file.Close() }()
	var lines io.Reader = file
	if strings.HasSuffix(file.Name(), ".gz") {
		if lines, err = gzip.NewReader(file); err != nil {
			return nil, fmt.Errorf("unpacking %s: %w", file.Name(), err)
		}
	}
	if rec, err = readRecording(lines, log); err != nil {
		return nil, fmt.Errorf("reading %s: %w", file.Name(), err)
	}
	return rec, rec.invite(dir)
}

// invite adds the ambassadors of the simulator's spec.json, so that one of whom
// nothing was recorded has a line too. There need not be such a file.
func (rec *recording) invite(dir string) error {
	text, err := os.ReadFile(filepath.Join(dir, "spec.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var spec struct {
		Params struct {
			Ambassadors int `json:"ambassadors"`
		} `json:"params"`
	}
	if err == nil {
		err = json.Unmarshal(text, &spec)
	}
	if err == nil && spec.Params.Ambassadors > mostAmbassadors {
		err = fmt.Errorf("%d ambassadors are more than %d", spec.Params.Ambassadors, mostAmbassadors)
	}
	if err != nil {
		return fmt.Errorf("reading spec.json: %w", err)
	}
	for k := range spec.Params.Ambassadors {
		rec.ambassadors = append(rec.ambassadors, k)
	}
	slices.Sort(rec.ambassadors)
	rec.ambassadors = slices.Compact(rec.ambassadors)
	return nil
}

// mostAmbassadors bounds what a spec.json can ask for.
const mostAmbassadors = 100_000

// readRecording reads one event a line.
func readRecording(r io.Reader, log io.Writer) (*recording, error) {
	var (
		rec  recording
		in   = bufio.NewReaderSize(r, 1<<16)
		ids  = map[string]bool{}
		who  = map[int]bool{}
		bad  = 0
		line []byte
		end  error
	)
	for n := 1; end == nil; n++ {
		if line, end = in.ReadBytes('\n'); end != nil && !errors.Is(end, io.EOF) {
			return nil, fmt.Errorf("line %d: %w", n, end)
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		e, err := parseEvent(line)
		if err == nil && ids[e.id] {
			err = fmt.Errorf("there is an event %s before it", e.id)
		}
		if err != nil {
			bad++
			if _, err := fmt.Fprintf(log, "line %d: %v\n", n, err); err != nil {
				return nil, err
			}
			continue
		}
		ids[e.id] = true
		if k, ok := ambassadorOf(e.Token); ok {
			who[k] = true
		}
		if e.Login != nil {
			who[*e.Login] = true
		}
		rec.events = append(rec.events, e)
	}
	if bad > 0 {
		return nil, fmt.Errorf("%d bad lines", bad)
	}
	slices.SortStableFunc(rec.events, func(a, b recorded) int { return int(a.at - b.at) })
	rec.ambassadors = slices.Sorted(maps.Keys(who))
	return &rec, nil
}

// parseEvent reads one line and says what is wrong with it.
func parseEvent(line []byte) (e recorded, err error) {
	if err := json.Unmarshal(line, &e); err != nil {
		return e, fmt.Errorf("not an event: %w", err)
	}
	if e.id, err = eventID(e.ID); err != nil {
		return e, err
	}
	switch {
	case e.T == nil || *e.T < 0 || *e.T > longestReplay:
		return e, errors.New("t is no number of seconds since the campaign began")
	case e.Method == "" || strings.ContainsAny(e.Method, " \t\r\n"):
		return e, errors.New("there is no method")
	case e.Login != nil && *e.Login < 0:
		return e, errors.New("login is no ambassador's number")
	case e.Beacon != nil && (e.Beacon.DT < 0 || e.Beacon.DT > longestReplay):
		return e, errors.New("the beacon's dt is no number of seconds after the request")
	}
	if _, err := netip.ParseAddr(e.IP); err != nil {
		return e, fmt.Errorf("ip: %w", err)
	}
	if _, ok := ambassadorOf(e.Token); !ok && (!strings.HasPrefix(e.Token, "J:") || e.Token == "J:") {
		return e, fmt.Errorf("the token %q is neither A:number nor J:jar", e.Token)
	}
	e.at = seconds(*e.T)
	return e, nil
}

// longestReplay is how far from its beginning a campaign can have an event, in
// seconds: thirty years.
const longestReplay = 30 * 365 * 24 * 3600

// eventID is the name of an event, a number or a text that fits into a table.
func eventID(raw json.RawMessage) (string, error) {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	if text == "" || text == "null" || strings.ContainsAny(text, "\t\r\n{[") {
		return "", errors.New("id is neither a number nor a text")
	}
	return text, nil
}

// ambassadorOf is the number in the token A:number.
func ambassadorOf(token string) (k int, ok bool) {
	digits, ok := strings.CutPrefix(token, "A:")
	if !ok {
		return 0, false
	}
	k, err := strconv.Atoi(digits)
	return k, err == nil && k >= 0
}
