package spread_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ricochet.example/app/spread"
)

func fixture(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func zipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The fixture's five trees are the ones of known numbers, their rows mixed.
func TestCascadesAreMeasured(t *testing.T) {
	plain, want := fixture(t, "cascades.tsv"), fixture(t, "cascades.ref.tsv")
	head, _, _ := strings.Cut(want, "\n")
	for name, c := range map[string]struct{ in, want string }{
		"as text":                       {plain, want},
		"as gzip":                       {zipped(t, plain), want},
		"as two files of gzip in a row": {zipped(t, plain[:400]) + zipped(t, plain[400:]), want},
		"with the line ends of Windows": {strings.ReplaceAll(plain, "\n", "\r\n"), want},
		"without the last line end":     {strings.TrimSuffix(plain, "\n"), want},
		"an empty file":                 {"", head + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, log bytes.Buffer
			if err := spread.Cascades(strings.NewReader(c.in), &out, &log); err != nil {
				t.Fatalf("%v; %s", err, log.String())
			}
			if out.String() != c.want || log.Len() > 0 {
				t.Errorf("wrote\n%s\nwant\n%s\nand told %q", out.String(), c.want, log.String())
			}
		})
	}
}

func TestTimesRunFromTheRootAndMayBeBroken(t *testing.T) {
	in := "c\tx\t\t-100.5\nc\ty\tx\t3499.5\nc\tz\tx\t3499.501\n"
	var out bytes.Buffer
	if err := spread.Cascades(strings.NewReader(in), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if f := strings.Split(strings.Split(out.String(), "\n")[1], "\t"); f[8] != "2" || f[9] != "1" {
		t.Errorf("%s points, %s in the first hour; want 2 and 1", f[8], f[9])
	}
}

// Of the names only -4, 3, 10 and the long one are numbers that leave 3; 10
// and 010 are two nodes.
func TestOnlyNumbersThatLeaveThreeAreExcluded(t *testing.T) {
	in := "c\tr\t\t0\n"
	for _, name := range []string{"-4", "3", "10", "70000000000000000000000000003", "4", "-3", "ten", "3x", "-", "0x3", "11"} {
		in += "c\t" + name + "\tr\t1\n"
	}
	in += "c\t010\t10\t1\n" // leaves 3 too
	var out, log bytes.Buffer
	if err := spread.Cascades(strings.NewReader(in), &out, &log); err != nil {
		t.Fatalf("%v; %s", err, log.String())
	}
	if f := strings.Split(strings.Split(out.String(), "\n")[1], "\t"); f[1] != "12" || f[13] != "7" {
		t.Errorf("%s people, %s without the excluded ones; want 12 and 7", f[1], f[13])
	}
}

func TestABadLineIsToldByItsNumber(t *testing.T) {
	const good = "a\t0\t\t0\na\t1\t0\t10\n"
	for name, c := range map[string]struct{ in, told string }{
		"too few columns":           {good + "a\t2\t1\n", "line 3: 3 columns, not 4\n"},
		"too many columns":          {good + "a\t2\t1\t5\t\n", "line 3: 5 columns, not 4\n"},
		"an empty line":             {"a\t0\t\t0\n\na\t1\t0\t10\n", "line 2: 1 columns, not 4\n"},
		"seconds that are none":     {good + "a\t2\t1\tsoon\n", "line 3: \"soon\" is no number of seconds\n"},
		"no seconds":                {good + "a\t2\t1\t\n", "line 3: \"\" is no number of seconds\n"},
		"not a number":              {good + "a\t2\t1\tNaN\n", "line 3: \"NaN\" is no number of seconds\n"},
		"seconds without end":       {good + "a\t2\t1\t1e300\n", "line 3: \"1e300\" is no number of seconds\n"},
		"a parent that never comes": {good + "a\t2\t7\t5\n", "line 3: the parent \"7\" did not come before\n"},
		"a parent that comes later": {good + "a\t3\t2\t5\na\t2\t1\t5\n", "line 3: the parent \"2\" did not come before\n"},
		"a parent elsewhere":        {good + "b\t0\t\t0\nb\t2\t1\t5\n", "line 4: the parent \"1\" did not come before\n"},
		"its own parent":            {good + "a\t2\t2\t5\n", "line 3: the parent \"2\" did not come before\n"},
		"a second root":             {good + "a\t2\t\t5\n", "line 3: node \"2\" would be a second root\n"},
		"a node twice":              {good + "a\t1\t0\t5\n", "line 3: node \"1\" is there already\n"},
		"the root twice":            {good + "a\t0\t\t5\n", "line 3: node \"0\" is there already\n"},
		"a node without a name":     {good + "a\t\t1\t5\n", "line 3: a node without a name\n"},
		"two of them, and children": {good + "a\t2\t1\tx\na\t3\t2\t5\na\t4\n", "line 3: \"x\" is no number of seconds\nline 5: 2 columns, not 4\n"},
		"a line without end":        {good + strings.Repeat("x", 1<<21), "line 3: longer than 1048576 bytes\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, log bytes.Buffer
			err := spread.Cascades(strings.NewReader(c.in), &out, &log)
			if !errors.Is(err, spread.ErrCascades) || log.String() != c.told || out.Len() > 0 {
				t.Errorf("error %v, told %q, wrote %q; want told %q and nothing written", err, log.String(), out.String(), c.told)
			}
		})
	}
}

