package views

import (
	"context"
	"strings"
	"time"

	"ricochet.example/app/lang"
	"ricochet.example/app/spread"
)

// ReviewPage is what a manager may want to look at in a campaign.
type ReviewPage struct {
	CampaignID string
	Campaign   string
	Found      []ReviewRow
	Once       string // names the forms of this page
	Zone       *time.Location
}

// ReviewRow is a run of opens that look odd, and whose link it is.
type ReviewRow struct {
	spread.Review
	Token  string
	Member string // empty: a former ambassador
	Title  string // of the drop
}

// ReviewPath is where what looks odd in a campaign is listed.
func ReviewPath(campaignID string) string { return CampaignPath(campaignID) + "/review" }

// whose names the ambassador of a row.
func (r ReviewRow) whose(ctx context.Context) string {
	if r.Member == "" {
		return lang.T(ctx, "review.former")
	}
	return r.Member
}

// RunPath is where a run of opens of a link is left out.
func RunPath(token string) string { return LinkPath(token) + "/review" }

// ids are the opens of the run, as its form sends them.
func (r ReviewRow) ids() string {
	words := make([]string, len(r.Opens))
	for i, n := range r.Opens {
		words[i] = num64(n)
	}
	return strings.Join(words, " ")
}

// where is the page on which the run can be looked at: its branch, or its link.
func (r ReviewRow) where() string {
	if r.Top != 0 {
		return OpenPath(r.Token, r.Top)
	}
	return LinkPath(r.Token)
}

// oddity says a reason in words, with its numbers.
func oddity(ctx context.Context, r spread.Reason) string {
	return lang.T(ctx, "odd."+r.Kind, "share", lang.Percent(ctx, r.Share), "usual", lang.Percent(ctx, r.Usual), "every", lang.Duration(ctx, r.Every))
}
