-- A captain's moment in person: for half an hour, people in one room who cannot
-- be told apart count one by one, up to as many as were stated.
CREATE TABLE moments (
    id        TEXT    NOT NULL PRIMARY KEY,
    link_id   INTEGER NOT NULL REFERENCES links (id), -- that is scanned
    squad_id  TEXT    REFERENCES squads (id) ON DELETE SET NULL,
    opened_by TEXT    REFERENCES accounts (id) ON DELETE SET NULL,
    heads     INTEGER NOT NULL,             -- how many people were said to be there
    people    INTEGER NOT NULL,             -- opens that came by it and counted
    alike     INTEGER NOT NULL,             -- of these, those that counted by the moment alone
    beyond    INTEGER NOT NULL,             -- opens at the same place that were more than that
    opened_at INTEGER NOT NULL,
    ends_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX moments_by_link ON moments (link_id, ends_at);
CREATE INDEX moments_by_squad ON moments (squad_id, opened_at);

-- The opens that came by a moment and counted, for 90 days.
CREATE TABLE moment_opens (
    open_id   INTEGER NOT NULL PRIMARY KEY,
    moment_id TEXT    NOT NULL REFERENCES moments (id) ON DELETE CASCADE,
    alike     INTEGER NOT NULL              -- 1: it counts by the moment alone
) STRICT;
CREATE INDEX moment_opens_by_moment ON moment_opens (moment_id);
