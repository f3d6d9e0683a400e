-- What a member says of a drop in words of their own, without the link and the
-- label, to be found again the next time.
CREATE TABLE own_words (
    account_id TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    drop_id    TEXT    NOT NULL REFERENCES drops (id) ON DELETE CASCADE,
    words      TEXT    NOT NULL,
    kept_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, drop_id)
) STRICT, WITHOUT ROWID;

-- A member's note to themself: which of their circles they have told.
CREATE TABLE circles_told (
    account_id TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    drop_id    TEXT    NOT NULL REFERENCES drops (id) ON DELETE CASCADE,
    circle     TEXT    NOT NULL,            -- friends, family, team or colleagues
    told_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, drop_id, circle)
) STRICT, WITHOUT ROWID;

-- Whether readers are told who shared.
ALTER TABLE accounts ADD COLUMN named INTEGER NOT NULL DEFAULT 0;    -- 1: by their first name

-- Which channels members are offered, in which order, by their names with
-- commas between; empty: the house's own choice.
ALTER TABLE brand ADD COLUMN channels TEXT NOT NULL DEFAULT '';
