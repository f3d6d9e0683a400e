package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/campaign"
	"ricochet.example/app/clock"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/web"
	"ricochet.example/data"
)

type replayCommand struct {
	Dir string `arg:"" help:"Directory with the events.jsonl or events.jsonl.gz of a recorded campaign."`
	Out string `default:"." placeholder:"DIR" help:"Directory for nodes.tsv and leaderboard.tsv (default: the current one)."`
}

// Help is what ricochet replay --help adds.
func (c *replayCommand) Help() string {
	return "Every recorded request is answered by the same handlers as a real one, with a clock that follows the recording, " +
		"in a new installation in the directory for temporary files (TMPDIR), which is removed afterwards. " +
		"nodes.tsv has a line for each open, parents first: the event whose page posted it, its parent (an event, or A and the number of an ambassador), " +
		"and 1 if it counts or 0 if not. leaderboard.tsv has a line for each ambassador: number, spread, people, farthest hop. " +
		"Bad lines are named by their number and make the exit code 1."
}

// Run plays the campaign.
func (c *replayCommand) Run(ctx context.Context, std *streams) (err error) {
	rec, err := openRecording(c.Dir, std.Err)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil { //nolint:gosec // results are no secret
		return unusable(err)
	}
	temp, err := os.MkdirTemp("", "ricochet-replay-")
	if err != nil {
		return unusable(err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	s, err := setStage(ctx, temp, rec.ambassadors, std.Err)
	if err != nil {
		return fmt.Errorf("preparing the replay: %w", err)
	}
	defer func() { err = errors.Join(err, s.db.Close()) }()
	bar := std.progress("Replaying", int64(len(rec.events)))
	events, err := s.play(ctx, rec, func() { bar.add(1) })
	bar.end()
	if err != nil {
		return fmt.Errorf("replaying: %w", err)
	}
	return unusable(s.writeResults(ctx, rec, events, c.Out))
}

// replayBegins is the day 0 of recordings, a Monday.
var replayBegins = time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC)

// setStage founds an installation in dir with what a recording needs.
func setStage(ctx context.Context, dir string, ambassadors []int, log io.Writer) (s stage, err error) {
	s = stage{clock: clock.At(replayBegins), start: replayBegins, url: "http://replay.example", members: map[int]member{}}
	if s.db, err = data.Open(ctx, data.Config{Dir: dir, Now: s.clock.Now}); err != nil {
		return s, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.db.Close())
		}
	}()
	d := drop.Drop{Language: "en", Version: drop.Version{Title: "A drop", Body: "What everyone passes on."}}
	if problems := d.Check(); len(problems.Fields()) > 0 {
		return s, fmt.Errorf("the drop has problems with %q", problems.Fields())
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error { return s.found(ctx, tx, d, ambassadors) })
	if err != nil {
		return s, err
	}
	errorsOnly := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelError}))
	s.server, err = web.New(ctx, web.Config{DB: s.db, Clock: s.clock, Log: errorsOnly})
	return s, err
}

// found founds the brand, and gives every ambassador an account and a link.
func (s *stage) found(ctx context.Context, tx *data.Tx, d drop.Drop, ambassadors []int) error {
	token, err := brand.SetUp(ctx, tx)
	if err != nil {
		return err
	}
	if err := brand.Found(ctx, tx, token, brand.Brand{Name: "Replay", Language: "en", URL: s.url, TimeZone: "UTC", Label: "Advertisement"}); err != nil {
		return err
	}
	c, err := campaign.Create(ctx, tx, campaign.Campaign{
		Name: "Replay", StartsAt: s.start, EndsAt: s.start.Add(longestReplay * time.Second), Most: campaign.DefaultMost,
	})
	if err != nil {
		return err
	}
	d.CampaignID = c.ID
	if d, err = drop.Create(ctx, tx, d); err != nil {
		return err
	}
	if err := drop.SetRelease(ctx, tx, d.ID, drop.Release{PublicAt: s.start}); err != nil {
		return err
	}
	for _, k := range ambassadors {
		name := fmt.Sprintf("A%d", k)
		a, err := account.Create(ctx, tx, account.Account{
			Email: name + "@replay.example", Name: name, Role: account.Ambassador, Language: "en",
		})
		if err != nil {
			return err
		}
		l, err := share.Take(ctx, tx, a.ID, d.ID)
		if err != nil {
			return err
		}
		s.members[k] = member{a.ID, l.ID}
	}
	return nil
}

// writeResults writes nodes.tsv and leaderboard.tsv.
func (s *stage) writeResults(ctx context.Context, rec *recording, events map[int64]string, out string) error {
	return s.db.View(ctx, func(tx *data.Tx) error {
		err := writeTable(filepath.Join(out, "nodes.tsv"), func(w io.Writer) error { return s.writeNodes(ctx, tx, events, w) })
		if err != nil {
			return err
		}
		return writeTable(filepath.Join(out, "leaderboard.tsv"), func(w io.Writer) error { return s.writeLeaderboard(ctx, tx, rec.ambassadors, w) })
	})
}

func writeTable(path string, write func(io.Writer) error) error {
	file, err := os.Create(path) //nolint:gosec // where the person asked for it
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// writeNodes writes the opens in the order in which they were recorded, with
// the last word on whether they count.
func (s *stage) writeNodes(ctx context.Context, tx *data.Tx, events map[int64]string, w io.Writer) error {
	ambassadors := map[int64]int{}
	for k, m := range s.members {
		ambassadors[m.link] = k
	}
	return data.Each(ctx, tx, func(r data.Row) error {
		var open, link, parent, state int64
		if err := r.Scan(&open, &link, &parent, &state); err != nil {
			return err
		}
		from, counted := fmt.Sprintf("A%d", ambassadors[link]), 0
		if parent != 0 {
			from = events[parent]
		}
		if share.State(state) == share.Counted {
			counted = 1
		}
		_, err := fmt.Fprintf(w, "%s\t%s\t%d\n", events[open], from, counted)
		return err
	}, `SELECT o.id, o.link_id, coalesce(o.parent_id, 0),
			coalesce((SELECT d.state FROM decisions d WHERE d.open_id = o.id ORDER BY d.id DESC LIMIT 1), o.state)
		FROM opens o ORDER BY o.id`)
}

// writeLeaderboard writes what the fold says of every ambassador.
func (s *stage) writeLeaderboard(ctx context.Context, tx *data.Tx, ambassadors []int, w io.Writer) error {
	type line struct{ spread, people, hops int64 }
	lines := map[int64]line{}
	err := data.Each(ctx, tx, func(r data.Row) error {
		var link int64
		var l line
		err := r.Scan(&link, &l.spread, &l.people, &l.hops)
		lines[link] = l
		return err
	}, `SELECT link_id, points, people, farthest FROM link_totals`)
	if err != nil {
		return err
	}
	for _, k := range ambassadors {
		l := lines[s.members[k].link]
		if _, err := fmt.Fprintf(w, "%d\t%d\t%d\t%d\n", k, l.spread, l.people, l.hops); err != nil {
			return err
		}
	}
	return nil
}
