// Package photo knows pictures that people upload: which are taken, and what is made of them. Nothing of an
// upload is kept but its pixels, so what else was in the file (where it was taken, by whom, another file
// behind it) is gone.
package photo

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"
)

// The bounds of an upload. A file of 109 KB can ask for 868 MB of memory, so that its head is read before
// anything else is.
const (
	// MostBytes is how large a file may be.
	MostBytes = 10 << 20
	// MostPixels is how many pixels it may have, in millions; half of that with 16 bits a colour.
	MostPixels = 25
	longest    = 12_000 // pixels of a side
	// mostWork is how many pixels may be gone over while a file is read: a JPEG can do so as often as it likes.
	mostWork = 400_000_000
	// mostKept is how many samples of a progressive JPEG are kept until its last scan, of all its components
	// together: each takes four bytes.
	mostKept = 24_000_000
)

// Refused says why an upload is not taken, as the key of a message and its arguments, ready for a problem of
// a form.
type Refused struct {
	Key  string
	Args []any
}

// Error says which bound, for the log.
func (r *Refused) Error() string { return fmt.Sprintf("refused: %s %v", r.Key, r.Args) }

// TooLarge is what is said of a file with more than MostBytes.
func TooLarge() *Refused { return &Refused{"image.bytes", []any{"n", MostBytes >> 20}} }

var (
	errEmpty   = &Refused{Key: "image.empty"}
	errKind    = &Refused{Key: "image.kind"}
	errDamaged = &Refused{Key: "image.damaged"}
	errPixels  = &Refused{"image.pixels", []any{"n", MostPixels}}
	errSide    = &Refused{"image.side", []any{"n", longest}}
	errWork    = &Refused{Key: "image.work"}
)

// Photo is what was made of an upload.
type Photo struct {
	Phone, Desk, Card Size
}

// Size is a picture in one of its sizes.
type Size struct {
	Type          string // image/jpeg or image/png
	Width, Height int
	Content       []byte
}

// kind is a format that is taken: how it is told, and who reads it.
type kind struct {
	begins func([]byte) bool
	config func([]byte) (image.Config, error)
	decode func([]byte) (image.Image, error)
	drawn  bool // screenshots and drawings come in it, which PNG may hold better than JPEG
}

func magic(prefix string) func([]byte) bool {
	return func(b []byte) bool { return bytes.HasPrefix(b, []byte(prefix)) }
}

// kinds are the formats. Of one that moves the first picture is taken.
var kinds = []kind{
	{
		begins: magic("\xff\xd8\xff"),
		config: func(b []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(b)) },
		decode: func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) },
	},
	{
		begins: magic("\x89PNG\r\n\x1a\n"),
		config: func(b []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(b)) },
		decode: func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) },
		drawn:  true,
	},
	{
		begins: func(b []byte) bool { return magic("GIF87a")(b) || magic("GIF89a")(b) },
		config: func(b []byte) (image.Config, error) { return gif.DecodeConfig(bytes.NewReader(b)) },
		decode: func(b []byte) (image.Image, error) { return gif.Decode(bytes.NewReader(b)) },
		drawn:  true,
	},
	{
		begins: func(b []byte) bool { return len(b) > 12 && magic("RIFF")(b) && string(b[8:12]) == "WEBP" },
		config: webpConfig,
		decode: func(b []byte) (image.Image, error) { return webp.Decode(bytes.NewReader(b)) },
	},
}

// Read makes a photo of an uploaded file. The error is a *Refused where the file is not taken. It may use
// some 150 MB and a second: whoever calls it sees to it that few do at a time.
func Read(file []byte) (p Photo, err error) {
	picture, drawn, err := decode(file)
	if err != nil {
		return p, err
	}
	desk := fitted(picture, deskWide, deskHigh)
	if p.Desk, err = encode(desk, drawn); err != nil {
		return p, err
	}
	if p.Phone, err = encode(fitted(desk, phoneWide, phoneHigh), drawn); err != nil {
		return p, err
	}
	p.Card, err = encodeJPEG(Crop(desk), cardQuality)
	return p, err
}

// decode reads the pixels of a file, the right way up, if it is one that is taken.
func decode(file []byte) (picture image.Image, drawn bool, err error) {
	if len(file) == 0 {
		return nil, false, errEmpty
	}
	if len(file) > MostBytes {
		return nil, false, TooLarge()
	}
	for _, k := range kinds {
		if !k.begins(file) {
			continue
		}
		config, err := k.config(file)
		if err != nil {
			return nil, false, errDamaged
		}
		if err := bounds(config, file); err != nil {
			return nil, false, err
		}
		if picture, err = k.decode(file); err != nil {
			return nil, false, errDamaged
		}
		if b := picture.Bounds(); b.Dx() != config.Width || b.Dy() != config.Height {
			if b.Empty() || b.Dx() > config.Width || b.Dy() > config.Height {
				return nil, false, errDamaged
			}
		}
		return turned(picture, orientation(file)), k.drawn, nil
	}
	return nil, false, errKind
}

