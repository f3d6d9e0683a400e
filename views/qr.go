package views

import "ricochet.example/app/picture"

// QRPage is a member's code, to be scanned from their phone.
type QRPage struct {
	DropID, Title, Language string
	Link, Label             string
	For                     string // the channel that it is scanned with, if not any camera
	Code                    picture.QR
}

// file is the code as a file.
func (v QRPage) file(kind string) string {
	path := QRPath(v.DropID) + "." + kind
	if v.For != "" {
		path += "?for=" + v.For
	}
	return path
}

// viewBox is the code's, one unit a module.
func (v QRPage) viewBox() string {
	n := num64(int64(v.Code.Modules()))
	return "0 0 " + n + " " + n
}
