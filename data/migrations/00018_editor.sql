-- What somebody typed into the form of a drop and has not saved.
CREATE TABLE drafts (
    account_id TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    id         TEXT    NOT NULL,            -- the name of the form
    drop_id    TEXT    REFERENCES drops (id) ON DELETE CASCADE, -- null: it is not saved yet
    content    TEXT    NOT NULL,            -- all of the form, as browsers send it
    kept_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
) STRICT;
CREATE INDEX drafts_by_drop ON drafts (drop_id, account_id, kept_at);

-- Who has the form of a drop open, since when, and when that was last heard.
CREATE TABLE editors (
    drop_id    TEXT    NOT NULL REFERENCES drops (id) ON DELETE CASCADE,
    account_id TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    since      INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    PRIMARY KEY (drop_id, account_id)
) STRICT;

-- What a version is about, one tag a line, and which version it brings back.
ALTER TABLE drop_versions ADD COLUMN tags TEXT NOT NULL DEFAULT '';
ALTER TABLE drop_versions ADD COLUMN restores INTEGER;  -- null: it was written

-- What was done with a drop.
ALTER TABLE acts ADD COLUMN drop_id TEXT REFERENCES drops (id) ON DELETE SET NULL;
