-- People whom somebody of the brand tells of a drop themself, one by one, each
-- with a link of their own. Who they are is forgotten when it is asked for.
CREATE TABLE recipients (
    link_id    INTEGER NOT NULL PRIMARY KEY REFERENCES links (id) ON DELETE CASCADE,
    drop_id    TEXT    NOT NULL REFERENCES drops (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL,            -- empty: forgotten
    phone      TEXT    NOT NULL,            -- digits behind a plus; may be empty
    email      TEXT    NOT NULL,            -- may be empty
    state      TEXT    NOT NULL,            -- waiting, told or skipped
    settled_at INTEGER                      -- when that was last said
) STRICT;
CREATE INDEX recipients_by_drop ON recipients (drop_id, link_id);
