package spread

import (
	"math"
	"slices"
)

// chart is a map in the making.
type chart struct {
	*grove
	centre float64
	owners []Owner   // nil around a link
	slots  []slot    // in the order of a walk that finishes a branch before the next; 0 is the middle
	rings  [][]int   // slots by ring, in that order; 0 is the middle
	radii  []float64 // of the rings; 0 is the middle's own
	arcs   []Arc     // of the slots on the first ring, if ambassadors are arcs
	around []Arc     // of squads
}

// slot is a place on a ring.
type slot struct {
	node     int32 // of the one above for a gathering
	gathered int   // opens
	others   int   // ambassadors
	ring     int
	above    int
	kids     []int
	radius   float64
	angle    float64 // clockwise from below; later places on a ring have larger ones
	demand   float64 // of the circle, for itself and all that hangs on it
	fan      float64 // of the circle, for what hangs on it
}

// fill makes a slot of everything drawn, and of what is gathered below it.
func (c *chart) fill(drawn []int32) {
	kids := map[int32][]int32{}
	for _, v := range drawn {
		p := c.nodes[v].parent
		kids[p] = append(kids[p], v)
	}
	c.walk(0, -1, kids)
	for i := range c.slots {
		s := &c.slots[i]
		for len(c.rings) <= s.ring {
			c.rings = append(c.rings, nil)
		}
		c.rings[s.ring] = append(c.rings[s.ring], i)
	}
}

func (c *chart) walk(v int32, above int, kids map[int32][]int32) {
	at, seed := len(c.slots), &c.nodes[v]
	c.slots = append(c.slots, slot{node: v, ring: int(seed.ring), above: above})
	opens, others := int(seed.opens), int(seed.others-seed.stands) // nobody is below themself
	if seed.trace != nil {
		opens--
	}
	for _, k := range kids[v] {
		opens -= int(c.nodes[k].opens)
		others -= int(c.nodes[k].others)
		c.slots[at].kids = append(c.slots[at].kids, len(c.slots))
		c.walk(k, at, kids)
	}
	if opens > 0 || others > 0 {
		c.slots[at].kids = append(c.slots[at].kids, len(c.slots))
		c.slots = append(c.slots, slot{node: v, gathered: opens, others: others, ring: int(seed.ring) + 1, above: at})
	}
}

// measure decides how large everything is: spots by people, rings by how much
// is to stand on them, and spots again by the room that there is.
func (c *chart) measure() {
	most := 1.0
	for _, s := range c.slots[1:] {
		if s.gathered == 0 && c.nodes[s.node].trace != nil {
			most = max(most, float64(c.nodes[s.node].people))
		}
	}
	roomy := 1 + .9*max(0, 1-float64(len(c.slots))/120) // few spots may be larger
	for i := range c.slots {
		c.slots[i].radius = c.wanted(&c.slots[i], most) * roomy
	}
	if c.areArcs() {
		for _, i := range c.rings[1] {
			c.slots[i].radius = arcWide / 2
		}
	}
	c.space()
	for k := 1; k < len(c.rings); k++ {
		if k == 1 && c.areArcs() {
			continue
		}
		inner := c.radii[k] - c.radii[k-1]
		limit := (inner - apart) / 2
		if k == 1 {
			limit = inner - apart
		}
		if k == 2 && c.areArcs() {
			limit = inner - apart - arcWide/2
		}
		if k+1 < len(c.rings) {
			limit = min(limit, (c.radii[k+1]-c.radii[k]-apart)/2)
		}
		c.shrink(k, max(limit, smallest))
	}
}

// wanted is the radius that a slot would like.
func (c *chart) wanted(s *slot, most float64) float64 {
	n := &c.nodes[s.node]
	switch {
	case s.gathered > 0 || s.others > 0:
		return min(4+1.5*math.Log10(float64(1+s.gathered+s.others)), 11)
	case n.trace == nil:
		return 17
	default:
		return 3.4 + 6*math.Sqrt(float64(max(n.people-1, 0))/most)
	}
}

