package picture_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strconv"
	"testing"

	qr "github.com/piglig/go-qr"

	"ricochet.example/app/picture"
)

const address = "https://novaska.example/s/0123456789abc/qr"

// drawn is what the path of an SVG shows, at eight pixels a module, painted by hand.
func drawn(t *testing.T, path string, modules int) image.Image {
	t.Helper()
	const scale = 8
	to := image.NewGray(image.Rect(0, 0, modules*scale, modules*scale))
	for i := range to.Pix {
		to.Pix[i] = 255
	}
	runs := regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-\d+z`).FindAllStringSubmatch(path, -1)
	if len(runs) == 0 {
		t.Fatal("nothing is drawn")
	}
	for _, r := range runs {
		x, _ := strconv.Atoi(r[1])
		y, _ := strconv.Atoi(r[2])
		wide, _ := strconv.Atoi(r[3])
		for px := x * scale; px < (x+wide)*scale; px++ {
			for py := y * scale; py < (y+1)*scale; py++ {
				to.SetGray(px, py, color.Gray{})
			}
		}
	}
	return to
}

func TestACodeIsReadBackFromBothItsFiles(t *testing.T) {
	q, err := picture.NewQR(address, "The Halo")
	if err != nil {
		t.Fatal(err)
	}
	body, err := q.PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if side := img.Bounds().Dx(); side < picture.QRSide || side != img.Bounds().Dy() {
		t.Errorf("it is %v", img.Bounds())
	}
	for name, img := range map[string]image.Image{"PNG": img, "SVG": drawn(t, q.Path(), q.Modules())} {
		if got, err := qr.Decode(img); err != nil || got != address {
			t.Errorf("the %s says %q: %v", name, got, err)
		}
	}
	if !bytes.Contains(q.SVG(), []byte(q.Path())) || !bytes.Contains(q.SVG(), []byte("<title>The Halo</title>")) {
		t.Error("the file has not what the page has")
	}
}
