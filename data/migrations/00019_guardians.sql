-- The mail that asks a guardian, as long as it is kept, and when they said no:
-- then the address is gone, and only that somebody has to agree is kept.
ALTER TABLE ages ADD COLUMN mail_id TEXT;
ALTER TABLE ages ADD COLUMN refused_at INTEGER;
UPDATE ages SET mail_id = (SELECT min(m.id) FROM mails m
    WHERE m.kind = 'guardian' AND m.recipient = ages.guardian AND m.written_at = ages.said_at);

-- That a guardian was asked, for a day, so that nobody is asked over and over,
-- nor very many by one person. Both are known by a keyed hash of their address.
CREATE TABLE guardian_asks (
    guardian TEXT    NOT NULL,
    asker    TEXT    NOT NULL,
    asked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX guardian_asks_by_time ON guardian_asks (asked_at);
