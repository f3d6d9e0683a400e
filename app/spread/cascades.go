package spread

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// mostInCascades is the L of the published columns.
const mostInCascades = 5

// cascadeColumns is the first line of what Cascades writes.
const cascadeColumns = "cascade_id\tn\tdepth\tmax_breadth\tresharers\tsv\tR\tmean_hops\tspread\tspread_1h\tspread_24h\tgens\tR_gens\t" +
	"x_n\tx_depth\tx_max_breadth\tx_resharers\tx_sv\tx_R\tx_mean_hops\tx_spread"

// ErrCascades says that a file of cascades cannot be read; which line, and
// why, was written to the log.
var ErrCascades = errors.New("the file is not a list of cascades")

// cascade is one tree of a file, as it is being read.
type cascade struct {
	name  string
	root  bool
	began float64
	ids   map[string]int // names of nodes in the live tree; the root's is 0
	rows  []row
}

type row struct {
	name   string
	parent int
	after  float64 // seconds since the root
}

// Cascades reads cascades (cascade, node, parent, seconds; tab-separated, gzip
// or not) and writes a line of measures for each, in the order in which they
// first occur. The columns that begin with x_ are of the tree with every node
// un-counted whose number leaves 3 when divided by 7.
func Cascades(in io.Reader, out, log io.Writer) error {
	text, err := unzipped(in)
	if err != nil {
		return err
	}
	all, err := readCascades(text, log)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	if _, err := w.WriteString(cascadeColumns + "\n"); err != nil {
		return err
	}
	for _, c := range all {
		line, err := c.measure()
		if err != nil {
			return err
		}
		if _, err := w.WriteString(line + "\n"); err != nil {
			return err
		}
	}
	return w.Flush()
}

func unzipped(in io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(in, 1<<16)
	if magic, err := b.Peek(2); err == nil && bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return gzip.NewReader(b)
	}
	return b, nil
}

func readCascades(in io.Reader, log io.Writer) ([]*cascade, error) {
	var all []*cascade
	byName := map[string]*cascade{}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), 1<<24)
	for n := 1; lines.Scan(); n++ {
		if err := addRow(&all, byName, strings.TrimSuffix(lines.Text(), "\r")); err != nil {
			fmt.Fprintf(log, "line %d: %v\n", n, err)
			return nil, ErrCascades
		}
	}
	return all, lines.Err()
}

func addRow(all *[]*cascade, byName map[string]*cascade, line string) error {
	f := strings.Split(line, "\t")
	if len(f) != 4 {
		return fmt.Errorf("%d columns, not 4", len(f))
	}
	if f[0] == "" || f[1] == "" {
		return errors.New("a cascade or node without a name")
	}
	seconds, err := strconv.ParseFloat(f[3], 64)
	if err != nil || seconds != seconds || seconds-seconds != 0 {
		return fmt.Errorf("%q is no number of seconds", f[3])
	}
	c := byName[f[0]]
	if c == nil {
		c = &cascade{name: f[0], ids: map[string]int{}}
		byName[f[0]] = c
		*all = append(*all, c)
	}
	if _, twice := c.ids[f[1]]; twice {
		return fmt.Errorf("node %s is there twice", f[1])
	}
	if f[2] == "" {
		if c.root {
			return errors.New("a second root")
		}
		c.root, c.began, c.ids[f[1]] = true, seconds, 0
		return nil
	}
	parent, ok := c.ids[f[2]]
	if !ok {
		return fmt.Errorf("parent %s has not come before", f[2])
	}
	c.rows = append(c.rows, row{f[1], parent, seconds})
	c.ids[f[1]] = len(c.rows)
	return nil
}

// measure builds the live tree, un-counts some of it, and counts it again.
func (c *cascade) measure() (string, error) {
	t, early, day := NewTree(mostInCascades), NewTree(mostInCascades), NewTree(mostInCascades)
	for i, r := range c.rows {
		t.Add(r.parent)
		// The tree as it was: what came later is not there yet, and a parent
		// that is not there yet has nobody below.
		for _, then := range []struct {
			tree  *Tree
			limit float64
		}{{early, 3600}, {day, 86400}} {
			then.tree.Add(r.parent)
			if r.after-c.began > then.limit {
				then.tree.Uncount(i + 1)
			}
		}
	}
	before := t.Sums()
	whole := measures(t)
	line := fmt.Sprintf("%s\t%s\t%d\t%d\t%s", c.name, whole, early.Sums().Points, day.Sums().Points, generations(t))
	out := c.excluded()
	for _, id := range out {
		t.Uncount(id)
	}
	line += "\t" + measures(t)
	for _, id := range out {
		t.Count(id)
	}
	if t.Sums() != before || measures(t) != whole {
		return "", fmt.Errorf("cascade %s: counted again, it is another tree", c.name)
	}
	return line, nil
}

// excluded are the nodes that the x_ columns leave out.
func (c *cascade) excluded() (ids []int) {
	for i, r := range c.rows {
		if n, err := strconv.ParseInt(r.name, 10, 64); err == nil && ((n%7)+7)%7 == 3 {
			ids = append(ids, i+1)
		}
	}
	return ids
}

func measures(t *Tree) string {
	sums, shape := t.Sums(), t.Shape()
	return fmt.Sprintf("%d\t%d\t%d\t%d\t%.6f\t%.6f\t%.6f\t%d", sums.People, shape.Depth, shape.Breadth, sums.Sharers,
		shape.Virality, shape.R, shape.MeanHops, sums.Points)
}

func generations(t *Tree) string {
	shape := t.Shape()
	var sizes, rates []string
	for i, n := range shape.Generations {
		sizes = append(sizes, strconv.FormatInt(n, 10))
		rates = append(rates, strconv.FormatFloat(shape.PassedOn[i], 'f', 6, 64))
	}
	return strings.Join(sizes, ",") + "\t" + strings.Join(rates, ",")
}