// space sets the radii of the rings: evenly, but a crowded ring gets the
// length that its spots want as long as those outside of it keep some room.
func (c *chart) space() {
	last := len(c.rings) - 1
	c.radii = []float64{c.centre}
	keep := min(60, (outermost-334)/float64(max(last-1, 1)))
	for k := 1; k <= last; k++ {
		if k == 1 && c.areArcs() {
			c.radii = append(c.radii, ownerArcs)
			continue
		}
		inside := c.radii[k-1]
		even := inside + (outermost-inside)/float64(max(last, 2)-k+1)
		length, largest := 2*laneHalf, 0.0
		for _, i := range c.rings[k] {
			length += 2*c.slots[i].radius + 3*apart
			largest = max(largest, c.slots[i].radius)
		}
		crowd := length / (2 * math.Pi)
		if k == 1 {
			crowd = max(crowd, c.centre+largest+2*apart)
		}
		c.radii = append(c.radii, max(even, min(crowd, outermost-float64(last-k)*keep)))
	}
}

// shrink makes the spots of a ring fit beside each other and between its
// neighbours.
func (c *chart) shrink(k int, limit float64) {
	var own []float64
	for _, i := range c.rings[k] {
		own = append(own, min(c.slots[i].radius, limit))
	}
	set := func(by float64) float64 {
		for n, i := range c.rings[k] {
			c.slots[i].radius = max(own[n]*by, smallest)
		}
		return sum(c.between(k))
	}
	low, high := 0.0, 1.0
	if set(high) <= 2*math.Pi*.96 {
		return
	}
	for range 24 {
		if by := (low + high) / 2; set(by) > 2*math.Pi*.96 {
			high = by
		} else {
			low = by
		}
	}
	set(low)
}

// between returns what angles must be between the neighbours on a ring, the
// last of which is between the last and the first, with the lane of the rings'
// numbers in between.
func (c *chart) between(k int) []float64 {
	ring := c.rings[k]
	n := len(ring)
	gaps := make([]float64, n)
	for i := range n - 1 {
		chord := c.slots[ring[i]].radius + c.slots[ring[i+1]].radius + apart
		gaps[i] = 2 * math.Asin(min(chord/(2*c.radii[k]), 1))
	}
	gaps[n-1] = c.besideLane(k, ring[0]) + c.besideLane(k, ring[n-1])
	return gaps
}

// besideLane is the smallest angle from below at which a slot is clear of the lane.
func (c *chart) besideLane(k, slot int) float64 {
	return math.Asin(min((laneHalf+c.slots[slot].radius+apart)/c.radii[k], 1))
}

func sum(all []float64) (total float64) {
	for _, x := range all {
		total += x
	}
	return total
}

// place gives every slot its angle, ring by ring: each wants to be in the part
// of the fan of the one above that is its own, and as near to that as the
// others let it.
func (c *chart) place() {
	for i := len(c.slots) - 1; i > 0; i-- {
		s := &c.slots[i]
		for _, k := range s.kids {
			s.demand += c.slots[k].demand
		}
		s.demand = max(s.demand, (2*s.radius+apart)/c.radii[s.ring])
	}
	top := &c.slots[0]
	top.angle, top.fan = math.Pi, 2*math.Pi
	for k := 1; k < len(c.rings); k++ {
		if k == 1 && c.areArcs() {
			c.bend()
			continue
		}
		for _, p := range c.rings[k-1] {
			c.spreadOut(&c.slots[p])
		}
		c.settle(k)
	}
}

// spreadOut gives those below a slot the angles that they want.
func (c *chart) spreadOut(s *slot) {
	all, from := 0.0, s.angle-s.fan/2
	for _, k := range s.kids {
		all += c.slots[k].demand
	}
	for _, k := range s.kids {
		kid := &c.slots[k]
		part := s.fan * kid.demand / all
		kid.angle, kid.fan = from+part/2, min(part, max(widestFan, kid.demand))
		from += part
	}
}

