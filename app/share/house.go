package share

import (
	"context"
	"fmt"
	"strings"

	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/data"
)

// A link of the house is what the brand itself shares of a drop: in its WhatsApp channel, its newsletter, by a QR code
// in the shop. It is nobody's, so that it is on no board and in no sum of ambassadors, and shows the drop once that is
// public.

// longestHouse is the length of its name, in characters; mostHouses is how many a drop has at most.
const (
	longestHouse = 60
	mostHouses   = 20
)

// OneToOne is the name of the links that somebody of the brand sends to one person each. They are told apart by whom
// they were made for, are not among the others of the house, and as many as it takes.
const OneToOne = "1:1"

// CheckHouse returns what keeps a link of the house from being made beside those that there are. The field is "house".
func CheckHouse(name string, there []Link) (p check.Problems) {
	p.Filled("house", name)
	p.Longest("house", name, longestHouse)
	if len(there) >= mostHouses {
		p.Add("house", "house.too_many", "n", mostHouses)
	}
	if strings.TrimSpace(name) == OneToOne {
		p.Add("house", "house.there")
	}
	for _, l := range there {
		if strings.EqualFold(l.House, strings.TrimSpace(name)) {
			p.Add("house", "house.there")
		}
	}
	return p
}

// NewHouse makes a link of the house for a drop, with a name that has passed CheckHouse.
func NewHouse(ctx context.Context, tx *data.Tx, dropID, name string) (Link, error) {
	d, err := drop.ByID(ctx, tx, dropID)
	if err != nil {
		return Link{}, err
	}
	l := Link{DropID: d.ID, CampaignID: d.CampaignID, House: strings.TrimSpace(name), MadeAt: tx.Now()}
	l.ID, err = data.Insert(ctx, tx, `INSERT INTO links (drop_id, campaign_id, rehearsal, made_at, house) VALUES (?, ?, 0, ?, ?)`,
		l.DropID, l.CampaignID, l.MadeAt, l.House)
	if err != nil {
		return Link{}, fmt.Errorf("making a link of the house: %w", err)
	}
	return l, nil
}

// Houses returns the links of the house of a campaign, or of one of its drops where the id is not empty, in the order
// in which they were made.
func Houses(ctx context.Context, tx *data.Tx, campaignID, dropID string) ([]Link, error) {
	return data.All(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM links l WHERE l.house NOT IN ('', '`+OneToOne+`') AND l.campaign_id = ?
		AND (CAST(? AS TEXT) = '' OR l.drop_id = ?) ORDER BY l.id`, campaignID, dropID, dropID)
}
