-- How many people there are at each hop from the second on; hop_8 has all
-- beyond as well. At the first there are first_hop.
ALTER TABLE link_totals ADD COLUMN hop_2 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE link_totals ADD COLUMN hop_3 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE link_totals ADD COLUMN hop_4 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE link_totals ADD COLUMN hop_5 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE link_totals ADD COLUMN hop_6 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE link_totals ADD COLUMN hop_7 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE link_totals ADD COLUMN hop_8 INTEGER NOT NULL DEFAULT 0;

-- What was folded without them is folded again.
DELETE FROM trees;
DELETE FROM sharers;
DELETE FROM link_days;
DELETE FROM link_totals;
UPDATE fold SET open_id = 0, decision_id = 0, folded_at = 0 WHERE id = 1;
