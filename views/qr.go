package views

import (
	"context"

	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/picture"
)

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

// codeBox is the view box of a code, one unit a module.
func codeBox(q picture.QR) string {
	n := num64(int64(q.Modules()))
	return "0 0 " + n + " " + n
}

// HouseQRPage is the code of a link of the house, to be printed.
type HouseQRPage struct {
	Drop        drop.Drop
	Name, Token string // of the link
	Link, Label string
	Words       string // above the code; empty: the usual ones
	Code        picture.QR
	Stopped     bool
	Public      bool // the link shows the drop
}

// HouseQRPath is the code of a link of the house, to be printed.
func HouseQRPath(dropID, token string) string { return HousesPath(dropID) + "/" + token + "/qr" }

// longestWords is how long the words above a code can be, in characters.
const longestWords = 60

// words are those above the code.
func (v HouseQRPage) words(ctx context.Context) string {
	if all := []rune(v.Words); len(all) > 0 {
		return string(all[:min(len(all), longestWords)])
	}
	return lang.T(lang.With(ctx, v.Drop.Language), "house.qr_words")
}
