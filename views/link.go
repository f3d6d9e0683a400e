package views

import (
	"context"
	"net/url"
	"time"

	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/views/ui"
)

// LinkPage is a link with its tree, or a branch of it.
type LinkPage struct {
	Token     string
	DropID    string
	Title     string // of the drop
	Language  string // of the drop
	Member    string // who shares it
	Address   string
	Path      string // of the page itself
	Tree      *spread.Trace
	Totals    spread.Totals
	Map       spread.Ripple
	Story     spread.Story
	Line      spread.Timeline
	Passages  []spread.Passage
	Tallies   []share.Tally
	Moments   []share.Moment
	Zone      *time.Location
	Choice    LinkChoice
	Numbers   []int // of the readers in the branch, in the chosen order
	Staff     bool
	Rehearsal bool
	Waiting   int64     // opens that wait for a manager's judgement
	StoppedAt time.Time // zero while it is followed
	Wipe      bool      // a rehearsal, and the person's own
	Holds     bool      // the link does not show its drop yet
	ShownAt   time.Time // when it will; zero when nobody decided that
}

// LinkChoice is what of a tree is looked at, and how; it stands in the address.
type LinkChoice struct {
	Branch int    // the number of the reader in the middle, 0 for the link
	Order  string // of the table: "", "oldest" or "branch"
	Page   int    // of the table, from 1
	By     string // what the timeline's columns are made of: "" for hops, "channel"
}

// Orders are the orders of a tree's table.
var Orders = []string{"", "oldest", "branch"}

// RowsOnPage is how many opens a page of the table has.
const RowsOnPage = 10

// heading says whose link it is: to managers by name, beside the drop that
// they came from; a member knows whose, and not which.
func (v LinkPage) heading(ctx context.Context) string {
	if v.Staff && !v.Rehearsal {
		return memberName(ctx, v.Member)
	}
	return v.Title
}

// headingLanguage is that of the heading, where it is a drop's title.
func (v LinkPage) headingLanguage() string {
	if v.Staff && !v.Rehearsal {
		return ""
	}
	return v.Language
}

// file is the map of the branch as a file.
func (v LinkPage) file(suffix string) string {
	return LinkPath(v.Token) + "/map" + suffix + LinkChoice{Branch: v.Choice.Branch}.query()
}

// query is the choice as it stands in an address.
func (c LinkChoice) query() string {
	q := url.Values{}
	set := func(name, value, plain string) {
		if value != plain {
			q.Set(name, value)
		}
	}
	set("branch", num(c.Branch), "0")
	set("order", c.Order, "")
	set("by", c.By, "")
	set("page", num(max(c.Page, 1)), "1")
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// at is the page with another choice.
func (v LinkPage) at(change func(c *LinkChoice)) string {
	c := v.Choice
	change(&c)
	return v.Path + c.query()
}

// branchAt is the page of a branch.
func (v LinkPage) branchAt(number int) string {
	return v.at(func(c *LinkChoice) { c.Branch, c.Page = number, 1 })
}

// pages is how many the table has.
func (v LinkPage) pages() int { return max((len(v.Numbers)+RowsOnPage-1)/RowsOnPage, 1) }

// rows are the readers of the chosen page.
func (v LinkPage) rows() (rows []spread.Reader) {
	from := min((v.Choice.Page-1)*RowsOnPage, len(v.Numbers))
	for _, n := range v.Numbers[from:min(from+RowsOnPage, len(v.Numbers))] {
		rows = append(rows, v.Tree.Reader(n))
	}
	return rows
}

// way are the readers above the one in the middle, and that one.
func (v LinkPage) way() []int {
	if v.Choice.Branch == 0 {
		return nil
	}
	return v.Tree.Way(v.Choice.Branch)
}

func linkHint(v LinkPage) string {
	if v.Rehearsal {
		return "rehearsal.none_hint"
	}
	return "link.none_hint"
}

// holds says from when on a rehearsal shows its drop.
func holds(ctx context.Context, v LinkPage) string {
	if v.ShownAt.IsZero() {
		return lang.T(ctx, "rehearsal.never")
	}
	return lang.T(ctx, "rehearsal.until", "when", lang.DateTime(ctx, v.ShownAt, v.Zone))
}

func orderPills(ctx context.Context, v LinkPage) (items []ui.NavItem) {
	for _, o := range Orders {
		name := o
		if name == "" {
			name = "newest"
		}
		items = append(items, ui.NavItem{
			Label: lang.T(ctx, "order."+name), Current: o == v.Choice.Order,
			Path: v.at(func(c *LinkChoice) { c.Order, c.Page = o, 1 }) + "#opens",
		})
	}
	return items
}
