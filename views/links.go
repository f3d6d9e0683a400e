// Package views shows: pages and their parts, for each kind of person. It
// takes what it shows as parameters and never asks the database.
package views

import (
	"strconv"
	"strings"
)

// NavEntry is an entry of the navigation.
type NavEntry struct {
	Key       string // of its words
	Path      string
	Icon      string
	OwnerOnly bool
}

// StaffNav is where managers go.
var StaffNav = []NavEntry{
	{Key: "nav.start", Path: "/", Icon: "layout-dashboard"},
	{Key: "nav.campaigns", Path: "/campaigns", Icon: "target"},
	{Key: "nav.drops", Path: "/drops", Icon: "file-text"},
	{Key: "nav.squads", Path: "/squads", Icon: "users"},
	{Key: "nav.voices", Path: "/voices", Icon: "message-square"},
	{Key: "nav.rewards", Path: RewardsPath, Icon: "gift"},
	{Key: "nav.rehearsals", Path: "/rehearsals", Icon: "flask-conical"},
	{Key: "nav.outbox", Path: "/outbox", Icon: "mail", OwnerOnly: true},
	{Key: "nav.settings", Path: "/settings", Icon: "settings", OwnerOnly: true},
}

// MemberNav is where ambassadors go.
var MemberNav = []NavEntry{
	{Key: "nav.home", Path: "/", Icon: "house"},
	{Key: "nav.ripples", Path: "/ripples", Icon: "waves"},
	{Key: "nav.squad", Path: OwnSquadPath, Icon: "trophy"},
	{Key: "nav.me", Path: "/me", Icon: "user"},
}

// Paths of pages, one function each, so that an address stands in one place.

// OwnSquadPath is a member's squad, whichever it is; or theirs, if they are in several.
const OwnSquadPath = "/squad"

// SquadPath is the page of a squad.
func SquadPath(id string) string { return "/squads/" + id }

// GivePath is where a member takes the next invitation that they have to give.
func GivePath(squadID string) string { return SquadPath(squadID) + "/give" }

// JoinPath is where the bearer of an invitation lands.
func JoinPath(code string) string { return "/join/" + code }

// AccentPath is the style sheet of a brand's own colour, as #rrggbb; empty for none.
func AccentPath(colour string) string {
	if colour == "" {
		return ""
	}
	return "/accent/" + strings.TrimPrefix(colour, "#") + ".css"
}

// CampaignPath is the page of a campaign.
func CampaignPath(id string) string { return "/campaigns/" + id }

// BoardPath is the leaderboard of a campaign.
func BoardPath(id string) string { return "/campaigns/" + id + "/leaderboard" }

// DropPath is the page of a drop, for members and staff.
func DropPath(id string) string { return "/drops/" + id }

// EditPath is where a drop is written.
func EditPath(id string) string { return "/drops/" + id + "/edit" }

// VersionsPath lists what a drop said, and since when.
func VersionsPath(id string) string { return DropPath(id) + "/versions" }

// VersionPath is one version of a drop beside another.
func VersionPath(id string, number int) string { return VersionsPath(id) + "/" + strconv.Itoa(number) }

// DraftPath is where the form of a drop is kept while somebody writes.
func DraftPath(id string) string { return formPath("/drops", id) + "/draft" }

// EditingPath is told that somebody has the form of a drop open.
func EditingPath(id string) string { return DropPath(id) + "/editing" }

// TakeDraftPath is the form of a drop as it stands in a draft.
func TakeDraftPath(dropID, draftID string) string {
	if dropID == "" {
		return "/drops/new?draft=" + draftID
	}
	return EditPath(dropID) + "?draft=" + draftID
}

// LinksPath is where a drop's form is sent to see where its links lead.
func LinksPath(id string) string { return formPath("/drops", id) + "/links" }

// LookPath is where a drop's form is sent to see what would come of it.
func LookPath(id string) string { return formPath("/drops", id) + "/look" }

// PicturesPath is where a picture for a drop is uploaded.
func PicturesPath(id string) string { return formPath("/drops", id) + "/pictures" }

// VideosPath is where a video for a drop is uploaded.
func VideosPath(id string) string { return formPath("/drops", id) + "/videos" }

// CardPath is the picture that messengers show of a drop, for those who make it.
func CardPath(id string) string { return DropPath(id) + "/card" }

// ReleasePath is where it is decided who sees a drop when.
func ReleasePath(id string) string { return "/drops/" + id + "/release" }
