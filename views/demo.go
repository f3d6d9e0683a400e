package views

import (
	"context"
	"strconv"
	"time"

	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/views/ui"
)

// Addresses of a demo. Below PlayPrefix and a name, a visitor is that person.
const (
	DemoPath         = "/demo"
	DemoLanguagePath = "/demo/language"
	StagePath        = "/stage"
	StageNowPath     = "/stage/now"
	PlayPrefix       = "/as/"
	FriendPrefix     = "friend-"
)

// DemoSignInPath is where one signs in as somebody of the demo.
func DemoSignInPath(role string) string { return DemoPath + "/signin/" + role }

// playPath is an address as a person of the demo sees it.
func playPath(who, path string) string { return PlayPrefix + who + path }

// friendPath is a shared page as one of the visitor's friends sees it.
func friendPath(number int, token string) string {
	return playPath(FriendPrefix+strconv.Itoa(number), "/s/"+token)
}

// DemoRole is somebody whom a visitor of the demo can be.
type DemoRole struct {
	Name   string // in addresses, and the end of the keys of what is said of it
	Person string
	Here   bool // they are signed in in this browser
}

// DemoPage is what the pages of a demo show.
type DemoPage struct {
	Roles     []DemoRole
	Drop      drop.Drop // that can be shared
	Link      string    // token of the ambassador's link to it
	Embargoed drop.Drop
	LiftsAt   time.Time // zero: nobody says when
	Now       time.Time
	Zone      *time.Location
	Friend    int    // the number of the next friend
	Next      string // this page

	// Of the stage: the link's people and its farthest hop, and what tells whether that is still so.
	People, Farthest int64
	State            string
}

// lifts is how long it takes until the drop opens; 0: it is open.
func (v DemoPage) lifts() time.Duration { return max(0, v.LiftsAt.Sub(v.Now)) }

// seconds is lifts as the stage's script takes it.
func (v DemoPage) seconds() string { return strconv.Itoa(int(v.lifts() / time.Second)) }

// person is whom a role is of.
func (v DemoPage) person(role string) string {
	for _, r := range v.Roles {
		if r.Name == role {
			return r.Person
		}
	}
	return ""
}

// StageSays is how far the link on the stage has come.
func StageSays(ctx context.Context, people, farthest int64) string {
	return lang.T(ctx, "stage.people", "n", people) + " " + lang.T(ctx, "stage.farthest", "n", farthest)
}

// staged is a page with the stage's script.
func staged(p ui.Page) ui.Page {
	p.Scripts = append(p.Scripts, "js/stage.js")
	return p
}
