package web_test

import (
	"net/http"
	"testing"
)

// What no database can hold names nothing.
func TestAnAddressThatIsNoTextLeadsNowhere(t *testing.T) {
	h := found(t)
	for _, path := range []string{
		"/drops/%ff", "/drops/a%00", "/squads/%ff", "/squads/%ff/edit", "/campaigns/a%00", "/campaigns/%ff/leaderboard",
		"/rehearsals/%ff", "/links/%00", "/join/%ff", "/signin/%ff", "/s/%ff", "/s/%00/copy", "/go/%ff/whatsapp", "/%ff",
	} {
		h.owner.get(path).wants(http.StatusNotFound)
	}
	squad := h.owner.squadNamed("Lyon", "0")
	for _, path := range []string{
		squad + "/invitations/%ff/revoke", squad + "/members/%ff/remove", "/squads/%ff", "/me/devices/%ff/sign-out",
	} {
		h.owner.post(path, "name", "N", "capacity", "0").wants(http.StatusNotFound)
	}
}
