package photo_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"ricochet.example/app/photo"
)

// halves is a picture that is red on its left and blue on its right, and
// green in its upper left corner.
func halves(w, h int) *image.RGBA {
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(to, to.Bounds(), image.NewUniform(color.RGBA{200, 0, 0, 255}), image.Point{}, draw.Src)
	draw.Draw(to, image.Rect(w/2, 0, w, h), image.NewUniform(color.RGBA{0, 0, 200, 255}), image.Point{}, draw.Src)
	draw.Draw(to, image.Rect(0, 0, w/4, h/4), image.NewUniform(color.RGBA{0, 200, 0, 255}), image.Point{}, draw.Src)
	return to
}

func asJPEG(t testing.TB, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif puts a block of EXIF behind the beginning of a JPEG: how the camera was
// held, and a place.
func exif(file []byte, how uint16) []byte {
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	tiff = binary.BigEndian.AppendUint16(tiff, how)
	tiff = append(tiff, "\x00\x00\x00\x00\x00\x00GPS-48.8584N-2.2945E"...)
	body := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(body)+2))
	return append(append(head, body...), file[2:]...)
}

// chunk is one of a PNG.
func chunk(name string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// headOf is the beginning of a PNG that says it is so large.
func headOf(w, h uint32, depth, colour byte) []byte {
	body := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(body, depth, colour, 0, 0, 0))...)
}

func decoded(t *testing.T, s photo.Size) image.Image {
	t.Helper()
	img, kind, err := image.Decode(bytes.NewReader(s.Content))
	if err != nil || "image/"+kind != s.Type || img.Bounds().Dx() != s.Width || img.Bounds().Dy() != s.Height {
		t.Fatalf("%s of %dx%d is %s of %v: %v", s.Type, s.Width, s.Height, kind, img.Bounds(), err)
	}
	return img
}

// is tells a colour by what it is most.
func is(c color.Color) string {
	r, g, b, _ := c.RGBA()
	switch {
	case r > 2*g && r > 2*b:
		return "red"
	case g > 2*r && g > 2*b:
		return "green"
	case b > 2*r && b > 2*g:
		return "blue"
	}
	return "none"
}

