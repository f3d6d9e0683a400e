-- Where somebody chose to hear of something, or not to. Without a row it is as
-- the kind says.
CREATE TABLE notice_choices (
    account_id TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind       TEXT    NOT NULL,            -- opened, shareable, first or digest
    way        TEXT    NOT NULL,            -- mail or push
    wanted     INTEGER NOT NULL,
    PRIMARY KEY (account_id, kind, way)
) STRICT, WITHOUT ROWID;

-- Hours of the day, in the brand's time zone, between which nothing is sent;
-- the same twice: at any time.
ALTER TABLE accounts ADD COLUMN quiet_from INTEGER NOT NULL DEFAULT 21;
ALTER TABLE accounts ADD COLUMN quiet_until INTEGER NOT NULL DEFAULT 8;
ALTER TABLE accounts ADD COLUMN push_often INTEGER NOT NULL DEFAULT 0; -- 1: more than one a day

-- What there is to tell somebody, once, and what became of that.
CREATE TABLE notices (
    account_id    TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind          TEXT    NOT NULL,
    about         TEXT    NOT NULL,         -- a drop, a link or a week
    happened_at   INTEGER NOT NULL,
    mail_done     INTEGER NOT NULL DEFAULT 0, -- 1: written, or not wanted
    push_done     INTEGER NOT NULL DEFAULT 0, -- 1: sent, or not wanted
    pushed_at     INTEGER,
    claimed_until INTEGER,                  -- a server is sending the push
    PRIMARY KEY (account_id, kind, about)
) STRICT, WITHOUT ROWID;
CREATE INDEX notices_waiting ON notices (happened_at) WHERE mail_done = 0 OR push_done = 0;

-- Browsers that may be sent pushes, as long as somebody is signed in there.
CREATE TABLE push_subscriptions (
    session_hash BLOB    NOT NULL PRIMARY KEY REFERENCES login_sessions (id_hash) ON DELETE CASCADE,
    account_id   TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    endpoint     TEXT    NOT NULL UNIQUE,
    p256dh       TEXT    NOT NULL,
    auth         TEXT    NOT NULL,
    made_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX push_subscriptions_by_account ON push_subscriptions (account_id);
