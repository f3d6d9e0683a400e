package video

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"time"
)

// A WebM is a tree of elements (RFC 8794 and 9559): each begins with a number that says what it is, and its size.

// form is what an element may hold.
type form int

const (
	nested  form = iota // other elements
	number              // up to eight bytes
	letters             // a name of the format's own
	secret              // the name of a program: it has to be there, and says nothing
	setup               // what a decoder is told before the first picture
	block               // one or more pictures, or sound
)

// The elements that are looked at (RFC 9559, 5.1).
const (
	ebmlID     = 0x1a45dfa3
	segmentID  = 0x18538067
	seekHeadID = 0x114d9b74
	infoID     = 0x1549a966
	tracksID   = 0x1654ae6b
	trackID    = 0xae
	videoID    = 0xe0
	clusterID  = 0x1f43b675
	groupID    = 0xa0
	cuesID     = 0x1c53bb6b
	docTypeID  = 0x4282
	scaleID    = 0x2ad7b1
	durationID = 0x4489
	timeID     = 0xe7
	simpleID   = 0xa3
	blockID    = 0xa1
	numberID   = 0xd7
	kindID     = 0x83
	codecID    = 0x86
	setupID    = 0x63a2
	wideID     = 0xb0
	highID     = 0xba
	showWideID = 0x54b0
	showHighID = 0x54ba
	showUnitID = 0x54b2
	encodedID  = 0x6d80
)

// within are the elements that are kept, by the one that they stand in. All others become void.
var within = map[uint32]map[uint32]form{
	ebmlID: {docTypeID: letters, 0x4286: number, 0x42f7: number, 0x42f2: number, 0x42f3: number, 0x4287: number, 0x4285: number},
	segmentID: {
		seekHeadID: nested, infoID: nested, tracksID: nested, clusterID: nested, cuesID: nested,
	},
	seekHeadID: {0x4dbb: nested},
	0x4dbb:     {0x53ab: number, 0x53ac: number},
	infoID:     {scaleID: number, durationID: number, 0x4d80: secret, 0x5741: secret},
	tracksID:   {trackID: nested},
	trackID: {
		numberID: number, 0x73c5: number, kindID: number, 0xb9: number, 0x88: number, 0x55aa: number, 0x9c: number, 0x23e383: number,
		0x56aa: number, 0x56bb: number, 0x55ee: number, 0x6de7: number, 0x6df8: number,
		codecID: letters, 0x22b59c: letters, setupID: setup, videoID: nested, 0xe1: nested,
	},
	videoID: {
		wideID: number, highID: number, showWideID: number, showHighID: number, showUnitID: number, 0x9a: number, 0x9d: number,
		0x54aa: number, 0x54bb: number, 0x54cc: number, 0x54dd: number, 0x55b0: nested,
	},
	0x55b0: {
		0x55b1: number, 0x55b2: number, 0x55b3: number, 0x55b4: number, 0x55b5: number, 0x55b6: number, 0x55b7: number, 0x55b8: number,
		0x55b9: number, 0x55ba: number, 0x55bb: number, 0x55bc: number, 0x55bd: number,
	},
	0xe1:      {0xb5: number, 0x78b5: number, 0x9f: number, 0x6264: number},
	clusterID: {timeID: number, 0xa7: number, 0xab: number, simpleID: block, groupID: nested},
	groupID:   {blockID: block, 0x9b: number, 0xfb: number, 0x75a2: number, 0xfa: number},
	cuesID:    {0xbb: nested},
	0xbb:      {0xb3: number, 0xb7: nested},
	0xb7:      {0xf7: number, 0xf1: number, 0xf0: number, 0xb2: number, 0x5378: number, 0xea: number},
}

// besides are elements of a segment that are taken out: tags, chapters and attached files.
var besides = []uint32{0x1254c367, 0x1043a770, 0x1941a469}

const (
	mostLetters = 32       // bytes of a name of the format's own
	mostPrivate = 32 << 10 // bytes of what a decoder is told: tables of Vorbis take some kilobytes
	voidID      = 0xec
	pictures    = 1 // kinds of tracks
	sounds      = 2
)

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

// void makes an element one without a meaning.
func (c *clip) void(e element) error {
	n := e.body.to - e.from
	if n < 2 {
		return errDamaged
	}
	head := []byte{voidID, 0x80 | byte(min(n-2, 126))}
	if n-2 > 126 {
		head = binary.BigEndian.AppendUint64([]byte{voidID}, 1<<56|uint64(n-9))
	}
	if err := c.write(e.from, head); err != nil {
		return err
	}
	return c.wipe(e.from+int64(len(head)), e.body.to)
}

