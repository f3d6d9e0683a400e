package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/campaign"
	"ricochet.example/app/clock"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/visit"
	"ricochet.example/app/web"
	"ricochet.example/data"
)

// plan is how large a database is measured on.
type plan struct {
	ambassadors int
	drops       int
	opens       int
}

func (p plan) links() int { return p.ambassadors * p.drops }

const (
	seed      = 20_000_900_40       // of everything that is drawn
	recipe    = 3                   // goes up when another database is made of the same plan
	history   = 30 * 24 * time.Hour // over which the opens are spread
	factsFile = "facts.json"        // what is known of a prepared database
	prefix    = "database-"         // of its directory in the cache
	runPrefix = "run-"              // of that of one run
)

// prepared is a database that is ready to be copied and measured on.
type prepared struct {
	dir   string
	Opens int64
	Empty int64   // bytes of the same database before the first open
	Full  int64   // bytes of it now
	Links []int64 // by how popular they are

	Campaign string        // that all drops are in
	Folding  time.Duration // that folding everything from nothing took
	made     bool          // in this very run
}

// each is how many bytes an open takes on the disk, with all that there is for it.
func (p *prepared) each() float64 { return float64(p.Full-p.Empty) / float64(p.Opens) }

// prepare finds the database of a plan in the cache, or makes it. One day's
// database is not the next one's: it holds the keys of two days.
func prepare(ctx context.Context, cache string, p plan, now time.Time, tell *progress) (*prepared, error) {
	schema, err := schemaOf(ctx, cache)
	if err != nil {
		return nil, err
	}
	if err := roomFor(cache, p); err != nil {
		return nil, err
	}
	same := fmt.Sprintf("%s%d-%d-", prefix, p.links(), p.opens)
	name := fmt.Sprintf("%s%d-%s-%s", same, recipe, now.UTC().Format(time.DateOnly), schema)
	done := &prepared{dir: filepath.Join(cache, name)}
	facts, err := os.ReadFile(filepath.Join(done.dir, factsFile))
	if err == nil {
		return done, json.Unmarshal(facts, done)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("looking for a prepared database: %w", err)
	}
	if err := outdated(cache, same, now); err != nil {
		return nil, err
	}
	tell.say("preparing a database of %d opens below %d links of %d ambassadors", p.opens, p.links(), p.ambassadors)
	if err := done.make(ctx, p, now, tell); err != nil {
		_ = os.RemoveAll(done.dir)
		return nil, fmt.Errorf("preparing a database: %w", err)
	}
	done.made = true
	if facts, err = json.Marshal(done); err != nil {
		return nil, err
	}
	return done, os.WriteFile(filepath.Join(done.dir, factsFile), facts, 0o600)
}

// roomFor refuses to fill the disk: there is a prepared database, and up to two
// copies of it at a time.
func roomFor(cache string, p plan) error {
	var s unix.Statfs_t
	if err := unix.Statfs(cache, &s); err != nil {
		return fmt.Errorf("looking for room in %s: %w", cache, err)
	}
	const each, copies, rest = 120, 4, 1 << 30
	free, need := int64(s.Bavail)*s.Bsize, int64(p.opens)*each*copies+rest //nolint:gosec // blocks of a disk
	if free < need {
		return fmt.Errorf("measuring with %d opens takes up to %s in %s, where %s are free", p.opens, asBytes(float64(need)), cache, asBytes(float64(free)))
	}
	return nil
}

