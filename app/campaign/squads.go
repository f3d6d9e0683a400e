package campaign

import (
	"context"
	"fmt"

	"ricochet.example/data"
)

// SquadsOf returns the ids of the squads that a campaign is for; of one that is for every squad, none.
func SquadsOf(ctx context.Context, tx *data.Tx, campaignID string) ([]string, error) {
	ids, err := data.All(ctx, tx, func(r data.Row) (id string, err error) { return id, r.Scan(&id) },
		`SELECT squad_id FROM campaign_squads WHERE campaign_id = ? ORDER BY squad_id`, campaignID)
	if err != nil {
		return nil, fmt.Errorf("reading the squads of a campaign: %w", err)
	}
	return ids, nil
}

// SetSquads says which squads a campaign is for; none is every squad. Ids that no squad has are left out. What was
// released to others stays released.
func SetSquads(ctx context.Context, tx *data.Tx, campaignID string, ids []string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM campaign_squads WHERE campaign_id = ?`, campaignID); err != nil {
		return fmt.Errorf("setting the squads of a campaign: %w", err)
	}
	for _, id := range ids {
		if _, err := tx.Exec(ctx, `INSERT INTO campaign_squads (campaign_id, squad_id)
			SELECT CAST(? AS TEXT), id FROM squads WHERE id = ? ON CONFLICT DO NOTHING`, campaignID, id); err != nil {
			return fmt.Errorf("setting the squads of a campaign: %w", err)
		}
	}
	return nil
}
