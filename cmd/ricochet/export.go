package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/campaign"
	"ricochet.example/app/id"
	"ricochet.example/app/sheet"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// wholeFile is the file of an export that has all of the installation.
const wholeFile = "installation.db"

type exportCommand struct {
	To     string `arg:"" name:"directory" help:"Directory to write; it must not be there yet, or be empty."`
	Tables bool   `help:"Write the tables only, and not the file that an installation can be made of."`
}

// Help is what ricochet export --help adds.
func (c *exportCommand) Help() string {
	return "The directory gets members.csv, links.csv, opens.csv and leaderboard.csv (UTF-8, commas, times in UTC; no cell is a formula), and " +
		wholeFile + ", of which ricochet import makes an installation: everything but visitor keys, login sessions, sign-in codes and the password of the mail server. " +
		"An SQLite installation may be served meanwhile; one on PostgreSQL may not be written to. " +
		"Keep it as safe as the data itself: there are addresses of people in it, and secrets in the file."
}

// Run writes the export. It gets its name when all of it is there.
func (c *exportCommand) Run(ctx context.Context, std *streams, at *installation) (err error) {
	if err := vacant(c.To); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Clean(c.To)), 0o700); err != nil {
		return unusable(err)
	}
	part, err := os.MkdirTemp(filepath.Dir(filepath.Clean(c.To)), ".ricochet-export-")
	if err != nil {
		return unusable(err)
	}
	defer os.RemoveAll(part)
	opens, err := c.write(ctx, std, at, part)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(part, copyDir)); err != nil {
		return err
	}
	if err := os.Remove(c.To); err != nil && !errors.Is(err, os.ErrNotExist) { // it is empty
		return unusable(err)
	}
	if err := os.Rename(part, c.To); err != nil {
		return unusable(err)
	}
	fmt.Fprintf(std.Out, "Exported %s to %s, with %s.\n", at.name(), c.To, count(opens, "open", "opens"))
	return nil
}

// vacant refuses a place where something is.
func vacant(dir string) error {
	there, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return unusable(err)
	case len(there) > 0:
		return misuse{fmt.Errorf("%s is not empty", dir)}
	}
	return nil
}

// copyDir is where, inside an export that is being written, the copy stands that it is read from.
const copyDir = "copy"

// write writes everything into a directory. All files are of one moment: they are read from a copy.
func (c *exportCommand) write(ctx context.Context, std *streams, at *installation, dir string) (opens int64, err error) {
	db, err := at.copyOf(ctx, std, filepath.Join(dir, copyDir))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if !c.Tables {
		if err := db.Backup(ctx, filepath.Join(dir, wholeFile)); err != nil {
			return 0, unusable(err)
		}
	}
	// What came in the last second is in no number yet.
	var f spread.Folder
	if err := f.Fold(ctx, db); err != nil {
		return 0, err
	}
	e := exporting{dir: dir}
	err = db.Update(ctx, func(tx *data.Tx) error { return e.begin(ctx, tx) })
	if err != nil {
		return 0, err
	}
	err = db.View(ctx, func(tx *data.Tx) error {
		if opens, err = data.Int(ctx, tx, `SELECT count(*) FROM opens`); err != nil {
			return err
		}
		e.bar = std.progress("Exporting", opens)
		defer e.bar.end()
		return errors.Join(e.members(ctx, tx), e.links(ctx, tx), e.opens(ctx, tx), e.leaderboard(ctx, tx))
	})
	return opens, err
}

// exporting writes tables.
type exporting struct {
	dir    string
	url    string // of the brand
	tokens *id.Tokens
	bar    bar
}

// begin finds what share addresses are made of.
func (e *exporting) begin(ctx context.Context, tx *data.Tx) error {
	if b, err := brand.Of(ctx, tx); err == nil {
		e.url = b.URL
	} else if !errors.Is(err, data.ErrNotFound) {
		return err
	}
	key, err := brand.Secret(ctx, tx, "tokens", 32)
	if err != nil {
		return err
	}
	e.tokens, err = id.NewTokens(key)
	return err
}

