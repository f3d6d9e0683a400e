package views

import (
	"context"
	"time"

	"ricochet.example/app/lang"
	"ricochet.example/app/spread"
)

// ReviewPage is what a manager may want to look at in a campaign.
type ReviewPage struct {
	CampaignID string
	Campaign   string
	Found      []ReviewRow
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

// oddity says a reason in words, with its numbers.
func oddity(ctx context.Context, r spread.Reason) string {
	return lang.T(ctx, "odd."+r.Kind, "share", lang.Percent(ctx, r.Share), "usual", lang.Percent(ctx, r.Usual), "every", lang.Duration(ctx, r.Every))
}