// settle moves the slots of a ring apart, each as little as can be (least
// squares, by pooling neighbours that press on each other).
func (c *chart) settle(k int) {
	ring, gaps := c.rings[k], c.between(k)
	n := len(ring)
	want, shift := make([]float64, n), make([]float64, n)
	for i, s := range ring {
		if i > 0 {
			shift[i] = shift[i-1] + gaps[i-1]
		}
		want[i] = c.slots[s].angle - shift[i]
	}
	got := increasing(want)
	low := c.besideLane(k, ring[0])
	high := max(2*math.Pi-c.besideLane(k, ring[n-1])-shift[n-1], low)
	for i, s := range ring {
		c.slots[s].angle = min(max(got[i], low), high) + shift[i]
	}
}

// increasing returns the numbers nearest to the given ones, by least squares,
// that never fall.
func increasing(want []float64) []float64 {
	type pool struct {
		mean float64
		size int
	}
	var pools []pool
	for _, x := range want {
		p := pool{x, 1}
		for len(pools) > 0 && pools[len(pools)-1].mean > p.mean {
			q := pools[len(pools)-1]
			pools = pools[:len(pools)-1]
			p = pool{(p.mean*float64(p.size) + q.mean*float64(q.size)) / float64(p.size+q.size), p.size + q.size}
		}
		pools = append(pools, p)
	}
	got := make([]float64, 0, len(want))
	for _, p := range pools {
		got = append(got, slices.Repeat([]float64{p.mean}, p.size)...)
	}
	return got
}

// ripple hands over the finished map.
func (c *chart) ripple() Ripple {
	r := Ripple{Size: rippleSize, Middle: c.centre, First: 1, Arcs: c.areArcs(), Around: c.around}
	for _, radius := range c.radii[1:] {
		r.Rings = append(r.Rings, oneDecimal(radius))
	}
	first := 1
	if c.owners != nil {
		first = 2
		if len(r.Rings) > 0 {
			r.Owners, r.Rings = r.Rings[0], r.Rings[1:]
		}
		if r.Arcs {
			r.Squads = squadArcs
		}
	}
	for i := 1; i < len(c.slots); i++ {
		s := &c.slots[i]
		r.Hidden += s.gathered
		r.Spots = append(r.Spots, c.spot(i, first))
	}
	return r
}

func (c *chart) spot(i, first int) Spot {
	s := &c.slots[i]
	n, up := &c.nodes[s.node], &c.slots[s.above]
	out := Spot{
		Owner: int(n.owner), Number: int(n.number), Hop: s.ring - first + 1, Above: s.above - 1, R: math.Floor(s.radius*10) / 10,
		Gathered: s.gathered, Others: s.others, Counted: true,
	}
	out.X, out.Y = point(c.radii[s.ring], s.angle)
	out.FromX, out.FromY = middle, middle
	bend := s.angle
	if s.above > 0 {
		bend = up.angle
		out.FromX, out.FromY = point(c.radii[up.ring], up.angle)
	}
	half := (c.radii[s.ring] + c.radii[up.ring]) / 2
	for i, a := range [2]float64{bend, s.angle} {
		out.BendX[i], out.BendY[i] = point(half, a)
	}
	if s.gathered > 0 || s.others > 0 {
		return out
	}
	out.Below, out.People = int(n.opens), int(n.people)
	if n.trace != nil {
		reader := n.trace.Reader(int(n.number))
		out.ID, out.State, out.Counted, out.Below, out.People = reader.ID, reader.State, reader.Counted, reader.Below, reader.People
		return out
	}
	if c.arcs != nil {
		out.Arc = c.arcs[slices.Index(c.rings[1], i)]
	}
	if n.stands > 1 {
		out.Others = int(n.stands)
	}
	return out
}

// point is where something stands at an angle, clockwise from below.
func point(r, angle float64) (x, y float64) {
	return oneDecimal(middle - r*math.Sin(angle)), oneDecimal(middle + r*math.Cos(angle))
}
