// Package squad knows the private groups of ambassadors, who is in them, and the invitations that lead there.
package squad

import (
	"context"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Squad is a private group of ambassadors, led by one of them.
type Squad struct {
	ID        string
	Name      string
	City      string // or what its members are interested in
	About     string
	Capacity  int    // 0 is no limit
	CaptainID string // empty: nobody leads it yet
	FoundedAt time.Time
	Members   int
}

// The lengths of what a squad says of itself, in characters, and how large it can be made.
const (
	longestName  = 60
	longestAbout = 500
	largest      = 10_000
)

// Check returns what keeps the squad from being founded or changed.
func (s Squad) Check() (p check.Problems) {
	p.Filled("name", s.Name)
	p.Longest("name", s.Name, longestName)
	p.Longest("city", s.City, longestName)
	p.Longest("about", s.About, longestAbout)
	p.Between("capacity", s.Capacity, 0, largest)
	if s.Capacity > 0 && s.Capacity < s.Members {
		p.Add("capacity", "squad.below_members", "n", s.Members)
	}
	return p
}

// Full says whether nobody can join any more.
func (s Squad) Full() bool { return s.Capacity > 0 && s.Members >= s.Capacity }

const columns = `s.id, s.name, s.city, s.about, s.capacity, s.captain_id, s.founded_at,
	(SELECT count(*) FROM members seat WHERE seat.squad_id = s.id)`

func (s *Squad) fields() []any {
	return []any{&s.ID, &s.Name, &s.City, &s.About, &s.Capacity, data.Null(&s.CaptainID), data.Time(&s.FoundedAt), &s.Members}
}

func scan(row data.Row) (s Squad, err error) { return s, row.Scan(s.fields()...) }

// Found makes a squad that has passed Check, and returns it with its id and nobody in it.
func Found(ctx context.Context, tx *data.Tx, s Squad) (Squad, error) {
	s = s.tidy()
	s.ID, s.FoundedAt, s.Members = id.New(), tx.Now(), 0
	_, err := tx.Exec(ctx, `INSERT INTO squads (id, name, city, about, capacity, captain_id, founded_at)
		VALUES (?, ?, ?, ?, ?, NULLIF(?, ''), ?)`, s.ID, s.Name, s.City, s.About, s.Capacity, s.CaptainID, s.FoundedAt)
	return s, err
}

// Change replaces what the squad says of itself, its capacity and its captain.
func Change(ctx context.Context, tx *data.Tx, s Squad) error {
	s = s.tidy()
	n, err := tx.Exec(ctx, `UPDATE squads SET name = ?, city = ?, about = ?, capacity = ?, captain_id = NULLIF(?, '')
		WHERE id = ?`, s.Name, s.City, s.About, s.Capacity, s.CaptainID, s.ID)
	if err == nil && n == 0 {
		return data.ErrNotFound
	}
	return err
}

func (s Squad) tidy() Squad {
	s.Name, s.City, s.About = strings.TrimSpace(s.Name), strings.TrimSpace(s.City), strings.TrimSpace(s.About)
	return s
}

// ByID returns one squad, or data.ErrNotFound.
func ByID(ctx context.Context, tx *data.Tx, squadID string) (Squad, error) {
	return data.One(ctx, tx, scan, `SELECT `+columns+` FROM squads s WHERE s.id = ?`, squadID)
}

// All returns every squad, by name.
func All(ctx context.Context, tx *data.Tx) ([]Squad, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+` FROM squads s ORDER BY lower(s.name), s.id`)
}

// JoinedBy returns the squads that an account is a member of, by name.
func JoinedBy(ctx context.Context, tx *data.Tx, accountID string) ([]Squad, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+` FROM squads s JOIN members m ON m.squad_id = s.id
		WHERE m.account_id = ? ORDER BY lower(s.name), s.id`, accountID)
}
