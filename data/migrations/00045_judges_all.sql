-- Whether every group of held opens of a campaign waits for a person, also small ones that would clear by themselves.
ALTER TABLE campaigns ADD COLUMN judges_all INTEGER NOT NULL DEFAULT 0;
