// Package diff tells what differs between two texts: lines that went and came, and in those the words.
package diff

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Op is what became of a line.
type Op int

// Skipped stands for lines that are the same and far from any change.
const (
	Same Op = iota
	Gone
	Came
	Skipped
)

// Line is a line of one text or of both.
type Line struct {
	Op    Op
	Words []Words // none in an empty line
	Lines int     // how many were skipped
}

// Words is a part of a line.
type Words struct {
	Text    string
	Changed bool // the other text has others here
}

// Text is the whole line.
func (l Line) Text() string {
	var all strings.Builder
	for _, w := range l.Words {
		all.WriteString(w.Text)
	}
	return all.String()
}

// patience is how long the shortest list of changes is searched for. After that a longer one will do.
const patience = 200 * time.Millisecond

// alike is how much of two paragraphs has to be the same for it to help to be told of single words.
const alike = 0.3

// Lines returns what became of the lines of one text on the way to another, all of them.
func Lines(before, after string) (lines []Line) {
	var gone, came []string
	change := func() {
		lines = append(lines, changed(gone, came)...)
		gone, came = nil, nil
	}
	for _, step := range steps(split(before), split(after)) {
		switch step.op {
		case Gone:
			gone = append(gone, step.parts...)
		case Came:
			came = append(came, step.parts...)
		default:
			change()
			for _, text := range step.parts {
				lines = append(lines, whole(Same, text))
			}
		}
	}
	change()
	return lines
}

// Near leaves out the lines that are the same and farther than some lines from every change.
func Near(lines []Line, far int) (near []Line) {
	keep := make([]bool, len(lines))
	for i, l := range lines {
		if l.Op == Same {
			continue
		}
		for j := max(0, i-far); j < min(len(lines), i+far+1); j++ {
			keep[j] = true
		}
	}
	for i, l := range lines {
		switch last := len(near) - 1; {
		case keep[i]:
			near = append(near, l)
		case last >= 0 && near[last].Op == Skipped:
			near[last].Lines++
		default:
			near = append(near, Line{Op: Skipped, Lines: 1})
		}
	}
	return near
}

func split(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func whole(op Op, text string) Line {
	if text == "" {
		return Line{Op: op}
	}
	return Line{Op: op, Words: []Words{{Text: text}}}
}

// changed is what became of lines that stand in one place: with the words that differ, where enough of them
// do not.
func changed(gone, came []string) (lines []Line) {
	if len(gone) > 0 && len(came) > 0 {
		all := steps(words(strings.Join(gone, "\n")), words(strings.Join(came, "\n")))
		if likeness(all) >= alike {
			return append(marked(Gone, all), marked(Came, all)...)
		}
	}
	for _, text := range gone {
		lines = append(lines, whole(Gone, text))
	}
	for _, text := range came {
		lines = append(lines, whole(Came, text))
	}
	return lines
}

// likeness is how much of two texts is in both, from 0 to 1, spaces aside.
func likeness(all []step) float64 {
	same, most := 0, map[Op]int{}
	for _, s := range all {
		n := utf8.RuneCountInString(strings.Join(strings.Fields(strings.Join(s.parts, "")), ""))
		if s.op == Same {
			same += n
		} else {
			most[s.op] += n
		}
	}
	longer := same + max(most[Gone], most[Came])
	if longer == 0 {
		return 0
	}
	return float64(same) / float64(longer)
}

// marked are the lines of one of two texts, the words that the other does not have marked.
func marked(op Op, all []step) []Line {
	lines := []Line{{Op: op}}
	for _, s := range all {
		if s.op != Same && s.op != op {
			continue
		}
		for i, text := range strings.Split(strings.Join(s.parts, ""), "\n") {
			if i > 0 {
				lines = append(lines, Line{Op: op})
			}
			if last := &lines[len(lines)-1]; text != "" {
				last.Words = append(last.Words, Words{Text: text, Changed: s.op == op})
			}
		}
	}
	return lines
}

// words cuts a text between words, spaces and marks; put together they are the text again.
func words(text string) (all []string) {
	kind := func(r rune) int {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '’', r == '\'':
			return 1
		case r == '\n':
			return 0 // by itself
		case unicode.IsSpace(r):
			return 2
		}
		return 0
	}
	start, last := 0, 0
	for i, r := range text {
		if k := kind(r); i > start && (k != last || k == 0) {
			all = append(all, text[start:i])
			start = i
		}
		last = kind(r)
	}
	if start < len(text) {
		all = append(all, text[start:])
	}
	return all
}

// step is a run of parts that are the same, or went, or came.
type step struct {
	op    Op
	parts []string
}

// steps is how one list of parts becomes another. The library compares characters: every part is given one.
func steps(before, after []string) (all []step) {
	known, names := map[string]rune{}, map[rune]string{}
	letters := func(parts []string) []rune {
		out := make([]rune, len(parts))
		for i, p := range parts {
			r, there := known[p]
			if !there {
				if r = rune(len(known) + 1); r >= 0xd800 { //nolint:gosec // a text has fewer parts than there are characters
					r += 0x800 // no characters, but halves of such
				}
				known[p], names[r] = r, p
			}
			out[i] = r
		}
		return out
	}
	by := diffmatchpatch.New()
	by.DiffTimeout = patience
	for _, d := range by.DiffCleanupMerge(by.DiffMainRunes(letters(before), letters(after), false)) {
		s := step{op: map[diffmatchpatch.Operation]Op{diffmatchpatch.DiffDelete: Gone, diffmatchpatch.DiffInsert: Came}[d.Type]}
		for _, r := range d.Text {
			s.parts = append(s.parts, names[r])
		}
		if len(s.parts) > 0 {
			all = append(all, s)
		}
	}
	return slices.Clip(all)
}
