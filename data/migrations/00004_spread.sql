-- Everything here is made by the fold from opens and decisions, and can be
-- thrown away and made again.

-- How far the fold has come.
CREATE TABLE fold (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    open_id     INTEGER NOT NULL,           -- the last open that is in the numbers
    decision_id INTEGER NOT NULL,
    folded_at   INTEGER NOT NULL
) STRICT;
INSERT INTO fold (id, open_id, decision_id, folded_at) VALUES (1, 0, 0, 0);

-- Which opens a tree is made of.
CREATE TABLE trees (
    link_id INTEGER NOT NULL,
    open_id INTEGER NOT NULL,
    PRIMARY KEY (link_id, open_id)
) STRICT, WITHOUT ROWID;

-- The opens below which there are others, and what that earned them.
CREATE TABLE sharers (
    open_id   INTEGER NOT NULL PRIMARY KEY,
    parent_id INTEGER,                      -- null: the link
    state     INTEGER NOT NULL,             -- as decided last
    hop       INTEGER NOT NULL,             -- counted opens from the link down to this one
    below     INTEGER NOT NULL,             -- counted people below, up to what can earn points
    points    INTEGER NOT NULL              -- of a first-hop open: of its whole branch
) STRICT;

-- What the opens of one day brought a link.
CREATE TABLE link_days (
    day       INTEGER NOT NULL,
    link_id   INTEGER NOT NULL,
    people    INTEGER NOT NULL,
    points    INTEGER NOT NULL,
    sharers   INTEGER NOT NULL,             -- opens that had their first counted child
    first_hop INTEGER NOT NULL,
    held      INTEGER NOT NULL,             -- opens that are shown and not counted
    PRIMARY KEY (day, link_id)
) STRICT, WITHOUT ROWID;

-- The same of all days together, and what is no sum of days.
CREATE TABLE link_totals (
    link_id   INTEGER NOT NULL PRIMARY KEY,
    people    INTEGER NOT NULL,
    points    INTEGER NOT NULL,
    sharers   INTEGER NOT NULL,
    first_hop INTEGER NOT NULL,
    held      INTEGER NOT NULL,
    farthest  INTEGER NOT NULL,             -- hops
    squares   INTEGER NOT NULL,             -- sum over branches of their points squared
    first_at  INTEGER,                      -- first and last counted open
    last_at   INTEGER
) STRICT;
