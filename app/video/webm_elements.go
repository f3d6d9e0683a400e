package video

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
