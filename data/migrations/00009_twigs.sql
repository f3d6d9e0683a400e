-- The youngest opens of a tree stand in the row of its link's totals, which is
-- written for each of them anyway, and go to trees many together. The fold makes
-- all its tables again.
DELETE FROM trees;
DELETE FROM sharers;
DELETE FROM hands;
DELETE FROM link_days;
DELETE FROM link_totals;
UPDATE fold SET open_id = 0, decision_id = 0, folded_at = 0 WHERE id = 1;

-- Each as the varint of how much larger its id is than the one before.
ALTER TABLE link_totals ADD COLUMN twigs BLOB;
