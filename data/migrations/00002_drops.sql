-- A goal with dates; holds drops.
CREATE TABLE campaigns (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    goal       TEXT    NOT NULL,
    starts_at  INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    most       INTEGER NOT NULL,            -- points that one person can be worth, 1 to 10
    created_at INTEGER NOT NULL
) STRICT;

-- A piece of early-access content. What it says is in its versions.
CREATE TABLE drops (
    id          TEXT    NOT NULL PRIMARY KEY,
    campaign_id TEXT    NOT NULL REFERENCES campaigns (id),
    language    TEXT    NOT NULL,
    version     INTEGER NOT NULL,           -- the one that is shown
    public_at   INTEGER,                    -- null: not by itself
    created_by  TEXT    REFERENCES accounts (id) ON DELETE SET NULL,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX drops_by_campaign ON drops (campaign_id, created_at);

-- What a drop said, and since when.
CREATE TABLE drop_versions (
    drop_id    TEXT    NOT NULL REFERENCES drops (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    title      TEXT    NOT NULL,
    teaser     TEXT    NOT NULL,
    body       TEXT    NOT NULL,            -- Markdown
    html       TEXT    NOT NULL,            -- of the body, safe
    caption    TEXT    NOT NULL,            -- the ready-made message
    action     TEXT    NOT NULL,            -- label of the call to action
    action_url TEXT    NOT NULL,
    saved_by   TEXT    REFERENCES accounts (id) ON DELETE SET NULL,
    saved_at   INTEGER NOT NULL,
    PRIMARY KEY (drop_id, number)
) STRICT;

-- The release: when each audience may read a drop, and when share it.
CREATE TABLE release_steps (
    drop_id      TEXT    NOT NULL REFERENCES drops (id) ON DELETE CASCADE,
    squad_id     TEXT    NOT NULL REFERENCES squads (id) ON DELETE CASCADE,
    opens_at     INTEGER NOT NULL,
    shareable_at INTEGER NOT NULL,
    PRIMARY KEY (drop_id, squad_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX release_steps_by_squad ON release_steps (squad_id, opens_at);

-- Goes up with every change of what readers are shown, so that a server knows
-- that what it remembers still holds.
CREATE TABLE editions (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL
) STRICT;
INSERT INTO editions (id, number) VALUES (1, 1);
