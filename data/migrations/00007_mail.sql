-- How mails leave. Without the row they stay in the outbox.
CREATE TABLE mail_server (
    id             INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    host           TEXT    NOT NULL,
    port           INTEGER NOT NULL,
    security       TEXT    NOT NULL,        -- starttls, tls or none
    username       TEXT    NOT NULL,        -- empty: the server asks for none
    sender_name    TEXT    NOT NULL,
    sender_address TEXT    NOT NULL,
    changed_at     INTEGER NOT NULL
) STRICT;

-- The password of the mail server, apart from the rest: backups leave it out.
CREATE TABLE mail_passwords (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    password TEXT    NOT NULL
) STRICT;

-- Addresses that are not written to unasked: their server refused our mails,
-- or the person does not want any.
CREATE TABLE mail_stops (
    address    TEXT    NOT NULL PRIMARY KEY, -- lower case
    refusals   INTEGER NOT NULL,             -- one after the other
    unwanted   INTEGER NOT NULL,             -- 1: the person said so
    stopped_at INTEGER                       -- null: refused, but not often enough
) STRICT;

ALTER TABLE mails ADD COLUMN kind TEXT NOT NULL DEFAULT '';          -- signin, invitation …
ALTER TABLE mails ADD COLUMN html TEXT NOT NULL DEFAULT '';          -- the same once more; may be empty
ALTER TABLE mails ADD COLUMN unsubscribe TEXT NOT NULL DEFAULT '';   -- address for List-Unsubscribe
ALTER TABLE mails ADD COLUMN message_id TEXT NOT NULL DEFAULT '';    -- the same at every try
ALTER TABLE mails ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mails ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0;     -- of the next try
ALTER TABLE mails ADD COLUMN reason TEXT NOT NULL DEFAULT '';        -- why the last try failed
ALTER TABLE mails ADD COLUMN reply TEXT NOT NULL DEFAULT '';         -- what the mail server said then
ALTER TABLE mails ADD COLUMN claim TEXT NOT NULL DEFAULT '';         -- of the server that is sending it
ALTER TABLE mails ADD COLUMN claimed_until INTEGER;
ALTER TABLE mails ADD COLUMN handed_at INTEGER;                      -- from here on it may have arrived
ALTER TABLE mails ADD COLUMN ended_at INTEGER;                       -- when it was sent or given up
CREATE INDEX mails_waiting ON mails (next_at) WHERE state = 'waiting';
CREATE INDEX mails_sending ON mails (claimed_until) WHERE state = 'sending';
CREATE INDEX mails_by_state ON mails (state, written_at);
