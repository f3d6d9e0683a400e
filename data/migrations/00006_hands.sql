-- The fold finds the children of an open, so that a decision need not go
-- through its whole tree. It makes all its tables again.
DELETE FROM trees;
DELETE FROM link_days;
DELETE FROM link_totals;
UPDATE fold SET open_id = 0, decision_id = 0, folded_at = 0 WHERE id = 1;

-- The opens below which there are others, and what that earned them.
DROP TABLE sharers;
CREATE TABLE sharers (
    open_id   INTEGER NOT NULL PRIMARY KEY,
    parent_id INTEGER,                      -- null: the link
    state     INTEGER NOT NULL,             -- as decided last
    hop       INTEGER NOT NULL,             -- counted opens from the link down to this one
    below     INTEGER NOT NULL,             -- counted people below, up to what can earn points
    points    INTEGER NOT NULL,             -- of a first-hop open: of its whole branch
    kids      BLOB    NOT NULL              -- its first children, each as the varint of how much larger its id is
) STRICT;

-- The children of an open that its row in sharers has no room for.
CREATE TABLE hands (
    parent_id INTEGER NOT NULL,
    open_id   INTEGER NOT NULL,
    PRIMARY KEY (parent_id, open_id)
) STRICT, WITHOUT ROWID;
