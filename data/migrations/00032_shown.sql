-- How other members see somebody: squad (by name in their own squads, by initials
-- on leaderboards), name, initials or hidden.
ALTER TABLE accounts ADD COLUMN shown TEXT NOT NULL DEFAULT 'squad';
