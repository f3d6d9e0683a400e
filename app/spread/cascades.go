package spread

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"
	"time"

	"ricochet.example/app/share"
)

// mostInCascades is the L of the published columns.
const mostInCascades = 5

// cascadeColumns is the first line of what Cascades writes.
const cascadeColumns = "cascade_id\tn\tdepth\tmax_breadth\tresharers\tsv\tR\tmean_hops\tspread\tspread_1h\tspread_24h\tgens\tR_gens\t" +
	"x_n\tx_depth\tx_max_breadth\tx_resharers\tx_sv\tx_R\tx_mean_hops\tx_spread\n"

// ErrCascades says that a file of cascades cannot be read; which lines, and
// why, was written to the log.
var ErrCascades = errors.New("the file is not a list of cascades")

// Cascades reads cascades (cascade, node, parent, seconds; tab-separated, gzip
// or not) and writes a line of measures for each, in the order in which they
// first occur. The columns that begin with x_ are of the same tree with every
// node un-counted whose number leaves 3 when divided by 7; then these are
// counted again, and it is an error if anything is not as it was. Nothing is
// written of a file with a bad line: its tree would not be the one meant.
func Cascades(in io.Reader, out, log io.Writer) error {
	text, err := unzipped(in)
	if err != nil {
		return fmt.Errorf("reading cascades: %w", err)
	}
	all, err := readCascades(text, log)
	if err != nil {
		return fmt.Errorf("reading cascades: %w", err)
	}
	w := bufio.NewWriterSize(out, 1<<16)
	line := []byte(cascadeColumns)
	for _, c := range all {
		if line, err = c.measure(line); err != nil {
			return fmt.Errorf("measuring cascade %s: %w", c.name, err)
		}
		if _, err := w.Write(line); err != nil {
			return fmt.Errorf("writing measures: %w", err)
		}
		line, c.leaves, c.numbers, c.names = line[:0], nil, nil, nil
	}
	if _, err := w.Write(line); err != nil { // the head alone, of an empty file
		return fmt.Errorf("writing measures: %w", err)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("writing measures: %w", err)
	}
	return nil
}

// unzipped tells gzip by its first bytes.
func unzipped(in io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(in, 1<<16)
	if magic, err := b.Peek(2); err == nil && bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return gzip.NewReader(b)
	}
	return b, nil
}

// cascade is one tree of a file.
type cascade struct {
	name    string
	numbers map[int64]int64  // opens by the names that are plain numbers
	names   map[string]int64 // and by all other names; the root is 0
	rooted  bool
	began   int64   // milliseconds, of the root
	leaves  []Leaf  // times run from the root's
	out     []int64 // the opens that the x_ columns leave out
}

// measure appends the cascade's line.
func (c *cascade) measure(line []byte) ([]byte, error) {
	t := NewTree(mostInCascades)
	for _, l := range c.leaves {
		if _, err := t.Insert(l); err != nil {
			return nil, err
		}
	}
	whole := t.Shape(time.Time{})
	line = appendShape(append(line, c.name...), &whole)
	for _, limit := range []time.Duration{time.Hour, 24 * time.Hour} {
		line = strconv.AppendInt(append(line, '\t'), t.PointsAt(time.UnixMilli(limit.Milliseconds())), 10)
	}
	line = appendGenerations(line, &whole)

	days := t.Days()
	for _, id := range c.out {
		if _, err := t.Uncount(id, share.Excluded); err != nil {
			return nil, err
		}
	}
	without := t.Shape(time.Time{})
	line = append(appendShape(line, &without), '\n')
	for _, id := range c.out {
		if _, err := t.Count(id); err != nil {
			return nil, err
		}
	}
	if again := t.Shape(time.Time{}); !bytes.Equal(appendAll(nil, &again), appendAll(nil, &whole)) || again.TreeSums != whole.TreeSums || !maps.Equal(days, t.Days()) {
		return nil, errors.New("un-counted and counted again, its numbers are not what they were")
	}
	return line, nil
}

func appendAll(line []byte, s *Shape) []byte { return appendGenerations(appendShape(line, s), s) }

func appendShape(line []byte, s *Shape) []byte {
	whole := func(n int64) { line = strconv.AppendInt(append(line, '\t'), n, 10) }
	broken := func(x float64) { line = strconv.AppendFloat(append(line, '\t'), x, 'f', 6, 64) }
	whole(s.People)
	whole(int64(s.Depth))
	whole(s.Breadth)
	whole(s.Sharers)
	broken(s.Virality)
	broken(s.R)
	broken(s.MeanHops)
	whole(s.Points)
	return line
}

func appendGenerations(line []byte, s *Shape) []byte {
	line = append(line, '\t')
	for i, n := range s.Generations {
		if i > 0 {
			line = append(line, ',')
		}
		line = strconv.AppendInt(line, n, 10)
	}
	line = append(line, '\t')
	for i, r := range s.PassedOn {
		if i > 0 {
			line = append(line, ',')
		}
		line = strconv.AppendFloat(line, r, 'f', 6, 64)
	}
	return line
}
