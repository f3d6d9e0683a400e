package diff_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/diff"
)

// written is a difference as people write it in a test: words that differ stand in [ ].
func written(lines []diff.Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString([...]string{"  ", "- ", "+ ", "~ "}[l.Op])
		if l.Op == diff.Skipped {
			fmt.Fprint(&b, l.Lines)
		}
		for _, w := range l.Words {
			if w.Changed {
				b.WriteString("[" + w.Text + "]")
			} else {
				b.WriteString(w.Text)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestWhatDiffersIsToldByLinesAndWithinThemByWords(t *testing.T) {
	for name, c := range map[string]struct{ before, after, want string }{
		"nothing":               {"one\ntwo", "one\ntwo", "  one\n  two\n"},
		"from nothing":          {"", "one\n\ntwo", "+ one\n+ \n+ two\n"},
		"to nothing":            {"one", "", "- one\n"},
		"a word in a line":      {"We drew the sole in Lyon.", "We drew the upper in Lyon.", "- We drew the [sole] in Lyon.\n+ We drew the [upper] in Lyon.\n"},
		"a line between":        {"one\nthree", "one\ntwo\nthree", "  one\n+ two\n  three\n"},
		"another line":          {"Completely different", "nothing alike", "- Completely different\n+ nothing alike\n"},
		"a paragraph in two":    {"The sole holds. The rest is light.", "The sole holds.\nThe rest is light.", "- The sole holds.[ ]The rest is light.\n+ The sole holds.\n+ The rest is light.\n"},
		"an accent, a French ’": {"l’été à Lyon dure", "l’hiver à Lyon dure", "- [l’été] à Lyon dure\n+ [l’hiver] à Lyon dure\n"},
	} {
		if got := written(diff.Lines(c.before, c.after)); got != c.want {
			t.Errorf("%s:\n%s\nnot\n%s", name, got, c.want)
		}
	}
	long := strings.Repeat("same\n", 9)
	near := diff.Near(diff.Lines(long+"old\n"+long, long+"new\n"+long), 2)
	if got := written(near); got != "~ 7\n  same\n  same\n- old\n+ new\n  same\n  same\n~ 8\n" {
		t.Errorf("only what is near: %s", got)
	}
}

// Whatever two texts are, what is the same and went is the one, what is the same and came the other.
func TestBothTextsCanBeReadOutOfWhatDiffers(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	pieces := []string{"a", "b", "word", " ", "  ", "\n", "\n\n", "é", "’", "👟", ".", "\t", "https://x.example/?a=b"}
	text := func() string {
		var b strings.Builder
		for range random.IntN(40) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		return b.String()
	}
	for range 3000 {
		before, after := text(), text()
		var had, has []string
		for _, l := range diff.Lines(before, after) {
			if l.Op != diff.Came {
				had = append(had, l.Text())
			}
			if l.Op != diff.Gone {
				has = append(has, l.Text())
			}
		}
		if strings.Join(had, "\n") != before || strings.Join(has, "\n") != after {
			t.Fatalf("%q to %q is told as\n%s", before, after, written(diff.Lines(before, after)))
		}
	}
}

// The longest texts that a drop can hold, with nothing in common, or all but.
func TestTheLongestTextsAreComparedInTime(t *testing.T) {
	var a, b strings.Builder
	for i := range 16 << 10 {
		fmt.Fprintf(&a, "%x\n", i)
		fmt.Fprintf(&b, "%o\n", i*7)
	}
	begun := time.Now()
	if n := len(diff.Lines(a.String(), b.String())); n == 0 {
		t.Error("nothing differs")
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}
