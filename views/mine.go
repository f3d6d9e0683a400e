package views

import (
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
)

// MinePath is what the brand sees about a member.
const MinePath = "/me/data"

// MineFilePath is all of it, to take along.
const MineFilePath = "/me/data.json"

// MinePage is what the brand sees about a member.
type MinePage struct {
	Who          account.Account
	Brand        string
	Age          account.Age // empty where nobody asked
	Sessions     []account.Session
	Seats        []squad.Seat
	Applications []squad.Application
	Brought      spread.Totals
	Read         int // drops that they have looked at
	Said         int // how much, reactions among it
	Claims       int // rewards asked for
	Addresses    int // of those, with a postal address that is still kept
	Zone         *time.Location
}
