// Package mine knows which rows of the database are about a person, and reads them all: what they may take along.
package mine

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"ricochet.example/data"
)

// Part is what one table says about a person.
type Part struct {
	Name    string // of the part in the file
	Table   string
	Columns []string
	// LeftOut are the other columns: secrets, which would let whoever has the file act as the person, the machinery of
	// sending, and who somebody else is.
	LeftOut []string
	// Of is the condition under which a row is about the person, whose id takes the place of every question mark.
	Of string
}

// Parts are all that there is about an ambassador, table by table. A table that is not here knows nobody.
var Parts = []Part{
	{"account", "accounts", list(`id email name role language created_at suspended_at news_off news_at named shown quiet_from quiet_until push_often time_zone`), nil, `id = ?`},
	{"age", "ages", list(`band guardian said_at agreed_at refused_at withdrawn_at grown_at grown_declined_at grown_reason`), list(`account_id code mail_id`), `account_id = ?`},
	{"devices", "login_sessions", list(`device created_at seen_at ends_at`), list(`id_hash account_id`), `account_id = ?`},
	{"devices_for_push", "push_subscriptions", list(`endpoint made_at`), list(`session_hash account_id p256dh auth`), `account_id = ?`},
	{"sign_ins", "sign_ins", list(`email asked_at ends_at used_at tries`), list(`link_hash code_hash browser_hash invitation`), `email = ` + address},
	{
		"mails", "mails", list(`kind recipient subject state written_at handed_at ended_at reason`),
		list(`id body html unsubscribe message_id tries next_at reply forget_at claim claimed_until`), `recipient = ` + address,
	},
	{"squads", "members", list(`squad_id joined_at paused_at own_pause came_by`), list(`account_id invited_by`), `account_id = ?`},
	{"squads_led", "squads", list(`id name city`), list(`about capacity captain_id founded_at agenda approval questions group_links gives`), `captain_id = ?`},
	{"applications", "applications", list(`squad_id code invited answers state asked_at waits_from decided_at reason`), list(`id account_id decided_by`), `account_id = ?`},
	{"invitations_to_you", "invitations", list(`code squad_id email name language made_at ends_at used revoked_at`), list(`made_by cap mail_id link_id number`), `email = ` + address},
	{"invitations_by_you", "invitations", list(`code squad_id cap used made_at ends_at revoked_at link_id language number`), list(`made_by email name mail_id`), `made_by = ?`},
	{"links", "links", list(`id drop_id campaign_id squad_id rehearsal made_at stopped_at`), list(`account_id house`), `account_id = ?`},
	{
		"what_links_brought", "link_totals", list(`link_id people points sharers first_hop held farthest first_at last_at`),
		list(`squares twigs hop_2 hop_3 hop_4 hop_5 hop_6 hop_7 hop_8`), `link_id IN (SELECT id FROM links WHERE account_id = ?)`,
	},
	{"own_words", "own_words", list(`drop_id words kept_at`), list(`account_id`), `account_id = ?`},
	{"drops_read", "reads", list(`drop_id read_at`), list(`account_id`), `account_id = ?`},
	{"who_you_told", "circles_told", list(`drop_id circle told_at`), list(`account_id`), `account_id = ?`},
	{
		"said", "voices", list(`id drop_id squad_id kind words anonymous consent_at said_at state answer answered_at`),
		list(`account_id link_id open_id answered_by retired`), `account_id = ?`,
	},
	{
		"answers_by_you", "voices", list(`id answer answered_at`),
		list(`drop_id account_id link_id open_id squad_id kind words anonymous consent_at said_at state answered_by retired`), `answered_by = ?`,
	},
	{"rewards", "claims", list(`id reward_id state size address asked_at decided_at sent_at reason`), list(`account_id decided_by`), `account_id = ?`},
	{"reward_codes", "reward_codes", list(`reward_id code given_at`), list(`added_at claim_id`), `claim_id IN (SELECT id FROM claims WHERE account_id = ?)`},
	{"levels_reached", "levels_reached", list(`level_id reached_at`), list(`account_id`), `account_id = ? AND level_id <> ''`},
	{"thanks", "thanks", list(`words said_at seen_at`), list(`id account_id from_id`), `account_id = ?`},
	{"thanks_by_you", "thanks", list(`words said_at`), list(`id account_id from_id seen_at`), `from_id = ?`},
	{"moments_opened", "moments", list(`id link_id squad_id heads people alike beyond opened_at ends_at`), list(`opened_by`), `opened_by = ?`},
	{"first_ricochet", "first_ricochets", list(`seen_at`), list(`account_id`), `account_id = ?`},
	{"notice_choices", "notice_choices", list(`kind way wanted`), list(`account_id`), `account_id = ?`},
	{"notices", "notices", list(`kind about happened_at mailed_at pushed_at`), list(`account_id mail_done push_done claimed_until push_tries mail_id`), `account_id = ?`},
	{
		"done_about_you", "acts", list(`kind squad_id campaign_id link_id note acted_at undone_at`),
		list(`id account_id member_id open_id opens people points undone_by drop_id`), `member_id = ?`,
	},
	{
		"done_by_you", "acts", list(`kind squad_id campaign_id acted_at undone_at`),
		list(`id account_id member_id link_id open_id opens people points note undone_by drop_id`), `account_id = ?`,
	},
	{"drafts", "drafts", list(`id drop_id content kept_at`), list(`account_id`), `account_id = ?`},
	{"editing", "editors", list(`drop_id since seen_at`), list(`account_id`), `account_id = ?`},
}

// address is the person's own.
const address = `(SELECT email FROM accounts WHERE id = ?)`

func list(names string) []string { return strings.Fields(names) }

// instant says whether a column is a moment.
func instant(column string) bool {
	return strings.HasSuffix(column, "_at") || column == "since" || column == "waits_from"
}

// File returns everything about an account as JSON: each part with its rows, moments as RFC 3339 in UTC.
func File(ctx context.Context, tx *data.Tx, brand, accountID string) ([]byte, error) {
	all := map[string]any{"brand": brand, "made_at": tx.Now().Format(time.RFC3339)}
	for _, p := range Parts {
		rows, err := p.rows(ctx, tx, accountID)
		if err != nil {
			return nil, fmt.Errorf("reading what %s say of a person: %w", p.Table, err)
		}
		all[p.Name] = rows
	}
	return json.MarshalIndent(all, "", "  ")
}

func (p Part) rows(ctx context.Context, tx *data.Tx, accountID string) ([]map[string]any, error) {
	rows := []map[string]any{}
	args := make([]any, strings.Count(p.Of, "?"))
	for i := range args {
		args[i] = accountID
	}
	err := data.Each(ctx, tx, func(r data.Row) error {
		values, places := make([]any, len(p.Columns)), make([]any, len(p.Columns))
		for i := range values {
			places[i] = &values[i]
		}
		if err := r.Scan(places...); err != nil {
			return err
		}
		row := map[string]any{}
		for i, column := range p.Columns {
			if ms, ok := values[i].(int64); ok && instant(column) {
				values[i] = time.UnixMilli(ms).UTC().Format(time.RFC3339)
			}
			row[column] = values[i]
		}
		rows = append(rows, row)
		return nil
	}, `SELECT `+strings.Join(p.Columns, ", ")+` FROM `+p.Table+` WHERE `+p.Of+` ORDER BY `+p.Columns[0], args...)
	return rows, err
}