func TestAThousandBadLinesAreNotAllTold(t *testing.T) {
	var log bytes.Buffer
	err := spread.Cascades(strings.NewReader(strings.Repeat("x\n", 1000)), io.Discard, &log)
	if n := strings.Count(log.String(), "\n"); err == nil || n != 21 || !strings.HasSuffix(log.String(), "and 980 more bad lines\n") {
		t.Errorf("error %v, and %d lines told", err, n)
	}
}

func TestAGzipCutShortIsAnError(t *testing.T) {
	whole := zipped(t, fixture(t, "cascades.tsv"))
	for _, n := range []int{3, len(whole) / 2, len(whole) - 1} {
		var out bytes.Buffer
		if err := spread.Cascades(strings.NewReader(whole[:n]), &out, io.Discard); err == nil || out.Len() > 0 {
			t.Errorf("after %d bytes of %d: error %v, wrote %d bytes", n, len(whole), err, out.Len())
		}
	}
}

// broken cannot be written to.
type broken struct{}

var errBroken = errors.New("the pipe is broken")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestAWriterThatFailsIsAnError(t *testing.T) {
	if err := spread.Cascades(strings.NewReader("a\t0\t\t0\n"), broken{}, io.Discard); !errors.Is(err, errBroken) {
		t.Errorf("error %v, want %v", err, errBroken)
	}
}

// Real trees, beside the repository where they are to be had: they may not be
// given on with it.
func TestRealCascadesEqualTheReference(t *testing.T) {
	for _, c := range []struct{ in, ref string }{
		{"dev.tsv.gz", "dev.ref.tsv"}, {"dev2_structure_only.tsv.gz", "dev2_structure_only.ref.tsv.gz"},
	} {
		t.Run(c.in, func(t *testing.T) {
			in, want := beside(t, c.in), strings.Split(beside(t, c.ref), "\n")
			var out, log bytes.Buffer
			if err := spread.Cascades(strings.NewReader(in), &out, &log); err != nil {
				t.Fatalf("%v; %s", err, log.String())
			}
			got := strings.Split(out.String(), "\n")
			if len(got) != len(want) || got[0] != want[0] {
				t.Fatalf("%d lines, the reference has %d", len(got), len(want))
			}
			for i := range want {
				if !sameLine(got[i], want[i]) {
					t.Fatalf("line %d is\n%s\nthe reference says\n%s", i+1, got[i], want[i])
				}
			}
		})
	}
}

func beside(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "cascades", name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("there are no real trees beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(name, ".gz") || strings.HasSuffix(name, ".tsv.gz") && !strings.Contains(name, ".ref.") {
		return string(text)
	}
	r, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

// sameLine compares whole numbers exactly and broken ones to a millionth.
func sameLine(a, b string) bool {
	fa, fb := numbers(a), numbers(b)
	if len(fa) != len(fb) {
		return false
	}
	for i := range fa {
		x, errX := strconv.ParseFloat(fa[i], 64)
		y, errY := strconv.ParseFloat(fb[i], 64)
		whole := !strings.Contains(fb[i], ".")
		if fa[i] != fb[i] && (whole || errX != nil || errY != nil || math.Abs(x-y) > 1.0000001e-6) {
			return false
		}
	}
	return true
}

func numbers(line string) []string {
	return strings.FieldsFunc(line, func(r rune) bool { return r == '\t' || r == ',' })
}

func FuzzCascades(f *testing.F) {
	plain := fixture(f, "cascades.tsv")
	f.Add(plain)
	f.Add(zipped(f, plain))
	f.Add("a\t0\t\t0\r\na\t3\t0\t1e3\r\n")
	f.Add("a\t0\t\t0\nb\t0\t\t9\na\t-4\t0\t-7.5\nb\t010\t0\t99999\n")
	f.Fuzz(func(t *testing.T, in string) {
		var out, log bytes.Buffer
		err := spread.Cascades(strings.NewReader(in), &out, &log)
		if err != nil {
			if out.Len() > 0 {
				t.Fatalf("wrote %q in spite of %v", out.String(), err)
			}
			return
		}
		if log.Len() > 0 {
			t.Fatalf("told %q of a good file", log.String())
		}
		for _, line := range strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n") {
			if n := strings.Count(line, "\t"); n != 20 {
				t.Fatalf("%d columns in %q", n+1, line)
			}
		}
	})
}
