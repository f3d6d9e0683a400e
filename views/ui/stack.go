package ui

import "strings"

// Stack is a chart of columns side by side, each of parts that stand on each
// other. A table beside it should have the numbers.
type Stack struct {
	Label    string // what it shows
	Columns  [][]int
	From, To string    // the first and the last column
	Marks    []float64 // what happened besides: how far along, from 0 to 1
}

// The chart's own measures; it is drawn as wide as there is room.
const (
	stackWidth, stackHeight = 600.0, 160.0
	stackRoom               = .18 // of a column, between it and the next
)

// top is the highest column, at least 1.
func (s Stack) top() int {
	top := 1
	for _, c := range s.Columns {
		all := 0
		for _, n := range c {
			all += n
		}
		top = max(top, all)
	}
	return top
}

// layers are the parts of all columns, those of one kind as one path.
func (s Stack) layers() []string {
	var layers []strings.Builder
	wide := stackWidth / float64(max(len(s.Columns), 1))
	scale := (stackHeight - 6) / float64(s.top())
	for i, c := range s.Columns {
		if len(layers) < len(c) {
			layers = append(layers, make([]strings.Builder, len(c)-len(layers))...)
		}
		y := stackHeight
		for k, n := range c {
			if n <= 0 {
				continue
			}
			high := float64(n) * scale
			layers[k].WriteString("M" + short(wide*(float64(i)+stackRoom/2)) + " " + short(y) + "v" + short(-high) + "h" + short(wide*(1-stackRoom)) + "v" + short(high) + "z")
			y -= high
		}
	}
	paths := make([]string, len(layers))
	for i := range layers {
		paths[i] = layers[i].String()
	}
	return paths
}

// marks are lines from top to bottom.
func (s Stack) marks() string {
	var b strings.Builder
	for _, m := range s.Marks {
		b.WriteString("M" + short(stackWidth*m) + " 0V" + short(stackHeight))
	}
	return b.String()
}
