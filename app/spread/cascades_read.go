package spread

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"
)

const (
	longestLine = 1 << 20
	// badLinesTold is how many bad lines are told one by one.
	badLinesTold = 20
	// latest keeps seconds where milliseconds since 1970 can still hold them.
	latest = 1e14
)

// readCascades reads all cascades in the order in which they first occur.
func readCascades(in io.Reader, log io.Writer) (all []*cascade, err error) {
	byName := map[string]*cascade{}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), longestLine)
	var last *cascade
	n, bad := 0, 0
	for lines.Scan() {
		n++
		f, err := fields(lines.Bytes())
		if err == nil {
			if last == nil || last.name != string(f[0]) {
				if last = byName[string(f[0])]; last == nil {
					last = &cascade{name: string(f[0]), numbers: map[int64]int64{}, names: map[string]int64{}}
					byName[last.name] = last
					all = append(all, last)
				}
			}
			err = last.add(f[1], f[2], f[3])
		}
		if err != nil {
			if bad++; bad <= badLinesTold {
				fmt.Fprintf(log, "line %d: %v\n", n, err)
			}
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		fmt.Fprintf(log, "line %d: longer than %d bytes\n", n+1, longestLine)
		return nil, ErrCascades
	} else if err != nil {
		return nil, fmt.Errorf("after line %d: %w", n, err)
	}
	if bad > badLinesTold {
		fmt.Fprintf(log, "and %d more bad lines\n", bad-badLinesTold)
	}
	if bad > 0 {
		return nil, ErrCascades
	}
	return all, nil
}

// fields splits a line into its four columns.
func fields(line []byte) (f [4][]byte, err error) {
	if n := bytes.Count(line, []byte{'\t'}); n != 3 {
		return f, fmt.Errorf("%d columns, not 4", n+1)
	}
	for i := range f {
		f[i], line, _ = bytes.Cut(line, []byte{'\t'})
	}
	if len(f[1]) == 0 {
		return f, errors.New("a node without a name")
	}
	return f, nil
}

// add takes a node. What is said twice about a bad one helps nobody, so it is
// there for those below it all the same.
func (c *cascade) add(node, parent, seconds []byte) error {
	if _, twice := c.open(node); twice {
		return fmt.Errorf("node %q is there already", node)
	}
	at, err := milliseconds(seconds)
	if len(parent) == 0 {
		if c.rooted && err == nil {
			err = fmt.Errorf("node %q would be a second root", node)
		}
		if !c.rooted {
			c.rooted, c.began = true, at
		}
		c.remember(node, 0)
		return err
	}
	above, known := c.open(parent)
	if !known && err == nil {
		err = fmt.Errorf("the parent %q did not come before", parent)
	}
	id := int64(len(c.leaves) + 1)
	c.leaves = append(c.leaves, Leaf{ID: id, Parent: above, OpenedAt: time.UnixMilli(at - c.began), Counted: true})
	if leavesThree(node) {
		c.out = append(c.out, id)
	}
	c.remember(node, id)
	return err
}

// milliseconds reads seconds, whole ones or not.
func milliseconds(seconds []byte) (int64, error) {
	at, err := strconv.ParseFloat(string(seconds), 64)
	if err != nil || !(math.Abs(at) <= latest) { // nor NaN
		return 0, fmt.Errorf("%q is no number of seconds", seconds)
	}
	return int64(math.Round(at * 1000)), nil
}

func (c *cascade) open(name []byte) (id int64, known bool) {
	if number, ok := plainNumber(name); ok {
		id, known = c.numbers[number]
		return id, known
	}
	id, known = c.names[string(name)]
	return id, known
}

func (c *cascade) remember(name []byte, id int64) {
	if number, ok := plainNumber(name); ok {
		c.numbers[number] = id
		return
	}
	c.names[string(name)] = id
}

// plainNumber reads a name that is a number, and the only way to write it.
func plainNumber(name []byte) (n int64, ok bool) {
	if len(name) > 18 || name[0] == '0' && len(name) > 1 {
		return 0, false
	}
	for _, d := range name {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + int64(d-'0')
	}
	return n, true
}

// leavesThree says whether a name is a whole number, of any length, that
// leaves 3 when divided by 7.
func leavesThree(name []byte) bool {
	digits, minus := bytes.CutPrefix(name, []byte{'-'})
	if len(digits) == 0 {
		return false
	}
	rest := 0
	for _, d := range digits {
		if d < '0' || d > '9' {
			return false
		}
		rest = (rest*10 + int(d-'0')) % 7
	}
	if minus {
		rest = (7 - rest) % 7
	}
	return rest == 3
}
