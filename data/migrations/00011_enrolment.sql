-- What a squad asks of those who want in, and when it meets.
ALTER TABLE squads ADD COLUMN agenda TEXT NOT NULL DEFAULT '';       -- one line
ALTER TABLE squads ADD COLUMN approval INTEGER NOT NULL DEFAULT 0;   -- 1: who has a link applies
ALTER TABLE squads ADD COLUMN questions TEXT NOT NULL DEFAULT '';    -- of applicants, one a line

-- A member who has a break keeps the seat and sees nothing.
ALTER TABLE members ADD COLUMN paused_at INTEGER;
ALTER TABLE members ADD COLUMN own_pause INTEGER NOT NULL DEFAULT 0; -- 1: it is theirs to end

-- Who is asked for their age, and what for.
ALTER TABLE brand ADD COLUMN ages TEXT NOT NULL DEFAULT '';          -- '' nobody is asked, adults or guardian

-- The age that a person said, as a band, and who agrees for them.
CREATE TABLE ages (
    account_id TEXT    NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    band       TEXT    NOT NULL,            -- adult or minor
    guardian   TEXT    NOT NULL,            -- e-mail address; empty for adults
    code       TEXT    UNIQUE,              -- of the mail to the guardian; null for adults
    said_at    INTEGER NOT NULL,
    agreed_at  INTEGER                      -- when the guardian did
) STRICT;

-- Somebody who wants into a squad and is not in it by an invitation alone.
CREATE TABLE applications (
    id         TEXT    NOT NULL PRIMARY KEY,
    squad_id   TEXT    NOT NULL REFERENCES squads (id) ON DELETE CASCADE,
    account_id TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    code       TEXT    NOT NULL,            -- of the invitation
    invited    INTEGER NOT NULL,            -- 1: they in person, so nobody decides
    answers    TEXT    NOT NULL,            -- JSON, with the questions as they were asked
    state      TEXT    NOT NULL,            -- guardian, asked, waiting, joined, declined or withdrawn
    asked_at   INTEGER NOT NULL,
    waits_from INTEGER,                     -- place in the line for a seat
    decided_by TEXT    REFERENCES accounts (id) ON DELETE SET NULL,
    decided_at INTEGER,
    reason     TEXT    NOT NULL DEFAULT '',
    UNIQUE (squad_id, account_id)
) STRICT;
CREATE INDEX applications_by_account ON applications (account_id);
CREATE INDEX applications_by_state ON applications (squad_id, state, waits_from);
