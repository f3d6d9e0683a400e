-- What one ambassador shares of one drop: the root of a tree. The id goes into
-- a share token and is never used again.
CREATE TABLE links (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    drop_id     TEXT    NOT NULL REFERENCES drops (id),
    campaign_id TEXT    NOT NULL REFERENCES campaigns (id),
    account_id  TEXT    REFERENCES accounts (id) ON DELETE SET NULL,
    squad_id    TEXT    REFERENCES squads (id) ON DELETE SET NULL, -- the one it was made in
    rehearsal   INTEGER NOT NULL,           -- 1: counts on a board of its own
    made_at     INTEGER NOT NULL,
    stopped_at  INTEGER                     -- readers are told that it is no more
) STRICT;
CREATE UNIQUE INDEX links_by_account ON links (account_id, drop_id, rehearsal);
CREATE INDEX links_by_campaign ON links (campaign_id);
CREATE INDEX links_by_drop ON links (drop_id);

-- The log of confirmed opens, in order. Appended, and else only erased from.
-- An account that opened is not named: that would be a profile of a reader.
CREATE TABLE opens (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    link_id       INTEGER NOT NULL,         -- the tree; no index, the fold keeps one
    parent_id     INTEGER,                  -- the open whose token brought them; null: the link's
    branch_id     INTEGER,                  -- the first-hop open above; null: this is one
    opened_at     INTEGER NOT NULL,
    state         INTEGER NOT NULL,         -- counted (0), or why not; by what only the keys could tell
    channel       INTEGER NOT NULL,         -- of the address
    observed      INTEGER NOT NULL,         -- the app that it was seen in
    device        INTEGER NOT NULL,
    network_group INTEGER                   -- of a held open: the first open of that owner, network and day
) STRICT;

-- The keys of two days, 32 random bytes each.
CREATE TABLE day_keys (
    day INTEGER NOT NULL PRIMARY KEY,       -- UTC days since 1970
    key BLOB    NOT NULL
) STRICT;

-- Who is a repeat, who shares a network, and on which devices an owner was
-- signed in; gone after 48 hours.
CREATE TABLE keys (
    day           INTEGER NOT NULL,
    network       BLOB    NOT NULL,         -- HMAC(owner, net), 12 bytes
    visitor       BLOB    NOT NULL,         -- HMAC(link, net, User-Agent, Accept-Language), 12 bytes; of a device with the owner for the link
    open_id       INTEGER NOT NULL,         -- 0: the owner's device
    network_group INTEGER,                  -- the first open of that owner, network and day; null: this is it
    PRIMARY KEY (day, network, visitor)
) STRICT, WITHOUT ROWID;

-- The few opens that never counted by themselves, to be looked through.
CREATE INDEX opens_not_counted ON opens (link_id, id) WHERE state <> 0;

-- What somebody did that others may ask about later: to opens, to a link, to a
-- person. One row, however many opens it is about.
CREATE TABLE acts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL,
    account_id  TEXT    REFERENCES accounts (id) ON DELETE SET NULL, -- who; null: a reader, or somebody erased since
    campaign_id TEXT    REFERENCES campaigns (id),
    link_id     INTEGER,
    open_id     INTEGER,                    -- the open, the head of the branch, or the first of its network
    opens       INTEGER NOT NULL,           -- how many were decided about
    people      INTEGER NOT NULL,           -- what that added to the link's numbers, or took from them
    points      INTEGER NOT NULL,
    note        TEXT    NOT NULL,           -- why, in their own words
    acted_at    INTEGER NOT NULL,
    undone_at   INTEGER,                    -- when it was taken back, and by whom
    undone_by   TEXT    REFERENCES accounts (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX acts_by_campaign ON acts (campaign_id, id);

-- What was decided about an open after it was appended; the last word counts.
CREATE TABLE decisions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    open_id    INTEGER NOT NULL REFERENCES opens (id),
    link_id    INTEGER NOT NULL,
    state      INTEGER NOT NULL,            -- counted (0), or why not
    decided_by TEXT    REFERENCES accounts (id) ON DELETE SET NULL, -- null: a rule
    decided_at INTEGER NOT NULL,
    act_id     INTEGER REFERENCES acts (id) -- as part of which; null: a rule by itself
) STRICT;
CREATE INDEX decisions_by_open ON decisions (open_id, id);
CREATE INDEX decisions_by_link ON decisions (link_id, id);
CREATE INDEX decisions_by_act ON decisions (act_id) WHERE act_id IS NOT NULL;

-- Fetches that made no open, shares that were begun, and unconfirmed visits,
-- added up. May lose a second in a crash; never ranked.
CREATE TABLE tallies (
    link_id INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    rule    TEXT    NOT NULL,
    count   INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (link_id, day, kind, channel, rule)
) STRICT, WITHOUT ROWID;

-- How far the opens older than 90 days have been cut down to what may be kept.
CREATE TABLE retirement (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    open_id INTEGER NOT NULL
) STRICT;
INSERT INTO retirement (id, open_id) VALUES (1, 0);
