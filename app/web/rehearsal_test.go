package web_test

import (
	"context"
	"net/http"
	"testing"

	"ricochet.example/data"
	"ricochet.example/views"
)

// Whoever looks at a rehearsal has it folded first. When that cannot be done, for
// the disk is full or worse, what was folded before is shown all the same.
func TestARehearsalIsShownAlsoWhenNothingCanBeFolded(t *testing.T) {
	l := sharing(t)
	board := l.manager.get(views.DropPath(l.drop)).form(views.RehearsePath(l.drop)).send().follow().wants(http.StatusOK)
	l.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO opens (link_id, opened_at, state, channel, observed, device) VALUES (987654, 0, 0, 0, 0, 0)`)
		return err
	})
	l.manager.get(board.path).wants(http.StatusOK).says("No opens yet")
}
