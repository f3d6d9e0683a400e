package spread

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"
)

// mark says where the numbers of rings stand: in the lane that is kept free
// for them, and only those that do not come too near to each other. The last
// ring always has one.
func (r *Ripple) mark() {
	inside := r.Middle
	if r.Owners > 0 {
		inside = r.Owners + arcWide/2
	}
	last := inside
	for i, radius := range r.Rings {
		if i > 0 {
			last = max(last, inside)
		}
		if radius-markHigh/2 < last+2 {
			continue
		}
		r.Marks = append(r.Marks, RingMark{Hop: r.First + i, X: middle, Y: middle + radius})
		last = radius + markHigh/2
	}
	if n := len(r.Rings); n > 0 && len(r.Marks) > 0 && r.Marks[len(r.Marks)-1].Hop < r.First+n-1 {
		r.Marks[len(r.Marks)-1] = RingMark{Hop: r.First + n - 1, X: middle, Y: middle + r.Rings[n-1]}
		if m := len(r.Marks); m > 1 && r.Marks[m-1].Y-r.Marks[m-2].Y < markHigh+2 {
			r.Marks = slices.Delete(r.Marks, m-2, m-1)
		}
	}
}

// countsTold is for how many gatherings a place is looked for to write their number.
const countsTold = 14

// count says where the numbers of the largest gatherings can be written.
func (r *Ripple) count() {
	var all []int
	for i, s := range r.Spots {
		if s.Gathered > 1 {
			all = append(all, i)
		}
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(r.Spots[b].Gathered, r.Spots[a].Gathered) })
	for _, i := range all[:min(len(all), countsTold)] {
		s := r.Spots[i]
		c := Count{N: s.Gathered, W: letter*float64(len(digits(s.Gathered))+1) + 6, H: countHigh}
		for _, side := range [][2]float64{{1, 0}, {-1, 0}, {0, -1}, {0, 1}} {
			c.X = oneDecimal(s.X + side[0]*(s.R+3+c.W/2))
			c.Y = oneDecimal(s.Y + side[1]*(s.R+2+c.H/2))
			if r.free(c) {
				r.Counts = append(r.Counts, c)
				break
			}
		}
	}
}

// digits is a number as it is written, with a space after each three.
func digits(n int) (s []byte) {
	for i := 0; n > 0 || i == 0; i++ {
		if i > 0 && i%3 == 0 {
			s = append(s, ' ')
		}
		s = append(s, byte('0'+n%10))
		n /= 10
	}
	return s
}

// free says whether nothing stands where a number would.
func (r *Ripple) free(c Count) bool {
	if c.X-c.W/2 < 0 || c.X+c.W/2 > r.Size || c.Y-c.H/2 < 0 || c.Y+c.H/2 > r.Size {
		return false
	}
	inside := r.Middle
	if r.Owners > 0 {
		inside = r.Owners + 20
	}
	if fromBox(c.X, c.Y, c.W, c.H, middle, middle) < inside+2 {
		return false
	}
	if math.Abs(c.X-middle) < laneHalf+c.W/2 && c.Y+c.H/2 > middle {
		return false
	}
	for _, o := range r.Counts {
		if math.Abs(c.X-o.X) < (c.W+o.W)/2 && math.Abs(c.Y-o.Y) < (c.H+o.H)/2 {
			return false
		}
	}
	for _, n := range r.Names {
		x := n.X + n.W/2
		if n.Left {
			x = n.X - n.W/2
		}
		if math.Abs(c.X-x) < (c.W+n.W)/2 && math.Abs(c.Y-n.Y) < (c.H+n.H)/2 {
			return false
		}
	}
	for _, s := range r.Spots {
		if fromBox(c.X, c.Y, c.W, c.H, s.X, s.Y) < s.R+.5 {
			return false
		}
	}
	return true
}

// fromBox is how far a point is from a box around x, y.
func fromBox(x, y, w, h, px, py float64) float64 {
	return math.Hypot(max(math.Abs(px-x)-w/2, 0), max(math.Abs(py-y)-h/2, 0))
}

// name says where the names of ambassadors stand: at the rim, as near to where
// their arc points as the others let it, on the left and on the right each for
// themselves.
func (r *Ripple) name(owners []Owner) {
	const rim = outermost + 22
	sides := [2][]int{}
	at := func(i int) (x, y float64) {
		s := &r.Spots[i]
		d := math.Hypot(s.X-middle, s.Y-middle)
		return (s.X - middle) / d, (s.Y - middle) / d
	}
	for i, s := range r.Spots {
		if s.Hop == 0 && s.Gathered == 0 && s.Owner >= 0 && owners[s.Owner].Named {
			side := 0
			if x, _ := at(i); x < 0 {
				side = 1
			}
			sides[side] = append(sides[side], i)
		}
	}
	for side, named := range sides {
		slices.SortStableFunc(named, func(a, b int) int {
			_, y := at(a)
			_, z := at(b)
			return cmp.Compare(y, z)
		})
		var want []float64
		for n, i := range named {
			_, y := at(i)
			want = append(want, middle+y*rim-float64(n)*nameHigh)
		}
		for n, y := range increasing(want) {
			low, high := nameHigh/2, rippleSize-nameHigh/2-float64(len(named)-1)*nameHigh
			y = min(max(y, low), high) + float64(n)*nameHigh
			r.put(named[n], owners, side == 1, y, at)
		}
	}
	if len(r.Names) > 0 {
		r.Beside = nameRoom
	}
}

// put writes a name at a height.
func (r *Ripple) put(spot int, owners []Owner, left bool, y float64, at func(int) (x, y float64)) {
	const rim = outermost + 22
	s := &r.Spots[spot]
	n := Name{Owner: s.Owner, Y: oneDecimal(y), W: min(letter*float64(utf8.RuneCountInString(owners[s.Owner].Name))+8, nameRoom-8), H: nameHigh - 1, Left: left}
	near := max(math.Abs(y-middle)-nameHigh/2, 0)
	away := max(math.Sqrt(max(rim*rim-near*near, 0)), 16)
	dx, dy := at(spot)
	n.X = oneDecimal(middle + away)
	if left {
		n.X = oneDecimal(middle - away)
	}
	from := r.Owners + s.R
	n.Line = [3][2]float64{
		{oneDecimal(middle + dx*from), oneDecimal(middle + dy*from)},
		{oneDecimal(middle + dx*(outermost+4)), oneDecimal(middle + dy*(outermost+4))},
		{n.X, n.Y},
	}
	r.Names = append(r.Names, n)
}