// table writes a file: its head, and what rows hands over.
func (e *exporting) table(name string, head []string, rows func(add func(cells ...string) error) error) (err error) {
	file, err := os.OpenFile(filepath.Join(e.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return unusable(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := csv.NewWriter(file)
	add := func(cells ...string) error { return w.Write(sheet.Row(cells...)) }
	if err := errors.Join(add(head...), rows(add)); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	w.Flush()
	return errors.Join(w.Error(), file.Sync())
}

// members writes everybody who can sign in: a line for each squad that they are in, or one.
func (e *exporting) members(ctx context.Context, tx *data.Tx) error {
	people, err := account.All(ctx, tx)
	if err != nil {
		return err
	}
	squads, err := squad.All(ctx, tx)
	if err != nil {
		return err
	}
	type seat struct {
		squad string
		squad.Member
	}
	seats := map[string][]seat{}
	for _, s := range squads {
		members, err := squad.MembersOf(ctx, tx, s.ID)
		if err != nil {
			return err
		}
		for _, m := range members {
			seats[m.AccountID] = append(seats[m.AccountID], seat{s.Name, m})
		}
	}
	return e.table("members.csv", []string{"email", "name", "role", "language", "squad", "captain", "joined_at", "paused_at", "suspended_at", "created_at"}, func(add func(...string) error) error {
		for _, a := range people {
			in := seats[a.ID]
			if len(in) == 0 {
				in = []seat{{}}
			}
			for _, s := range in {
				err := add(a.Email, a.Name, string(a.Role), a.Language, s.squad, truth(s.Captain), moment(s.JoinedAt), moment(s.PausedAt), moment(a.SuspendedAt), moment(a.CreatedAt))
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// links writes every link, with its address and what came of it.
func (e *exporting) links(ctx context.Context, tx *data.Tx) error {
	head := []string{
		"link", "address", "campaign", "drop", "squad", "email", "name", "house", "rehearsal", "made_at", "stopped_at",
		"people", "points", "sharers", "first_hop", "farthest_hop", "not_counted",
	}
	return e.table("links.csv", head, func(add func(...string) error) error {
		return spread.EachLink(ctx, tx, func(l spread.LinkLine) error {
			return add(digits(l.ID), e.url+"/s/"+e.tokens.Link(l.ID), l.Campaign, l.Drop, l.Squad, l.Email, l.Name, l.House, truth(l.Rehearsal), moment(l.MadeAt), moment(l.StoppedAt),
				digits(l.People), digits(l.Points), digits(l.Sharers), digits(l.FirstHop), digits(l.Farthest), digits(l.Held))
		})
	})
}

// opens writes the log.
func (e *exporting) opens(ctx context.Context, tx *data.Tx) error {
	return e.table("opens.csv", []string{"open", "link", "parent", "opened_at", "state", "channel", "seen_in", "device"}, func(add func(...string) error) error {
		return spread.EachOpen(ctx, tx, func(o spread.OpenLine) error {
			e.bar.add(1)
			parent := ""
			if o.ParentID != 0 {
				parent = digits(o.ParentID)
			}
			return add(digits(o.ID), digits(o.LinkID), parent, moment(o.OpenedAt), o.State.String(), o.Channel.String(), o.Observed.String(), o.Device.String())
		})
	})
}

// leaderboard writes the ranks of every campaign.
func (e *exporting) leaderboard(ctx context.Context, tx *data.Tx) error {
	all, err := campaign.All(ctx, tx)
	if err != nil {
		return err
	}
	people, err := account.All(ctx, tx)
	if err != nil {
		return err
	}
	emails := map[string]string{}
	for _, a := range people {
		emails[a.ID] = a.Email
	}
	head := []string{"campaign", "rank", "email", "name", "points", "people", "sharers", "first_hop", "farthest_hop", "not_counted"}
	return e.table("leaderboard.csv", head, func(add func(...string) error) error {
		var boards spread.Boards
		for _, c := range all {
			board, err := boards.Look(ctx, tx, spread.Ask{Scope: spread.Scope{CampaignID: c.ID}})
			if err != nil {
				return err
			}
			for _, s := range board.Rows {
				rank := ""
				if s.Rank > 0 {
					rank = strconv.Itoa(s.Rank)
				}
				err := add(c.Name, rank, emails[s.AccountID], s.Name, digits(s.Points), digits(s.People), digits(s.Sharers), digits(s.FirstHop), digits(s.Farthest), digits(s.Held))
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func digits(n int64) string { return strconv.FormatInt(n, 10) }

func truth(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

// moment is an instant as every program reads it, or nothing.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}
