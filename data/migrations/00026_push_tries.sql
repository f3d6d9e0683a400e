-- How often a push was tried: each time the pause before the next is twice as long.
ALTER TABLE notices ADD COLUMN push_tries INTEGER NOT NULL DEFAULT 0;
-- When a mail was written; null: not yet, or not wanted.
ALTER TABLE notices ADD COLUMN mailed_at INTEGER;
