-- The one ladder of levels, from the lowest. Who has reached all that a level
-- asks for has reached it; that is computed from the scores that stand.
CREATE TABLE levels (
    id     TEXT    NOT NULL PRIMARY KEY,
    place  INTEGER NOT NULL,                -- on the ladder, from 1
    name   TEXT    NOT NULL,
    score  INTEGER NOT NULL,
    people INTEGER NOT NULL,                -- reached
    months INTEGER NOT NULL                 -- since the member came
) STRICT;

-- What members can get.
CREATE TABLE rewards (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    about      TEXT    NOT NULL,
    level_id   TEXT    REFERENCES levels (id), -- from which on; null: for every member
    stock      INTEGER NOT NULL,            -- how many there ever were; of codes, the codes count
    per_person INTEGER NOT NULL,
    sizes      TEXT    NOT NULL,            -- to choose from, one a line; empty: there is one
    address    INTEGER NOT NULL,            -- 1: it is sent by post
    codes      INTEGER NOT NULL,            -- 1: it is a code from a batch
    at_once    INTEGER NOT NULL,            -- 1: the code is given when it is asked for
    made_at    INTEGER NOT NULL,
    ended_at   INTEGER                      -- since when it is not offered any more
) STRICT;

-- What somebody earned and asked for, and what became of that. One that was
-- sent stays when its person is erased: the stock does not come back.
CREATE TABLE claims (
    id         TEXT    NOT NULL PRIMARY KEY,
    reward_id  TEXT    NOT NULL REFERENCES rewards (id),
    account_id TEXT    REFERENCES accounts (id) ON DELETE SET NULL,
    state      TEXT    NOT NULL,            -- earned, approved, sent, declined or withdrawn
    size       TEXT    NOT NULL,
    address    TEXT    NOT NULL,            -- empty again 30 days after it was sent
    asked_at   INTEGER NOT NULL,
    decided_by TEXT    REFERENCES accounts (id) ON DELETE SET NULL,
    decided_at INTEGER,                     -- when it was approved or declined
    sent_at    INTEGER,
    reason     TEXT    NOT NULL DEFAULT ''  -- why it was declined
) STRICT;
CREATE INDEX claims_by_reward ON claims (reward_id, state);
CREATE INDEX claims_by_account ON claims (account_id, asked_at);
CREATE INDEX claims_with_address ON claims (sent_at) WHERE address <> '';

-- Codes to hand out, each to one claim.
CREATE TABLE reward_codes (
    reward_id TEXT    NOT NULL REFERENCES rewards (id) ON DELETE CASCADE,
    code      TEXT    NOT NULL,
    added_at  INTEGER NOT NULL,
    given_at  INTEGER,                      -- null: it is there to be given
    claim_id  TEXT    UNIQUE REFERENCES claims (id),
    PRIMARY KEY (reward_id, code)
) STRICT, WITHOUT ROWID;

-- A line of thanks to a member, from somebody with a name.
CREATE TABLE thanks (
    id         TEXT    NOT NULL PRIMARY KEY,
    account_id TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    from_id    TEXT    REFERENCES accounts (id) ON DELETE SET NULL,
    words      TEXT    NOT NULL,
    said_at    INTEGER NOT NULL,
    seen_at    INTEGER                      -- when they put it away
) STRICT;
CREATE INDEX thanks_by_account ON thanks (account_id, said_at);

-- Who has put away the moment of their first ricochet, once in a life.
CREATE TABLE first_ricochets (
    account_id TEXT    NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    seen_at    INTEGER NOT NULL
) STRICT;
