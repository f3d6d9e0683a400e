-- By which clock a member lives, as in the tz database; empty: by the brand's.
-- Their quiet hours, their week and the times that they read are in it.
ALTER TABLE accounts ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';
