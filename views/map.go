package views

import (
	"context"
	"net/url"

	"ricochet.example/app/lang"
	"ricochet.example/app/picture"
	"ricochet.example/app/spread"
)

// MapPage is the map of all ambassadors of a campaign, or of a drop.
type MapPage struct {
	Title  string // of the campaign or the drop
	Of     string // its page
	Brand  string
	All    []spread.Ambassador
	Owners []spread.Owner // as they were laid out
	Map    spread.Ripple
	Chosen string            // the account of the chosen ambassador, if any
	Titles map[string]string // of a campaign's drops, by id
	Page   int               // of the table, from 1
	Token  func(linkID int64) string
}

// MapOf is the map that belongs to the page of a campaign or a drop.
func MapOf(page string) string { return page + "/map" }

// AmbassadorsOnPage is how many the table has at once, beside the map.
const AmbassadorsOnPage = 12

// Pages is how many pages the table has.
func (v MapPage) Pages() int { return max((len(v.All)+AmbassadorsOnPage-1)/AmbassadorsOnPage, 1) }

func (v MapPage) rows() []spread.Ambassador {
	from := min((v.Page-1)*AmbassadorsOnPage, len(v.All))
	return v.All[from:min(from+AmbassadorsOnPage, len(v.All))]
}

// Who is the chosen ambassador, if there is one.
func (v MapPage) Who() (spread.Ambassador, bool) {
	for _, a := range v.All {
		if a.AccountID == v.Chosen {
			return a, true
		}
	}
	return spread.Ambassador{}, false
}

// at is the page with an ambassador chosen.
func (v MapPage) at(suffix, account string, page int) string {
	q := url.Values{}
	if account != "" {
		q.Set("ambassador", account)
	}
	if page > 1 {
		q.Set("page", num(page))
	}
	path := MapOf(v.Of) + suffix
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

func (v MapPage) people() (people, farthest int64) {
	for _, a := range v.All {
		people += a.Totals.People
		farthest = max(farthest, a.Totals.Farthest)
	}
	return people, farthest
}

func (v MapPage) ripples(ctx context.Context) rippleMap {
	people, farthest := v.people()
	m := rippleMap{
		Ripple: v.Map, Owners: v.Owners, Chosen: -1, Middle: initials(v.Brand),
		Title: lang.T(ctx, "map.all_title", "title", v.Title),
		About: lang.T(ctx, "map.all_text", "n", len(v.All), "people", people, "hops", farthest),
	}
	for i, o := range v.Owners {
		if v.Chosen != "" && o.AccountID == v.Chosen {
			m.Chosen = i
		}
	}
	return m
}

// onPage is the map as the page shows it: ambassadors can be chosen.
func (v MapPage) onPage(ctx context.Context) picture.Drawing {
	m := v.ripples(ctx)
	m.Branch = func(s spread.Spot) string {
		if s.Hop > 0 || s.Others > 0 || s.Owner < 0 {
			return ""
		}
		return v.at("", v.Owners[s.Owner].AccountID, 1)
	}
	return m.drawing(ctx)
}

// MapDrawing is the map as a file.
func MapDrawing(ctx context.Context, v MapPage) picture.Drawing {
	m := v.ripples(ctx)
	people, farthest := v.people()
	return framed(m.drawing(ctx), v.Brand+" · "+v.Title, lang.T(ctx, "map.all_file", "n", len(v.All), "people", people, "hops", farthest))
}

// dropTitle is of which drop a link is, on the map of a campaign.
func (v MapPage) dropTitle(s spread.Share) string {
	if t := v.Titles[s.DropID]; t != "" {
		return t
	}
	return v.Title
}