// keep looks at an element that stays.
func (c *clip) keep(e element, what form) error {
	n := e.body.to - e.body.from
	switch what {
	case number:
		if n > 8 {
			return errDamaged
		}
		b, err := c.read(e.body.from, n)
		if err != nil {
			return err
		}
		return c.number(e.id, b)
	case letters:
		if n > mostLetters {
			return errDamaged
		}
		b, err := c.read(e.body.from, n)
		if err != nil {
			return err
		}
		return c.letters(e.id, string(bytes.TrimRight(b, "\x00")))
	case secret:
		return c.wipe(e.body.from, e.body.to)
	case setup:
		c.track.setup = e.body
		if n > mostPrivate {
			return errDamaged
		}
		return nil
	case block:
		return c.block(e)
	}
	switch e.id {
	case trackID:
		c.track = clipTrack{}
		if err := c.children(e); err != nil {
			return err
		}
		return c.ended(e)
	case groupID:
		before := c.last
		c.lost = false
		if err := c.children(e); err != nil || !c.lost {
			return err
		}
		c.last = before
		return c.void(e)
	case clusterID:
		c.clusters++
		c.cluster = 0
	}
	return c.children(e)
}

// number notes one that says something to us.
func (c *clip) number(id uint32, b []byte) error {
	n := uint64(0)
	for _, one := range b {
		n = n<<8 | uint64(one)
	}
	switch id {
	case scaleID:
		if n == 0 {
			return errDamaged
		}
		c.scale = n
	case durationID:
		switch len(b) {
		case 4:
			c.duration = float64(math.Float32frombits(uint32(n)))
		case 8:
			c.duration = math.Float64frombits(n)
		}
	case timeID:
		if n > 1<<40 {
			return errLong
		}
		c.cluster = int64(n)
	}
	for its, to := range map[uint32]*uint64{
		numberID: &c.track.number, kindID: &c.track.kind, wideID: &c.track.wide, highID: &c.track.high,
		showWideID: &c.track.showWide, showHighID: &c.track.showHigh, showUnitID: &c.track.showUnit,
	} {
		if its == id {
			*to = n
		}
	}
	return nil
}

// letters notes a name.
func (c *clip) letters(id uint32, name string) error {
	for _, one := range []byte(name) {
		if one <= ' ' || one > '~' || one == '<' {
			return errDamaged
		}
	}
	switch id {
	case docTypeID:
		c.doc = name
	case codecID:
		c.track.codec = name
	}
	return nil
}

// The codecs that a WebM may have.
var (
	pictureCodecs = []string{"V_VP8", "V_VP9", "V_AV1"}
	soundCodecs   = []string{"A_OPUS", "A_VORBIS"}
)

// ended looks at a track when all of it was read. One that is neither pictures nor sound is taken out.
func (c *clip) ended(e element) error {
	t := c.track
	switch t.kind {
	case pictures:
		if !slices.Contains(pictureCodecs, t.codec) {
			return errCodec
		}
		if t.showUnit == 0 && t.showWide > 0 && t.showHigh > 0 {
			t.wide, t.high = t.showWide, t.showHigh
		}
		if t.wide > 1<<20 || t.high > 1<<20 {
			return errSide
		}
		if c.width == 0 {
			c.width, c.height = int(t.wide), int(t.high)
		}
	case sounds:
		if !slices.Contains(soundCodecs, t.codec) {
			return errCodec
		}
		if t.codec == "A_VORBIS" {
			if err := c.silence(t.setup); err != nil {
				return err
			}
		}
	default:
		return c.void(e)
	}
	c.tracks[t.number] = true
	return nil
}

// silence overwrites the comments of Vorbis, which are the second of three packets (Vorbis I, 4.2.1 and 5): the
// lengths of the first two stand before them, in bytes that are added up until one is not 255.
func (c *clip) silence(at span) error {
	b, err := c.read(at.from, at.to-at.from)
	if err != nil {
		return err
	}
	if len(b) < 3 || b[0] != 2 {
		return errDamaged
	}
	rest, sizes := b[1:], [2]int{}
	for i := range sizes {
		for {
			if len(rest) == 0 {
				return errDamaged
			}
			n := int(rest[0])
			rest = rest[1:]
			if sizes[i] += n; n < 255 {
				break
			}
		}
	}
	if sizes[0]+sizes[1] > len(rest) {
		return errDamaged
	}
	comments := rest[sizes[0] : sizes[0]+sizes[1]]
	if len(comments) < 7 || string(comments[:7]) != "\x03vorbis" {
		return errDamaged
	}
	words := comments[7:]
	text := func() bool {
		if len(words) < 4 {
			return false
		}
		n := uint64(binary.LittleEndian.Uint32(words))
		if n > uint64(len(words)-4) {
			return false
		}
		for i := range words[4 : 4+n] {
			words[4+i] = ' '
		}
		words = words[4+n:]
		return true
	}
	if !text() || len(words) < 4 {
		return errDamaged
	}
	many := binary.LittleEndian.Uint32(words)
	words = words[4:]
	for range many {
		if !text() {
			return errDamaged
		}
	}
	if len(words) > 0 {
		clear(words[1:]) // behind the last bit
	}
	return c.write(at.from, b)
}

// block looks when a block is shown. One of a track that is not there is taken out.
func (c *clip) block(e element) error {
	head, err := c.read(e.body.from, min(12, e.body.to-e.body.from))
	if err != nil {
		return err
	}
	number, n, _ := vint(head, true)
	if n == 0 || len(head) < n+3 {
		return errDamaged
	}
	if !c.tracks[number] {
		c.lost = true
		return c.void(e)
	}
	c.last = max(c.last, c.cluster+int64(int16(binary.BigEndian.Uint16(head[n:])))) //nolint:gosec // it is a signed one
	return nil
}
