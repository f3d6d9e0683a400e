-- How often a push was tried: each time the pause before the next is twice as long.
ALTER TABLE notices ADD COLUMN push_tries INTEGER NOT NULL DEFAULT 0;
