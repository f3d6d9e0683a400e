-- Which members have looked at which drops for a second, and when first: whoever
-- leads their squad sees who has not yet.
CREATE TABLE reads (
    account_id TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    drop_id    TEXT    NOT NULL REFERENCES drops (id) ON DELETE CASCADE,
    read_at    INTEGER NOT NULL,
    PRIMARY KEY (account_id, drop_id)
) STRICT, WITHOUT ROWID;