func TestAnUploadBecomesSizesForPhoneDeskAndCard(t *testing.T) {
	for name, c := range map[string]struct {
		w, h        int
		desk, phone [2]int
	}{
		"a wide one":         {4000, 1000, [2]int{1600, 400}, [2]int{800, 200}},
		"a tall one":         {1000, 4000, [2]int{600, 2400}, [2]int{400, 1600}},
		"a small one":        {300, 200, [2]int{300, 200}, [2]int{300, 200}},
		"a line":             {5000, 1, [2]int{1600, 1}, [2]int{800, 1}},
		"a dot":              {1, 1, [2]int{1, 1}, [2]int{1, 1}},
		"an odd one":         {1601, 1067, [2]int{1600, 1066}, [2]int{800, 533}},
		"one that just fits": {1600, 2400, [2]int{1600, 2400}, [2]int{800, 1200}},
	} {
		p, err := photo.Read(asJPEG(t, halves(c.w, c.h)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := [2]int{p.Desk.Width, p.Desk.Height}; got != c.desk {
			t.Errorf("%s: %v for the desk, not %v", name, got, c.desk)
		}
		if got := [2]int{p.Phone.Width, p.Phone.Height}; got != c.phone {
			t.Errorf("%s: %v for the phone, not %v", name, got, c.phone)
		}
		if p.Card.Width != photo.CardWide || p.Card.Height != photo.CardHigh || p.Card.Type != "image/jpeg" {
			t.Errorf("%s: the card is %s of %dx%d", name, p.Card.Type, p.Card.Width, p.Card.Height)
		}
		for _, s := range []photo.Size{p.Desk, p.Phone, p.Card} {
			decoded(t, s)
		}
	}
}

// Every size shows what the upload showed, also where it was made smaller by
// a number that is no whole one.
func TestWhatIsSmallerShowsTheSame(t *testing.T) {
	for _, w := range []int{1000, 1700, 2999, 4800} {
		p, err := photo.Read(asPNG(t, halves(w, w/2)))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []photo.Size{p.Desk, p.Phone} {
			img := decoded(t, s)
			for at, want := range map[[2]int]string{{1, 1}: "green", {1, 9}: "red", {6, 5}: "blue", {9, 9}: "blue"} {
				x, y := s.Width*at[0]/10, s.Height*at[1]/10
				if got := is(img.At(x, y)); got != want {
					t.Errorf("of %d: %s of %d is %s at %d, %d, not %s", w, s.Type, s.Width, got, x, y, want)
				}
			}
			if _, _, b, _ := img.At(s.Width-1, s.Height-1).RGBA(); b>>8 < 180 {
				t.Errorf("of %d: the last corner of %d is %d blue, not 200", w, s.Width, b>>8)
			}
		}
	}
}

// As the eight ways to hold a camera (CIPA DC-008, table 6) put the picture's upper left corner.
func TestPhotosStandTheRightWayUp(t *testing.T) {
	for how, corner := range map[uint16]string{
		1: "upper left", 2: "upper right", 3: "lower right", 4: "lower left", 5: "upper left", 6: "upper right", 7: "lower right", 8: "lower left", 9: "upper left",
	} {
		p, err := photo.Read(exif(asJPEG(t, halves(400, 200)), how))
		if err != nil {
			t.Fatal(err)
		}
		img, w, h := decoded(t, p.Desk), p.Desk.Width, p.Desk.Height
		if upright := how < 5 || how > 8; upright != (w > h) {
			t.Errorf("%d: %d by %d", how, w, h)
		}
		for name, at := range map[string]image.Point{
			"upper left": {w / 10, h / 10}, "upper right": {w * 9 / 10, h / 10}, "lower left": {w / 10, h * 9 / 10}, "lower right": {w * 9 / 10, h * 9 / 10},
		} {
			if green := is(img.At(at.X, at.Y)) == "green"; green != (name == corner) {
				t.Errorf("held as %d, the %s corner is green: %v", how, name, green)
			}
		}
	}
}

func TestNothingOfAFileIsKeptButItsPixels(t *testing.T) {
	secret := "SECRET-7f3a"
	p := asPNG(t, halves(64, 64))
	withText := append(append(append([]byte{}, p[:33]...), chunk("tEXt", []byte("Comment\x00"+secret))...), p[33:]...)
	for name, file := range map[string][]byte{
		"EXIF with a place":         exif(asJPEG(t, halves(64, 64)), 1),
		"a page behind a JPEG":      append(asJPEG(t, halves(64, 64)), "<script>"+secret+"</script>"...),
		"an archive behind a PNG":   append(append([]byte{}, p...), "PK\x03\x04"+secret...),
		"a comment in a PNG":        withText,
		"a moving PNG's other half": append(append(append([]byte{}, p[:33]...), chunk("acTL", []byte{0, 0, 0, 2, 0, 0, 0, 0})...), p[33:]...),
	} {
		got, err := photo.Read(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, s := range []photo.Size{got.Desk, got.Phone, got.Card} {
			for _, never := range []string{"Exif", "GPS", secret, "PK\x03\x04", "tEXt", "acTL", "script"} {
				if bytes.Contains(s.Content, []byte(never)) {
					t.Errorf("%s: there is %q in the %s", name, never, s.Type)
				}
			}
		}
	}
}

// A picture that moves stands still, what can be seen through stays so, and what was drawn stays sharp.
func TestOtherKindsOfPictures(t *testing.T) {
	frame := image.NewPaletted(image.Rect(0, 0, 40, 40), color.Palette{color.Black, color.White})
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame, frame, frame}, Delay: []int{1, 1, 1}}); err != nil {
		t.Fatal(err)
	}
	// 1×1, from the WebP gallery's own example of the lossless format.
	webp, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	glass := image.NewRGBA(image.Rect(0, 0, 40, 40))
	draw.Draw(glass, image.Rect(0, 0, 20, 40), image.NewUniform(color.RGBA{200, 0, 0, 255}), image.Point{}, draw.Src)
	for name, c := range map[string]struct {
		file []byte
		kind string
	}{
		"GIF":         {b.Bytes(), "image/png"},
		"WebP":        {webp, "image/png"},
		"see-through": {asPNG(t, glass), "image/png"},
		"CMYK":        {asJPEG(t, image.NewCMYK(image.Rect(0, 0, 40, 40))), "image/jpeg"},
		"16 bits":     {asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 40, 40))), "image/png"},
	} {
		p, err := photo.Read(c.file)
		if err != nil || p.Desk.Type != c.kind {
			t.Errorf("%s became %q: %v", name, p.Desk.Type, err)
		}
	}
	p, err := photo.Read(asPNG(t, glass))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, a := decoded(t, p.Desk).At(30, 20).RGBA(); a != 0 {
		t.Error("the glass is gone")
	}
	if r, g, b, _ := decoded(t, p.Card).At(1190, 300).RGBA(); r>>8 < 250 || g>>8 < 250 || b>>8 < 250 {
		t.Error("a card can be seen through")
	}
}

