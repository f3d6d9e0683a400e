// Package squad knows the private groups of ambassadors, who is in them, and the invitations that lead there.
package squad

import (
	"context"
	"strings"
	"time"

	"ricochet.example/app/brand"
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
	Agenda    string // when it meets, in one line
	// Approval says that who has a link applies, and a manager or the captain decides.
	Approval  bool
	Questions string // that applicants answer, one a line
	// GroupLinks are where it talks already, one a line: an address, with a name before it or none. Members see them.
	GroupLinks string
	// Gives is how many invitations each member has to give; 0: none.
	Gives     int
	FoundedAt time.Time
	Members   int // those who have a break among them
}

// The lengths of what a squad says of itself, in characters, and how large it can be made.
const (
	longestName   = 60
	longestAbout  = 500
	longestAgenda = 120
	// MostQuestions is how many questions a squad asks at most, and longestQuestion the length of one.
	MostQuestions   = 5
	longestQuestion = 150
	largest         = 10_000
	mostGiven       = 50
)

// Check returns what keeps the squad from being founded or changed.
func (s Squad) Check() (p check.Problems) {
	p.Filled("name", s.Name)
	p.Longest("name", s.Name, longestName)
	p.Longest("city", s.City, longestName)
	p.Longest("about", s.About, longestAbout)
	p.Between("capacity", s.Capacity, 0, largest)
	p.Longest("agenda", s.Agenda, longestAgenda)
	p.Between("gives", s.Gives, 0, mostGiven)
	if len(s.Asks()) > MostQuestions {
		p.Add("questions", "squad.too_many_questions", "n", MostQuestions)
	}
	for _, q := range s.Asks() {
		p.Longest("questions", q, longestQuestion)
	}
	s.checkGroups(&p)
	if s.Capacity > 0 && s.Capacity < s.Members {
		p.Add("capacity", "squad.below_members", "n", s.Members)
	}
	return p
}

// Full says whether nobody can join any more without waiting.
func (s Squad) Full() bool { return s.Capacity > 0 && s.Members >= s.Capacity }

const columns = `s.id, s.name, s.city, s.about, s.capacity, s.captain_id, s.agenda, s.approval, s.questions, s.group_links, s.gives, s.founded_at,
	(SELECT count(*) FROM members seat WHERE seat.squad_id = s.id)`

func (s *Squad) fields() []any {
	return []any{
		&s.ID, &s.Name, &s.City, &s.About, &s.Capacity, data.Null(&s.CaptainID), &s.Agenda, data.Bool(&s.Approval), &s.Questions,
		&s.GroupLinks, &s.Gives, data.Time(&s.FoundedAt), &s.Members,
	}
}

func scan(row data.Row) (s Squad, err error) { return s, row.Scan(s.fields()...) }

// Found makes a squad that has passed Check, and returns it with its id and nobody in it.
func Found(ctx context.Context, tx *data.Tx, s Squad) (Squad, error) {
	s = s.tidy()
	s.ID, s.FoundedAt, s.Members = id.New(), tx.Now(), 0
	_, err := tx.Exec(ctx, `INSERT INTO squads (id, name, city, about, capacity, captain_id, agenda, approval, questions, group_links, gives, founded_at)
		VALUES (?, ?, ?, ?, ?, NULLIF(?, ''), ?, ?, ?, ?, ?, ?)`, s.ID, s.Name, s.City, s.About, s.Capacity, s.CaptainID,
		s.Agenda, s.Approval, s.Questions, s.GroupLinks, s.Gives, s.FoundedAt)
	return s, err
}

// Change replaces what the squad says of itself, its capacity, its captain and what it asks. Whoever makes room
// by it lets MoveUp follow.
func Change(ctx context.Context, tx *data.Tx, s Squad) error {
	s = s.tidy()
	n, err := tx.Exec(ctx, `UPDATE squads SET name = ?, city = ?, about = ?, capacity = ?, captain_id = NULLIF(?, ''),
			agenda = ?, approval = ?, questions = ?, group_links = ?, gives = ?
		WHERE id = ?`, s.Name, s.City, s.About, s.Capacity, s.CaptainID, s.Agenda, s.Approval, s.Questions, s.GroupLinks, s.Gives, s.ID)
	if err == nil && n == 0 {
		return data.ErrNotFound
	}
	if err != nil {
		return err
	}
	return brand.NewEdition(ctx, tx) // reader pages say whether it takes applications
}

func (s Squad) tidy() Squad {
	s.Name, s.City, s.About = strings.TrimSpace(s.Name), strings.TrimSpace(s.City), strings.TrimSpace(s.About)
	s.Agenda = strings.Join(strings.Fields(s.Agenda), " ")
	s.Questions = strings.Join(s.Asks(), "\n")
	s.GroupLinks = strings.TrimSpace(strings.ReplaceAll(s.GroupLinks, "\r\n", "\n"))
	return s
}

// Asks returns the questions that applicants answer.
func (s Squad) Asks() (questions []string) {
	for q := range strings.Lines(s.Questions) {
		if q = strings.TrimSpace(q); q != "" {
			questions = append(questions, q)
		}
	}
	return questions
}

// Lock lets nobody else give a seat of the squad away, free one or change how many there are until the
// transaction ends.
func Lock(ctx context.Context, tx *data.Tx, squadID string) error {
	return data.Lock(ctx, tx, "seats "+squadID)
}

// ByID returns one squad, or data.ErrNotFound.
func ByID(ctx context.Context, tx *data.Tx, squadID string) (Squad, error) {
	return data.One(ctx, tx, scan, `SELECT `+columns+` FROM squads s WHERE s.id = ?`, squadID)
}

// All returns every squad, by name.
func All(ctx context.Context, tx *data.Tx) ([]Squad, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+` FROM squads s ORDER BY lower(s.name), s.id`)
}

// JoinedBy returns the squads that an account is a member of and has no break from, by name.
func JoinedBy(ctx context.Context, tx *data.Tx, accountID string) ([]Squad, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+` FROM squads s JOIN members m ON m.squad_id = s.id
		WHERE m.account_id = ? AND m.paused_at IS NULL ORDER BY lower(s.name), s.id`, accountID)
}

// Led says whether an account is the captain of a squad.
func Led(ctx context.Context, tx *data.Tx, squadID, accountID string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM squads s JOIN members m ON m.squad_id = s.id AND m.account_id = s.captain_id
		WHERE s.id = ? AND s.captain_id = ? AND m.paused_at IS NULL`, squadID, accountID)
	return n > 0, err
}
