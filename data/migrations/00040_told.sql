-- The mail that tells of a notice, to be taken back while it waits if the release
-- is moved meanwhile; null: none was written.
ALTER TABLE notices ADD COLUMN mail_id TEXT;

-- Which levels members have reached, ever, so that each is told once. Without a
-- level: from when on somebody was looked at; what they had by then is no news.
CREATE TABLE levels_reached (
    account_id TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    level_id   TEXT    NOT NULL,            -- empty: no level
    reached_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, level_id)
) STRICT, WITHOUT ROWID;
