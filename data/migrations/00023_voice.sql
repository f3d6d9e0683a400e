-- What people say to the brand of a drop: its readers, by a link, and members.
CREATE TABLE voices (
    id          TEXT    NOT NULL PRIMARY KEY,
    drop_id     TEXT    NOT NULL REFERENCES drops (id) ON DELETE CASCADE,
    account_id  TEXT    REFERENCES accounts (id) ON DELETE CASCADE, -- the member; null for a reader
    link_id     INTEGER REFERENCES links (id) ON DELETE CASCADE,    -- by which the reader came; null for a member
    open_id     INTEGER REFERENCES opens (id) ON DELETE CASCADE,    -- theirs; null where none is known
    squad_id    TEXT    REFERENCES squads (id) ON DELETE SET NULL,  -- in which the member said it
    kind        TEXT    NOT NULL,            -- reaction, message, comment, question, idea, complaint or testimonial
    words       TEXT    NOT NULL,            -- of a reaction: which
    anonymous   INTEGER NOT NULL DEFAULT 0,  -- 1: the squad is not told who
    consent_at  INTEGER,                     -- since when it may be published; null: it may not
    said_at     INTEGER NOT NULL,
    state       TEXT    NOT NULL,            -- new, read, used or closed
    answer      TEXT    NOT NULL DEFAULT '',
    answered_by TEXT    REFERENCES accounts (id) ON DELETE SET NULL,
    answered_at INTEGER
) STRICT;
-- A reader reacts once and writes once; a member reacts once to a drop.
CREATE UNIQUE INDEX voices_of_open ON voices (open_id, kind) WHERE open_id IS NOT NULL;
CREATE UNIQUE INDEX reactions_of_member ON voices (account_id, drop_id) WHERE kind = 'reaction' AND account_id IS NOT NULL;
CREATE INDEX voices_by_drop ON voices (drop_id, kind);
CREATE INDEX voices_by_account ON voices (account_id, said_at);
CREATE INDEX voices_by_link ON voices (link_id, said_at);
CREATE INDEX voices_by_time ON voices (said_at);

-- The invitation of a link's readers into the squad of who shared it.
ALTER TABLE invitations ADD COLUMN link_id INTEGER REFERENCES links (id) ON DELETE SET NULL; -- null: no link's
CREATE UNIQUE INDEX invitations_of_link ON invitations (link_id) WHERE link_id IS NOT NULL;
