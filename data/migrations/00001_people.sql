-- The one organisation that this installation serves.
CREATE TABLE brand (
    id         INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    name       TEXT    NOT NULL,
    language   TEXT    NOT NULL,            -- of what the brand writes
    url        TEXT    NOT NULL,            -- public address, without a slash at the end
    time_zone  TEXT    NOT NULL,
    label      TEXT    NOT NULL,            -- disclosure on every reader page
    founded_at INTEGER NOT NULL
) STRICT;

-- Secrets that every server of the installation shares.
CREATE TABLE secrets (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

-- Who can sign in.
CREATE TABLE accounts (
    id           TEXT    NOT NULL PRIMARY KEY,
    email        TEXT    NOT NULL UNIQUE,   -- lower case
    name         TEXT    NOT NULL,
    role         TEXT    NOT NULL,          -- owner, manager or ambassador
    language     TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    suspended_at INTEGER
) STRICT;

-- A signed-in browser. The cookie holds the id, the row only its hash.
CREATE TABLE login_sessions (
    id_hash    BLOB    NOT NULL PRIMARY KEY,
    account_id TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    device     TEXT    NOT NULL,            -- "Firefox · Linux", for the person's own list
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX login_sessions_by_account ON login_sessions (account_id);

-- A sign-in that was asked for by e-mail and not yet done.
CREATE TABLE sign_ins (
    link_hash    BLOB    NOT NULL PRIMARY KEY,  -- of the secret in the mailed link
    code_hash    BLOB    NOT NULL,              -- of that cookie and the six digits
    browser_hash BLOB    NOT NULL,              -- of the cookie of the browser that asked
    email        TEXT    NOT NULL,
    invitation   TEXT,                          -- the code it goes on to
    tries        INTEGER NOT NULL DEFAULT 0,
    asked_at     INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL,
    used_at      INTEGER
) STRICT;
CREATE INDEX sign_ins_by_browser ON sign_ins (browser_hash);
CREATE INDEX sign_ins_by_email ON sign_ins (email, asked_at);

-- The outbox: one row a recipient.
CREATE TABLE mails (
    id         TEXT    NOT NULL PRIMARY KEY,
    recipient  TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    written_at INTEGER NOT NULL,
    forget_at  INTEGER,                     -- when the body is blanked, for it holds a secret; null: never
    state      TEXT    NOT NULL             -- waiting, sent, failed or over (blanked while it waited)
) STRICT;
CREATE INDEX mails_by_time ON mails (written_at);
CREATE INDEX mails_to_forget ON mails (forget_at) WHERE forget_at IS NOT NULL;

-- A private group of ambassadors.
CREATE TABLE squads (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    city       TEXT    NOT NULL,
    about      TEXT    NOT NULL,
    capacity   INTEGER NOT NULL,            -- 0 is no limit
    captain_id TEXT    REFERENCES accounts (id) ON DELETE SET NULL,
    founded_at INTEGER NOT NULL
) STRICT;

-- Who is in which squad.
CREATE TABLE members (
    squad_id   TEXT    NOT NULL REFERENCES squads (id) ON DELETE CASCADE,
    account_id TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    joined_at  INTEGER NOT NULL,
    PRIMARY KEY (squad_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_account ON members (account_id);

-- A code that lands its bearer in a squad. Kept in clear: it must be shown again.
CREATE TABLE invitations (
    code       TEXT    NOT NULL PRIMARY KEY,
    squad_id   TEXT    NOT NULL REFERENCES squads (id) ON DELETE CASCADE,
    made_by    TEXT    REFERENCES accounts (id) ON DELETE SET NULL,
    cap        INTEGER NOT NULL,            -- how many may use it; 0 is no limit
    used       INTEGER NOT NULL DEFAULT 0,
    made_at    INTEGER NOT NULL,
    ends_at    INTEGER,                     -- null never
    revoked_at INTEGER
) STRICT;
CREATE INDEX invitations_by_squad ON invitations (squad_id, made_at);
