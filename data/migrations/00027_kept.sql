-- What readers said is cut down like their visits: after that nothing tells by
-- which visit it came, nor at what hour.
ALTER TABLE voices ADD COLUMN retired INTEGER NOT NULL DEFAULT 0; -- 0: not yet; else no visit was known (1), it counted (2), or not (3)
CREATE INDEX voices_to_retire ON voices (said_at) WHERE link_id IS NOT NULL AND retired = 0;