// noise cannot be made small.
func noise(w, h int) *image.RGBA {
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range to.Pix {
		to.Pix[i] = byte(random.Uint32())
	}
	return to
}

func TestWhatIsSeenThroughAndTooLargeStandsOnWhite(t *testing.T) {
	p, err := photo.Read(asPNG(t, noise(900, 900)))
	if err != nil || p.Desk.Type != "image/jpeg" {
		t.Errorf("%s of %d bytes: %v", p.Desk.Type, len(p.Desk.Content), err)
	}
}

// scans is a JPEG that says it would be gone over very often.
func scans(t *testing.T) []byte {
	file := asJPEG(t, halves(2000, 2000))
	return append(file[:len(file)-2:len(file)-2], bytes.Repeat([]byte{0xff, 0xda, 0, 2}, 200)...)
}

// passes is the head of a progressive JPEG, whose components are sampled as given (a nibble across, one down),
// behind another segment.
func passes(w, h int, sampling ...byte) []byte {
	frame := []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), byte(len(sampling))}
	for n, s := range sampling {
		frame = append(frame, byte(n+1), s, 0)
	}
	file := append([]byte("\xff\xd8\xff\xfe\x00\x05abc"), 0xff, 0xc2, 0, byte(len(frame)+2))
	return append(append(file, frame...), 0xff, 0xda, 0, 12)
}

// strayed is a JPEG with something between its segments that readers pass over.
func strayed(file []byte) []byte {
	return append([]byte("\xff\xd8\xff\xd0"), file[2:]...)
}

// A progressive JPEG is kept whole, four bytes a sample, until its last scan is read.
func TestAProgressiveJPEGIsKeptWithinBounds(t *testing.T) {
	for name, c := range map[string]struct {
		file []byte
		n    any
	}{
		"all components in full":        {passes(3000, 3000, 0x11, 0x11, 0x11), 8},
		"colours at half":               {passes(5000, 4000, 0x22, 0x11, 0x11), 15},
		"four components":               {passes(3000, 3000, 0x11, 0x11, 0x11, 0x11), 6},
		"grey":                          {passes(5000, 4900, 0x22), 23},
		"something between segments":    {strayed(passes(3000, 3000, 0x11, 0x11, 0x11)), 6},
		"a frame behind fill bytes":     {append([]byte("\xff\xd8\xff"), passes(3000, 3000, 0x11, 0x11, 0x11)[9:]...), 6},
		"a stray byte before the frame": {append([]byte("\xff\xd8\xff\xfe\x00\x02a"), passes(3000, 3000, 0x11, 0x11, 0x11)[9:]...), 6},
	} {
		_, err := photo.Read(c.file)
		refused := new(photo.Refused)
		if !errors.As(err, &refused) || refused.Key != "image.passes" || refused.Args[1] != c.n {
			t.Errorf("%s: %v, not image.passes %v", name, err, c.n)
		}
	}
	for name, file := range map[string][]byte{
		"colours at half": passes(4000, 3000, 0x22, 0x11, 0x11), "grey": passes(5000, 4700, 0x22), "in full": passes(2800, 2800, 0x11, 0x11, 0x11),
	} {
		_, err := photo.Read(file)
		if refused := new(photo.Refused); !errors.As(err, &refused) || refused.Key != "image.damaged" {
			t.Errorf("%s: %v, though it is only damaged", name, err)
		}
	}
}

