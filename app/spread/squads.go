package spread

import (
	"context"

	"ricochet.example/data"
)

// Squads adds up what the links of a scope brought on its days, by the squads that they were made in, the most
// points first. Of all time it is BySquad; of some days there are only the sums.
func Squads(ctx context.Context, tx *data.Tx, scope Scope) (all []Part, err error) {
	if scope.To == 0 {
		all, err = BySquad(ctx, tx, scope)
		return inSquads(all), err
	}
	where, args := scope.links()
	all, err = data.All(ctx, tx, func(r data.Row) (p Part, err error) {
		return p, r.Scan(&p.ID, &p.Links, &p.People, &p.Points, &p.Sharers, &p.FirstHop, &p.Held)
	}, `SELECT coalesce(l.squad_id, ''), count(DISTINCT l.id), sum(d.people), sum(d.points), sum(d.sharers), sum(d.first_hop), sum(d.held)
		FROM link_days d CROSS JOIN links l WHERE d.day >= ? AND d.day <= ? AND l.id = d.link_id AND `+where+`
		GROUP BY coalesce(l.squad_id, '') ORDER BY sum(d.points) DESC, coalesce(l.squad_id, '')`, append([]any{scope.From, scope.To}, args...)...)
	return inSquads(all), err
}

// inSquads leaves out the links that were made in no squad.
func inSquads(all []Part) (some []Part) {
	for _, p := range all {
		if p.ID != "" {
			some = append(some, p)
		}
	}
	return some
}