// bounds refuses what would cost too much, by the head of the file alone.
func bounds(c image.Config, file []byte) error {
	if c.Width < 1 || c.Height < 1 {
		return errDamaged
	}
	if c.Width > longest || c.Height > longest {
		return errSide
	}
	pixels := c.Width * c.Height
	most := MostPixels * 1_000_000
	if deep(file) {
		most /= 2
	}
	if pixels > most {
		if deep(file) {
			return &Refused{"image.pixels", []any{"n", MostPixels / 2}}
		}
		return errPixels
	}
	if all := kept(c, file); all > mostKept {
		return &Refused{"image.passes", []any{"n", mostKept * pixels / all / 1_000_000}}
	}
	// A progressive JPEG goes over all pixels with every scan.
	if magic("\xff\xd8\xff")(file) && bytes.Count(file, []byte{0xff, 0xda})*pixels > max(mostWork, 16*pixels) {
		return errWork
	}
	return nil
}

// The markers of a JPEG's frame, which say how it is stored (ITU-T T.81, table B.1): in one scan or more, or
// progressive. Those before them that have a length are skipped.
const (
	frameFirst, frameLast    = 0xc0, 0xc1
	frameProgressive         = 0xc2
	markerFirst, markerReset = 0xc3, 0xd0
	markerSegment            = 0xdb
)

// kept returns how many samples of a JPEG the reader keeps until its last scan: those of all components of a
// progressive one, none of another. A file whose head cannot be followed is taken for the worst.
func kept(c image.Config, file []byte) int {
	if !magic("\xff\xd8\xff")(file) {
		return 0
	}
	const components = 4
	for rest := file[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		size := int(binary.BigEndian.Uint16(rest[2:])) + 2
		if size < 4 || size > len(rest) {
			break
		}
		switch kind := rest[1]; {
		case kind == frameFirst, kind == frameLast:
			return 0
		case kind == frameProgressive:
			return samples(c, rest[4:size])
		case kind < markerFirst, kind >= markerReset && kind < markerSegment, kind == 0xff:
			return components * c.Width * c.Height // it has no length, or leads on in another way
		}
		rest = rest[size:]
	}
	return components * c.Width * c.Height
}

// samples counts those of all components, by what a frame says of how each is sampled.
func samples(c image.Config, frame []byte) int {
	if len(frame) < 6 {
		return 0 // nobody reads it
	}
	components := frame[6:]
	across, down, all := 1, 1, 0
	for n := 0; n+3 <= len(components); n += 3 {
		h, v := int(components[n+1]>>4), int(components[n+1]&15)
		if n == 0 && len(components) > 3 {
			across, down = max(1, h), max(1, v)
		}
		if len(components) == 3 {
			h, v = 1, 1 // one alone is not sampled
		}
		all += h * v
	}
	return (c.Width + 8*across - 1) / (8 * across) * ((c.Height + 8*down - 1) / (8 * down)) * all * 64
}

// webpConfig is the head of a WebP, with the largest size that any of its parts has: a part may be larger than
// the whole says, and is read as it stands.
func webpConfig(file []byte) (c image.Config, err error) {
	if c, err = webp.DecodeConfig(bytes.NewReader(file)); err != nil {
		return c, err
	}
	for rest := file[12:]; len(rest) >= 8; {
		name, size := string(rest[:4]), int64(binary.LittleEndian.Uint32(rest[4:]))
		body := rest[8:]
		if size > int64(len(body)) {
			return c, errDamaged
		}
		w, h := 0, 0
		switch {
		case name == "VP8L" && size >= 5: // a signature, then twice 14 bits
			bits := binary.LittleEndian.Uint32(body[1:])
			w, h = int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1
		case name == "VP8 " && size >= 10: // a tag, a start code, then twice 14 bits
			w, h = int(binary.LittleEndian.Uint16(body[6:])&0x3fff), int(binary.LittleEndian.Uint16(body[8:])&0x3fff)
		}
		c.Width, c.Height = max(c.Width, w), max(c.Height, h)
		rest = body[min(size+size%2, int64(len(body))):]
	}
	return c, nil
}

// deep says whether a PNG has 16 bits a colour: its ninth byte after the length and name of the first chunk.
func deep(file []byte) bool {
	return magic("\x89PNG\r\n\x1a\n")(file) && len(file) > 24 && file[24] == 16
}

// The EXIF tag of how a camera was held (CIPA DC-008-2019, 4.6.5), and how far into a file it is looked for.
const (
	orientationTag = 0x0112
	mostHeads      = 64
)

// orientation is how the camera was held when a JPEG was taken, 1 to 8; 1 where it does not say.
func orientation(file []byte) int {
	if !magic("\xff\xd8\xff")(file) {
		return 1
	}
	rest := file[2:]
	for range mostHeads {
		if len(rest) < 4 || rest[0] != 0xff || rest[1] == 0xda {
			return 1
		}
		size := int(binary.BigEndian.Uint16(rest[2:])) + 2
		if size < 4 || size > len(rest) {
			return 1
		}
		if body := rest[4:size]; rest[1] == 0xe1 && magic("Exif\x00\x00")(body) {
			return tagged(body[6:])
		}
		rest = rest[size:]
	}
	return 1
}

// tagged reads the orientation out of EXIF data, which is a TIFF file.
func tagged(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == orientationTag {
			if how := int(order.Uint16(entries[8:])); how >= 1 && how <= 8 {
				return how
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}
