package drop

import (
	"context"
	"time"

	"ricochet.example/data"
)

// Turn is a moment of a release that is still to come.
type Turn struct {
	DropID   string
	Title    string
	Language string   // of the title
	Squads   []string // for whom, by name; none: for everyone
	Shares   bool     // from then on they share it; else they read it
	At       time.Time
}

// turnRows bounds what is read of releases to many squads.
const turnRows = 200

// Turns returns what comes next in all releases, the next first: limit of them at most.
func Turns(ctx context.Context, tx *data.Tx, limit int) ([]Turn, error) {
	var all []Turn
	err := data.Each(ctx, tx, func(row data.Row) error {
		var t Turn
		var squad string
		if err := row.Scan(&t.DropID, &t.Language, &t.Title, &squad, data.Bool(&t.Shares), data.Time(&t.At)); err != nil {
			return err
		}
		if squad != "" {
			t.Squads = []string{squad}
		}
		if n := len(all) - 1; n >= 0 && squad != "" && all[n].DropID == t.DropID && all[n].At.Equal(t.At) && all[n].Shares == t.Shares && all[n].Squads != nil {
			all[n].Squads = append(all[n].Squads, squad)
			return nil
		}
		all = append(all, t)
		return nil
	}, `SELECT d.id, d.language, v.title, turn.squad, turn.shares, turn.at`+shown+`
		JOIN (SELECT s.drop_id, q.name AS squad, 0 AS shares, s.opens_at AS at FROM release_steps s JOIN squads q ON q.id = s.squad_id WHERE s.opens_at > ?
			UNION ALL SELECT s.drop_id, q.name, 1, s.shareable_at FROM release_steps s JOIN squads q ON q.id = s.squad_id
				WHERE s.shareable_at > ? AND s.shareable_at > s.opens_at
			UNION ALL SELECT id, '', 0, public_at FROM drops WHERE public_at > ?) turn ON turn.drop_id = d.id
		ORDER BY turn.at, d.id, turn.shares, turn.squad = '', turn.squad LIMIT ?`, tx.Now(), tx.Now(), tx.Now(), turnRows)
	return all[:min(len(all), limit)], err
}
