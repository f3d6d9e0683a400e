package spread

// Tree is a live tree of counted and see-through opens under one link: opens
// come, are counted and un-counted in any order, and its measures follow by
// touching only the opens above (spread.md §6). An open that is not counted is
// see-through: what hangs below it hangs on the nearest counted open above.
//
// Opens are numbered from 1 in the order they were added; 0 is the link.
type Tree struct {
	most  int64
	nodes []node
	sums  TreeSums
}

// node is an open.
type node struct {
	parent  int32
	size    int32 // counted opens in its subtree, itself included
	counted bool
}

// TreeSums are the measures that a live tree keeps.
type TreeSums struct {
	People  int64 // n
	Hops    int64 // Σ of the hops of all counted opens; equally Σ of their subtree sizes
	Squares int64 // Σ of their subtree sizes squared
	Sharers int64 // counted opens with counted ones below
	Points  int64 // the score: Σ of min(subtree size, most)
}

// NewTree returns an empty tree in which one person is worth at most most points.
func NewTree(most int64) *Tree { return &Tree{most: most, nodes: make([]node, 1)} }

// Sums returns the measures of the tree as it is now.
func (t *Tree) Sums() TreeSums { return t.sums }

// Len is how many opens there are, counted or not.
func (t *Tree) Len() int { return len(t.nodes) - 1 }

// Add appends an open below another, or below the link (0), and counts it.
func (t *Tree) Add(parent int) (id int) {
	t.nodes = append(t.nodes, node{parent: int32(parent)}) //nolint:gosec // trees are smaller than 2^31
	id = len(t.nodes) - 1
	t.Count(id)
	return id
}

// Count makes an open count.
func (t *Tree) Count(id int) {
	if n := &t.nodes[id]; !n.counted {
		n.counted = true
		n.size++
		t.weigh(int64(n.size), 1)
		t.sums.People++
		t.climb(n.parent, 1)
	}
}

// Uncount makes an open see-through.
func (t *Tree) Uncount(id int) {
	if n := &t.nodes[id]; n.counted {
		t.weigh(int64(n.size), -1)
		n.counted = false
		n.size--
		t.sums.People--
		t.climb(n.parent, -1)
	}
}

// climb changes the sizes of everything from an open upwards.
func (t *Tree) climb(up, by int32) {
	for ; up != 0; up = t.nodes[up].parent {
		n := &t.nodes[up]
		if n.counted {
			t.weigh(int64(n.size), -1)
		}
		n.size += by
		if n.counted {
			t.weigh(int64(n.size), 1)
		}
	}
}

// weigh adds, or takes away, what a counted open of that size is worth.
func (t *Tree) weigh(size, sign int64) {
	t.sums.Hops += sign * size
	t.sums.Squares += sign * size * size
	t.sums.Points += sign * min(size, t.most)
	if size >= 2 {
		t.sums.Sharers += sign
	}
}

// above is the nearest counted open above one, or 0.
func (t *Tree) above(id int) int {
	p := t.nodes[id].parent
	for p != 0 && !t.nodes[p].counted {
		p = t.nodes[p].parent
	}
	return int(p)
}

// Shape is what is computed of a tree in one pass when it is looked at.
type Shape struct {
	Generations []int64   // people at hop 1, 2, …
	PassedOn    []float64 // R per generation: people of the next per person of this one
	Depth       int       // hops to the farthest
	Breadth     int64     // people in the largest generation
	R           float64   // mean counted children per counted open
	MeanHops    float64
	Virality    float64 // mean distance between all pairs, the link included
	LargestHand int64   // most people that one open brought directly
}

// Shape measures the tree of counted opens.
func (t *Tree) Shape() (s Shape) {
	hops, children := make([]int32, len(t.nodes)), make([]int32, len(t.nodes))
	for id := 1; id < len(t.nodes); id++ {
		if !t.nodes[id].counted {
			continue
		}
		up := t.above(id)
		hops[id] = hops[up] + 1
		children[up]++
		if int(hops[id]) > len(s.Generations) {
			s.Generations = append(s.Generations, 0)
		}
		s.Generations[hops[id]-1]++
	}
	s.Depth = len(s.Generations)
	for i, n := range s.Generations {
		s.Breadth = max(s.Breadth, n)
		next := int64(0)
		if i+1 < s.Depth {
			next = s.Generations[i+1]
		}
		s.PassedOn = append(s.PassedOn, float64(next)/float64(n))
	}
	for _, c := range children[1:] {
		s.LargestHand = max(s.LargestHand, int64(c))
	}
	if n := float64(t.sums.People); n > 0 {
		s.R = (n - float64(children[0])) / n
		s.MeanHops = float64(t.sums.Hops) / n
		s.Virality = t.sums.Virality()
	}
	return s
}

// Virality is structural virality (Goel, Anderson, Hofman, Watts 2015): the
// mean distance over all pairs of people and the link, from the Wiener index
// W = (n+1)·Hops − Squares; 0 for an empty tree.
func (s TreeSums) Virality() float64 {
	n := float64(s.People)
	if n == 0 {
		return 0
	}
	return 2 * ((n+1)*float64(s.Hops) - float64(s.Squares)) / (n * (n + 1))
}