// outdated throws away the databases of other days, what runs that were cut off
// left behind, and of those of the same plan all but the one that was made last:
// somebody may be at work on two schemas.
func outdated(cache, same string, now time.Time) error {
	all, err := os.ReadDir(cache)
	if err != nil {
		return fmt.Errorf("looking for old databases: %w", err)
	}
	var old []string
	var kept fs.FileInfo
	for _, e := range all {
		info, err := e.Info()
		if err != nil {
			continue // another run was quicker
		}
		name := e.Name()
		switch {
		case strings.HasPrefix(name, runPrefix) && now.Sub(info.ModTime()) > 24*time.Hour,
			strings.HasPrefix(name, prefix) && !strings.Contains(name, now.UTC().Format(time.DateOnly)):
			old = append(old, name)
		case strings.HasPrefix(name, same) && kept == nil:
			kept = info
		case strings.HasPrefix(name, same) && info.ModTime().After(kept.ModTime()):
			old = append(old, kept.Name())
			kept = info
		case strings.HasPrefix(name, same):
			old = append(old, name)
		}
	}
	for _, name := range old {
		if err := os.RemoveAll(filepath.Join(cache, name)); err != nil {
			return fmt.Errorf("throwing away an old database: %w", err)
		}
	}
	return nil
}

// schemaOf is a hash of what an empty database looks like now: with another
// schema, another database is prepared.
func schemaOf(ctx context.Context, cache string) (string, error) {
	dir, err := os.MkdirTemp(cache, "empty-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	sum := sha256.New()
	err = with(ctx, dir, func(db *data.DB) error {
		return db.View(ctx, func(tx *data.Tx) error {
			page, err := data.Int(ctx, tx, `PRAGMA page_size`)
			if err != nil {
				return err
			}
			parts, err := data.All(ctx, tx, data.Text, `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name`)
			_, _ = fmt.Fprintln(sum, page, parts)
			return err
		})
	})
	return hex.EncodeToString(sum.Sum(nil)[:4]), err
}

func open(ctx context.Context, dir string) (*data.DB, error) {
	return data.Open(ctx, data.Config{Dir: dir, Now: clock.System{}.Now, Log: slog.New(slog.DiscardHandler)})
}

// make founds a brand with its links, then writes the opens and folds them.
func (p *prepared) make(ctx context.Context, plan plan, now time.Time, tell *progress) error {
	if err := os.RemoveAll(p.dir); err != nil {
		return err
	}
	err := with(ctx, p.dir, func(db *data.DB) (err error) {
		if p.Campaign, p.Links, err = found(ctx, db, plan); err != nil {
			return err
		}
		// The first to ask makes the secrets: all copies are to have the same.
		_, err = fieldOf(ctx, db, p.Links, clock.System{})
		return err
	})
	if err != nil {
		return err
	}
	if p.Empty, err = sizeOf(p.dir); err != nil {
		return err
	}
	p.Opens = int64(plan.opens)
	err = with(ctx, p.dir, func(db *data.DB) error {
		if err := newHistory(p.Links, plan.opens, now).write(ctx, db, tell); err != nil {
			return err
		}
		began := time.Now()
		defer func() { p.Folding = time.Since(began) }()
		return fold(ctx, db, tell)
	})
	if err != nil {
		return err
	}
	p.Full, err = sizeOf(p.dir)
	return err
}

// with opens the database of dir for a while. Closing it brings its log into the file.
func with(ctx context.Context, dir string, do func(*data.DB) error) error {
	db, err := open(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(do(db), db.Close())
}

func sizeOf(dir string) (int64, error) {
	info, err := os.Stat(data.File(dir))
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Who is there besides the ambassadors.
const managerAddress = "manager@riviera.example"

func ambassadorAddress(i int) string { return fmt.Sprintf("ambassador-%d@riviera.example", i) }

// found makes the brand, one campaign, its public drops, and a link of each for
// every ambassador. It returns the campaign, and the links in a drawn order.
func found(ctx context.Context, db *data.DB, plan plan) (campaignID string, links []int64, err error) {
	var drops []string
	err = db.Update(ctx, func(tx *data.Tx) (err error) {
		campaignID, drops, err = brandWith(ctx, tx, plan)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	people := make([]string, plan.ambassadors)
	for at := 0; at < len(people); at += chunk {
		err := db.Update(ctx, func(tx *data.Tx) error {
			for i := at; i < min(at+chunk, len(people)); i++ {
				a, err := account.Create(ctx, tx, account.Account{
					Email: ambassadorAddress(i), Name: fmt.Sprintf("Ambassador %d", i), Role: account.Ambassador, Language: "en",
				})
				if err != nil {
					return err
				}
				people[i] = a.ID
			}
			return nil
		})
		if err != nil {
			return "", nil, err
		}
	}
	for _, d := range drops {
		ofDrop := make([]int64, len(people))
		for at := 0; at < len(people); at += chunk {
			err := db.Update(ctx, func(tx *data.Tx) error {
				for i := at; i < min(at+chunk, len(people)); i++ {
					l, err := share.Take(ctx, tx, people[i], d)
					if err != nil {
						return err
					}
					ofDrop[i] = l.ID
				}
				return nil
			})
			if err != nil {
				return "", nil, err
			}
		}
		links = append(links, ofDrop...)
	}
	rnd := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // reproducible is what it must be
	rnd.Shuffle(len(links), func(i, j int) { links[i], links[j] = links[j], links[i] })
	return campaignID, links, nil
}

func brandWith(ctx context.Context, tx *data.Tx, plan plan) (campaignID string, drops []string, err error) {
	token, err := brand.SetUp(ctx, tx)
	if err != nil {
		return "", nil, err
	}
	err = brand.Found(ctx, tx, token, brand.Brand{
		Name: "Riviera", Language: "en", URL: "http://127.0.0.1:8080", TimeZone: "Europe/Paris", Label: "Paid partnership",
	})
	if err != nil {
		return "", nil, err
	}
	_, err = account.Create(ctx, tx, account.Account{Email: managerAddress, Name: "Manager", Role: account.Manager, Language: "en"})
	if err != nil {
		return "", nil, err
	}
	c, err := campaign.Create(ctx, tx, campaign.Campaign{
		Name: "Spring", StartsAt: tx.Now().Add(-history), EndsAt: tx.Now().Add(history), Most: campaign.DefaultMost,
	})
	if err != nil {
		return "", nil, err
	}
	for i := range plan.drops {
		d := drop.Drop{CampaignID: c.ID, Language: "en", Version: story(i)}
		if d, err = drop.Create(ctx, tx, d); err != nil {
			return "", nil, err
		}
		if err := drop.SetRelease(ctx, tx, d.ID, drop.Release{PublicAt: tx.Now().Add(-history)}); err != nil {
			return "", nil, err
		}
		drops = append(drops, d.ID)
	}
	return c.ID, drops, nil
}

// story is what the drops say, about as long as people write.
func story(i int) drop.Version {
	part := `## What we changed

The upper is **one piece of knit** now, without a seam where the foot bends. We took out *31 grams* and put them where the
turf takes them: into the toe. Try it in [the fitting room](https://riviera.example/fitting) before everybody else does.

- the last is half a size wider
- the laces hold when they are wet
- the sole comes off, so that it can be made again

> We played in them for a winter on the concrete under the bridge, and they still look as if somebody cared.

`
	return drop.Version{
		Title:  fmt.Sprintf("The new pair, number %d", i+1),
		Teaser: "You see it before the shops do.",
		Body:   strings.Repeat(part, 4), Caption: "Look what is coming: ",
		Action: "See the pair", ActionURL: "https://riviera.example/pair",
	}
}

// past is the opens of the last thirty days.
type past struct {
	field
	rnd    *rand.Rand
	n      int
	now    time.Time
	link   []int64 // of each open
	branch []int64
}

func newHistory(links []int64, n int, now time.Time) *past {
	h := &past{rnd: rand.New(rand.NewPCG(seed, 2)), n: n, now: now, link: make([]int64, n+1), branch: make([]int64, n+1)} //nolint:gosec // as above
	h.links, h.ranks = links, newZipf(len(links), zipfExponent)
	return h
}

// chunk is how many rows of the past are written in one transaction.
const chunk = 20_000

func (h *past) write(ctx context.Context, db *data.DB, tell *progress) error {
	defer tell.done()
	for at := 1; at <= h.n; at += chunk {
		last := min(at+chunk-1, h.n)
		var opens, keys []any
		for i := at; i <= last; i++ {
			opens, keys = h.append(int64(i), opens, keys)
		}
		err := db.Update(ctx, func(tx *data.Tx) error {
			err := data.InsertRows(ctx, tx, `INSERT INTO opens (link_id, parent_id, branch_id, opened_at, state, channel, observed, device)`, 8, opens, ``)
			if err != nil {
				return err
			}
			if err := data.InsertRows(ctx, tx, `INSERT INTO keys (day, network, visitor, open_id)`, 4, keys, ``); err != nil {
				return err
			}
			// The rows after this chunk name its opens by the ids that they are to have.
			if id, err := data.Int(ctx, tx, `SELECT max(id) FROM opens`); err != nil || id != int64(last) {
				return errors.Join(err, fmt.Errorf("open %d got the id %d", last, id))
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("writing opens: %w", err)
		}
		tell.at("writing opens", last, h.n)
	}
	return nil
}

// Where opens were seen, and on what; as often as they stand here.
var (
	channels = []visit.Channel{visit.WhatsApp, visit.WhatsApp, visit.Instagram, visit.Telegram, visit.Snapchat, visit.SMS, visit.Copy, visit.Unknown}
	devices  = []visit.Device{visit.Phone, visit.Phone, visit.Phone, visit.Tablet, visit.Desktop}
)

// append adds the row of one open, and that of its key if it is younger than the
// product's oldest ones: those of yesterday.
func (h *past) append(i int64, opens, keys []any) (moreOpens, moreKeys []any) {
	var parent, branch any
	link, above := h.where(h.rnd)
	if above != 0 {
		link = h.link[above]
		parent, branch = above, h.branch[above]
		h.branch[i] = h.branch[above]
	} else {
		h.branch[i] = i
	}
	h.link[i] = link
	h.top.Store(i)
	at := h.now.Add(-history + time.Duration(float64(i)/float64(h.n+1)*float64(history)))
	opens = append(opens, link, parent, branch, at, int64(share.Counted),
		int64(pick(h.rnd, channels)), int64(pick(h.rnd, channels)), int64(pick(h.rnd, devices)))
	if share.Day(at) >= share.Day(h.now)-1 {
		keys = append(keys, share.Day(at), h.mark(), h.mark(), i)
	}
	return opens, keys
}

// mark looks like the key of somebody who will not come again.
func (h *past) mark() []byte {
	b := make([]byte, 12)
	for i := range b {
		b[i] = byte(h.rnd.Uint32())
	}
	return b
}

func pick[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

// fold folds everything from nothing, as a check of an installation does, and
// tells how far it has come.
func fold(ctx context.Context, db *data.DB, tell *progress) error {
	defer tell.done()
	last, err := count(ctx, db, `SELECT coalesce(max(id), 0) FROM opens`)
	if err != nil {
		return err
	}
	at := 0
	return spread.Refold(ctx, db, spread.Mark{Open: last}, func(opens int64) {
		at += int(opens)
		tell.at("folding", at, int(last))
	})
}

func count(ctx context.Context, db *data.DB, query string) (n int64, err error) {
	err = db.View(ctx, func(tx *data.Tx) error {
		n, err = data.Int(ctx, tx, query)
		return err
	})
	return n, err
}

// fieldOf is what there is to visit in a database.
func fieldOf(ctx context.Context, db *data.DB, links []int64, now clock.Clock) (*field, error) {
	s, err := web.New(ctx, web.Config{DB: db, Clock: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	top, err := count(ctx, db, `SELECT coalesce(max(id), 0) FROM opens`)
	if err != nil {
		return nil, err
	}
	f := &field{tokens: s.Tokens(), nonce: s.Nonce, clock: now, links: links, ranks: newZipf(len(links), zipfExponent)}
	f.top.Store(top)
	return f, nil
}
