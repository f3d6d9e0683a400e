package video

import (
	"math"
	"slices"
	"time"
)

// A WebM is a tree of elements (RFC 8794 and 9559): each begins with a number that says what it is, and its size.

// element is one of a file.
type element struct {
	id      uint32
	from    int64 // where it begins
	body    span
	unknown bool // it does not say where it ends
}

// clip is what is read out of a WebM.
type clip struct {
	*upload
	doc           string
	scale         uint64  // nanoseconds of a unit of time
	duration      float64 // units
	last          int64   // units, of the last picture or sound
	cluster       int64   // units
	track         clipTrack
	tracks        map[uint64]bool // those that stay
	width, height int
	clusters      int
	lost          bool // the block of the group that is being read
}

// clipTrack is the track that is being read.
type clipTrack struct {
	number, kind                             uint64
	codec                                    string
	setup                                    span
	wide, high, showWide, showHigh, showUnit uint64
}

// webm cleans a WebM. Every element but those that are needed becomes a void one of the same size.
func (u *upload) webm() (v Video, err error) {
	c := &clip{upload: u, scale: 1_000_000, tracks: map[uint64]bool{}}
	head, err := c.element(0, u.size)
	if err != nil || head.unknown {
		return v, errKind
	}
	if err := c.children(head); err != nil {
		return v, err
	}
	if c.doc != "webm" {
		return v, errKind
	}
	segment, err := c.element(head.body.to, u.size)
	switch {
	case err != nil:
		return v, err
	case segment.id != segmentID, segment.body.to != u.size:
		return v, errDamaged
	}
	if err := c.children(segment); err != nil {
		return v, err
	}
	switch {
	case c.clusters == 0:
		return v, errDamaged
	case c.width == 0:
		return v, errSilent
	}
	length := max(c.duration, float64(c.last)+1) * float64(c.scale)
	if math.IsNaN(length) || length > float64(24*time.Hour) {
		length = float64(24 * time.Hour)
	}
	return Video{Type: WebM, Width: c.width, Height: c.height, Length: time.Duration(length)}, nil
}

// element reads the head of one that ends before end.
func (c *clip) element(at, end int64) (e element, err error) {
	if err := c.count(); err != nil {
		return e, err
	}
	head, err := c.read(at, min(12, end-at))
	if err != nil {
		return e, err
	}
	id, n, _ := vint(head, false)
	if n == 0 || n > 4 {
		return e, errDamaged
	}
	size, m, unknown := vint(head[n:], true)
	begins := at + int64(n+m)
	if m == 0 || !unknown && size > uint64(end-begins) {
		return e, errDamaged
	}
	e = element{id: uint32(id), from: at, body: span{begins, begins + int64(size)}, unknown: unknown}
	if unknown {
		if id != segmentID && id != clusterID {
			return e, errDamaged
		}
		e.body.to = end
	}
	return e, nil
}

// vint is a number whose first byte says how many more there are; without that mark where it is a size. All ones say
// that a size is not known. n is how many bytes it has, 0 where it has no end.
func vint(b []byte, size bool) (v uint64, n int, unknown bool) {
	if len(b) == 0 || b[0] == 0 {
		return 0, 0, false
	}
	n = 1
	for mark := byte(0x80); b[0]&mark == 0; mark >>= 1 {
		n++
	}
	if n > len(b) {
		return 0, 0, false
	}
	for _, c := range b[:n] {
		v = v<<8 | uint64(c)
	}
	if size {
		v &= 1<<(7*n) - 1
		unknown = v == 1<<(7*n)-1
	}
	return v, n, unknown
}

// children goes through what is in an element, as far as it goes: one that does not say where it ends has ended
// where the next of its kind begins.
func (c *clip) children(parent element) error {
	may := within[parent.id]
	for at := parent.body.from; at < parent.body.to; {
		e, err := c.element(at, parent.body.to)
		if err != nil {
			return err
		}
		if e.unknown && e.id == clusterID {
			if e.body.to, err = c.clusterEnd(e); err != nil {
				return err
			}
		}
		at = e.body.to
		what, known := may[e.id]
		if e.id == encodedID && parent.id == trackID {
			return errCodec // compressed or locked once more
		}
		if !known {
			err = c.void(e)
		} else {
			err = c.keep(e, what)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// clusterEnd is where a cluster ends that does not say so.
func (c *clip) clusterEnd(e element) (int64, error) {
	for at := e.body.from; at < e.body.to; {
		one, err := c.element(at, e.body.to)
		if err != nil {
			return 0, err
		}
		if _, next := within[segmentID][one.id]; next || one.unknown || slices.Contains(besides, one.id) {
			return one.from, nil
		}
		at = one.body.to
	}
	return e.body.to, nil
}
