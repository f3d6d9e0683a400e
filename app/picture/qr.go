package picture

import (
	"bytes"
	"fmt"
	"html"
	"strconv"

	qr "github.com/piglig/go-qr"
)

// qrQuiet is how many light modules stand around a code, by ISO/IEC 18004.
const qrQuiet = 4

// QRSide is how wide and high the PNG of a code is at least, in pixels: enough for a poster of the size of a hand.
const QRSide = 1080

// QR is a code that cameras read: an address, mostly. A seventh of it may be damaged (level M).
type QR struct {
	Title string // what it leads to, for those who hear it
	code  *qr.QrCode
}

// NewQR makes the code of a text.
func NewQR(text, title string) (QR, error) {
	code, err := qr.EncodeText(text, qr.Medium)
	if err != nil {
		return QR{}, fmt.Errorf("making a QR code: %w", err)
	}
	return QR{title, code}, nil
}

// Modules is how many modules a side has, with the quiet ones on both ends.
func (q QR) Modules() int { return q.code.Size() + 2*qrQuiet }

// dark says whether a module is, counted with the quiet ones.
func (q QR) dark(x, y int) bool { return q.code.Module(x-qrQuiet, y-qrQuiet) }

// Path is all dark modules as SVG path data, one unit a module.
func (q QR) Path() string {
	var b bytes.Buffer
	n := q.code.Size()
	for y := range n {
		for x := 0; x < n; x++ {
			if !q.code.Module(x, y) {
				continue
			}
			from := x
			for x < n && q.code.Module(x, y) {
				x++
			}
			wide := strconv.Itoa(x - from)
			b.WriteString("M" + strconv.Itoa(from+qrQuiet) + " " + strconv.Itoa(y+qrQuiet) + "h" + wide + "v1h-" + wide + "z")
		}
	}
	return b.String()
}

// SVG is the code as a file of its own.
func (q QR) SVG() []byte {
	n := strconv.Itoa(q.Modules())
	return []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ` + n + " " + n + `" width="` + strconv.Itoa(QRSide) + `" height="` + strconv.Itoa(QRSide) +
		`" shape-rendering="crispEdges" role="img"><title>` + html.EscapeString(q.Title) + `</title><rect width="` + n + `" height="` + n +
		`" fill="#fff"/><path fill="#000" d="` + q.Path() + `"/></svg>` + "\n")
}

// PNG is the code as pixels, each module as many of them wide.
func (q QR) PNG() ([]byte, error) { return q.pixels(QRSide) }

// printSide is how many pixels a side of a code has that is printed large: 30 cm at 200 dots an inch.
const printSide = 2400

// Large is the code as pixels for print, as large as a shop window takes.
func (q QR) Large() ([]byte, error) { return q.pixels(printSide) }

// pixels is the code with at least as many pixels a side.
func (q QR) pixels(side int) ([]byte, error) {
	scale := (side + q.Modules() - 1) / q.Modules()
	body, err := q.code.ToPNGBytes(qr.NewQrCodeImgConfig(scale, qrQuiet))
	if err != nil {
		return nil, fmt.Errorf("drawing a QR code: %w", err)
	}
	return body, nil
}