// larger is a WebP whose part says that it is larger than the whole.
func larger() []byte {
	body := append([]byte("VP8X\x0a\x00\x00\x00"), make([]byte, 10)...)
	part := binary.LittleEndian.AppendUint32([]byte{0x2f}, 16382|16382<<14)
	body = append(append(body, "VP8L\x05\x00\x00\x00"...), append(part, 0)...)
	head := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+4))
	return append(append(head, "WEBP"...), body...)
}

func TestWhatIsNotTakenIsRefusedWithItsReason(t *testing.T) {
	whole := asJPEG(t, halves(300, 300))
	for name, c := range map[string]struct {
		file []byte
		key  string
	}{
		"nothing":                    {nil, "image.empty"},
		"too many bytes":             {append(asJPEG(t, halves(9, 9)), make([]byte, photo.MostBytes)...), "image.bytes"},
		"30 000 by 30 000":           {headOf(30_000, 30_000, 1, 0), "image.side"},
		"1 by 2³¹-1":                 {headOf(1, 1<<31-1, 1, 0), "image.side"},
		"26 million pixels":          {headOf(2600, 10_000, 8, 2), "image.pixels"},
		"13 million deep pixels":     {headOf(1300, 10_000, 16, 2), "image.pixels"},
		"no width":                   {headOf(0, 10, 8, 2), "image.damaged"},
		"a head and nothing else":    {headOf(10, 10, 8, 2), "image.damaged"},
		"half a JPEG":                {whole[:len(whole)/2], "image.damaged"},
		"the beginning of a JPEG":    {whole[:3], "image.damaged"},
		"a JPEG of 200 scans":        {scans(t), "image.work"},
		"a WebP with a larger part":  {larger(), "image.side"},
		"SVG":                        {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "image.kind"},
		"MVG":                        {[]byte("push graphic-context\nfill 'url(https://example.com)'"), "image.kind"},
		"a program":                  {[]byte("MZ\x90\x00\x03"), "image.kind"},
		"a page with a PNG's ending": {[]byte("<!DOCTYPE html><p>x\x89PNG\r\n\x1a\n"), "image.kind"},
		"a sound in RIFF":            {[]byte("RIFF\x24\x00\x00\x00WAVEfmt "), "image.kind"},
		"a picture of Windows":       {[]byte("BM" + strings.Repeat("\x00", 60)), "image.kind"},
	} {
		_, err := photo.Read(c.file)
		refused := new(photo.Refused)
		if !errors.As(err, &refused) || refused.Key != c.key {
			t.Errorf("%s: %v, not %s", name, err, c.key)
		}
	}
}

// Whatever is sent, it becomes pictures that others can read, or is refused.
func FuzzRead(f *testing.F) {
	small := halves(20, 10)
	f.Add(exif(asJPEG(f, small), 6))
	f.Add(asPNG(f, small))
	f.Add(headOf(30_000, 30_000, 1, 0))
	f.Add(larger())
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := photo.Read(file)
		if refused := new(photo.Refused); err != nil && !errors.As(err, &refused) {
			t.Fatal(err)
		}
		if err != nil {
			return
		}
		for _, s := range []photo.Size{p.Desk, p.Phone, p.Card} {
			decoded(t, s)
			if s.Width > 1600 || s.Height > 2400 {
				t.Errorf("%dx%d", s.Width, s.Height)
			}
		}
	})
}
