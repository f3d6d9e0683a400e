package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/brand"
	"ricochet.example/app/clock"
	"ricochet.example/app/web"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// house is an installation in a test: a server on a database of its own, and a
// clock that stands still until it is told to go on.
type house struct {
	t      testing.TB
	db     *data.DB
	clock  *clock.Manual
	server *web.Server
	base   string   // public address
	token  string   // of the set-up link, while there is one
	owner  *browser // who founded the brand, signed in
	log    *strings.Builder
	peers  int
}

// empty is an installation that was just started.
func empty(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, clock: clock.At(datatest.Noon), base: "http://drops.example", log: &strings.Builder{}}
	h.db = datatest.New(t, h.clock.Now)
	return h.begun()
}

// begun is the house with its first server.
func (h *house) begun() *house {
	t := h.t
	t.Helper()
	err := h.db.Update(t.Context(), func(tx *data.Tx) (err error) {
		h.token, err = brand.SetUp(t.Context(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.server = h.another()
	return h
}

// another is one more server on the house's database.
func (h *house) another() *web.Server {
	h.t.Helper()
	s, err := web.New(h.t.Context(), web.Config{DB: h.db, Clock: h.clock, Log: slog.New(slog.NewTextHandler(h.log, nil))})
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// found is an installation of the brand Novaska, with its owner signed in.
// Changes are fields of the set-up form and what to type there, in turn.
func found(t testing.TB, changes ...string) *house {
	t.Helper()
	return empty(t).founded(changes...)
}

// founded is the house once the form of its set-up link was sent.
func (h *house) founded(changes ...string) *house {
	h.t.Helper()
	h.owner = h.browser()
	fields := append([]string{"name", "Novaska", "url", h.base, "owner_name", "Olga", "email", "olga@novaska.example", "time_zone", "UTC"}, changes...)
	h.owner.get("/setup/" + h.token).wants(http.StatusOK).form("/setup/" + h.token).send(fields...).to("/")
	return h
}

// work does what is due behind the requests.
func (h *house) work() {
	h.t.Helper()
	if err := h.server.Work(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// update changes the database directly, for what no page is there for or what
// is not the point of a test.
func (h *house) update(fn func(ctx context.Context, tx *data.Tx) error) {
	h.t.Helper()
	if err := h.db.Update(h.t.Context(), func(tx *data.Tx) error { return fn(h.t.Context(), tx) }); err != nil {
		h.t.Fatal(err)
	}
}

// view reads the database directly.
func (h *house) view(fn func(ctx context.Context, tx *data.Tx) error) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), func(tx *data.Tx) error { return fn(h.t.Context(), tx) }); err != nil {
		h.t.Fatal(err)
	}
}

// later lets time go by.
func (h *house) later(d time.Duration) { h.clock.Advance(d) }
