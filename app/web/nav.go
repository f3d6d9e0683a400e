package web

import "ricochet.example/views"

// navOf is the navigation entry of a page that staff and members reach from elsewhere.
func navOf(r *request, staffs string) string {
	if r.who.Staff() {
		return staffs
	}
	return "/"
}

// boardNav is the navigation entry of a leaderboard.
func boardNav(r *request) string {
	if r.who.Staff() {
		return "/campaigns"
	}
	return views.OwnSquadPath
}

// rehearsalsNav is the navigation entry of rehearsals.
func rehearsalsNav(r *request) string {
	if r.who.Staff() {
		return "/rehearsals"
	}
	return "/me"
}
