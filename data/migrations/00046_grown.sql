-- Members who were 16 or 17 say that they are 18 now, which counts once somebody
-- at the brand confirms it.
ALTER TABLE ages ADD COLUMN grown_at INTEGER;                     -- said, and nobody has decided
ALTER TABLE ages ADD COLUMN grown_declined_at INTEGER;            -- when that was declined last, and why
ALTER TABLE ages ADD COLUMN grown_reason TEXT NOT NULL DEFAULT '';

-- When a guardian took back what they had agreed to.
ALTER TABLE ages ADD COLUMN withdrawn_at INTEGER;
