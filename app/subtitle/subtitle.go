// Package subtitle knows the words that stand under a video: files in WebVTT, of which the times, the words and what is
// bold or italic are kept, and nothing else. What is kept is written anew, so that no page ever gets what somebody
// uploaded.
package subtitle

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The bounds of a file.
const (
	// MostBytes is how large it may be, as it was uploaded and as it is kept.
	MostBytes = 200 << 10
	// mostCues is how many times words may come: some ten a second in the longest video that is taken.
	mostCues = 2000
	// longestCue is how many characters may stand there at once, with their marks.
	longestCue = 1000
)

// Type is what a server calls such a file.
const Type = "text/vtt; charset=utf-8"

// Refused says why a file is not taken, as the key of a message and its arguments, ready for a problem of a form.
type Refused struct {
	Key  string
	Args []any
}

// Error says why, for the log.
func (r *Refused) Error() string { return fmt.Sprintf("refused: %s %v", r.Key, r.Args) }

// TooLarge is what is said of a file with more than MostBytes.
func TooLarge() *Refused { return &Refused{"subtitle.bytes", []any{"n", MostBytes >> 10}} }

// Clean reads a file in WebVTT and writes down what is kept of it. The error is a *Refused where the file is not taken,
// with the line that is wrong. Cleaning what was cleaned changes nothing.
func Clean(file []byte) (string, error) {
	switch {
	case len(file) == 0:
		return "", &Refused{Key: "subtitle.empty"}
	case len(file) > MostBytes:
		return "", TooLarge()
	}
	f := reading{lines: lines(file)}
	for n, l := range f.lines {
		if !utf8.ValidString(l) || strings.ContainsFunc(l, func(r rune) bool { return r != '\t' && unicode.IsControl(r) }) {
			return "", wrong("subtitle.letters", n)
		}
	}
	if err := f.head(); err != nil {
		return "", err
	}
	for f.next() {
		if err := f.block(); err != nil {
			return "", err
		}
	}
	switch {
	case f.cues == 0:
		return "", &Refused{Key: "subtitle.none"}
	case f.out.Len()+len(signature)+1 > MostBytes:
		return "", TooLarge()
	}
	return signature + "\n" + f.out.String(), nil
}

// signature is what a file begins with.
const signature = "WEBVTT"

// arrow stands between the two times of a cue, and nowhere else.
const arrow = "-->"

// lines are those of a file, without the mark of its order of bytes.
func lines(file []byte) []string {
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(file)), "\n")
}

// wrong refuses a file because of a line, counted from 0.
func wrong(key string, line int) error { return &Refused{key, []any{"line", line + 1}} }

// reading is a file on its way.
type reading struct {
	lines []string
	at    int           // the line that is read next
	last  time.Duration // when the words came that were read last
	cues  int
	out   strings.Builder
}

// head reads what stands above the first empty line, of which nothing is kept.
func (f *reading) head() error {
	rest, ok := strings.CutPrefix(f.lines[0], signature)
	if !ok || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return wrong("subtitle.head", 0)
	}
	return f.skip()
}

// skip passes over a block.
func (f *reading) skip() error {
	for f.at < len(f.lines) && f.lines[f.at] != "" {
		if strings.Contains(f.lines[f.at], arrow) {
			return wrong("subtitle.apart", f.at)
		}
		f.at++
	}
	return nil
}

// next goes to the next block, if there is one.
func (f *reading) next() bool {
	for f.at < len(f.lines) && f.lines[f.at] == "" {
		f.at++
	}
	return f.at < len(f.lines)
}

// aside says whether a block is one of those that bring no words: remarks, styles and regions.
func aside(first string) bool {
	name, _, _ := strings.Cut(strings.ReplaceAll(first, "\t", " "), " ")
	return name == "NOTE" || name == "STYLE" || name == "REGION"
}

// block reads a cue, or passes over what is none.
func (f *reading) block() error {
	if !strings.Contains(f.lines[f.at], arrow) {
		if aside(f.lines[f.at]) {
			return f.skip()
		}
		if f.at++; f.at == len(f.lines) || !strings.Contains(f.lines[f.at], arrow) { // it was the name of a cue
			return wrong("subtitle.time", f.at-1)
		}
	}
	from, to, err := f.times()
	if err != nil {
		return err
	}
	words, err := f.words()
	if err != nil || words == "" {
		return err
	}
	if f.cues++; f.cues > mostCues {
		return &Refused{"subtitle.many", []any{"n", mostCues}}
	}
	f.last = from
	f.out.WriteString("\n" + stamp(from) + " " + arrow + " " + stamp(to) + "\n" + words)
	return nil
}

// timing is the line above the words: two times, and where the words shall stand.
var timing = regexp.MustCompile(`^[ \t]*(?:(\d{2}):)?([0-5]\d):([0-5]\d)\.(\d{3})[ \t]+-->[ \t]+(?:(\d{2}):)?([0-5]\d):([0-5]\d)\.(\d{3})((?:[ \t]+[a-z]+:[^ \t]+)*)[ \t]*$`)

// times reads from when to when the words stand there. Where they stand is the page's affair.
func (f *reading) times() (from, to time.Duration, err error) {
	m := timing.FindStringSubmatch(f.lines[f.at])
	if m == nil {
		return 0, 0, wrong("subtitle.time", f.at)
	}
	from, to = instant(m[1:5]), instant(m[5:9])
	if from >= to || from < f.last {
		return 0, 0, wrong("subtitle.order", f.at)
	}
	f.at++
	return from, to, nil
}

// instant is a time of which hours, minutes, seconds and milliseconds are given, as digits.
func instant(digits []string) (t time.Duration) {
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second, time.Millisecond} {
		n, err := strconv.Atoi(digits[i])
		if err != nil {
			n = 0 // there were no hours
		}
		t += time.Duration(n) * unit
	}
	return t
}

// stamp is a time as a file says it.
func stamp(t time.Duration) string {
	return fmt.Sprintf("%02d:%02d:%02d.%03d", t/time.Hour, t/time.Minute%60, t/time.Second%60, t/time.Millisecond%1000)
}
