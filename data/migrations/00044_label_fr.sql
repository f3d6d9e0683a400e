-- What stands on drops in French instead of the disclosure; empty: the same as on drops in English.
ALTER TABLE brand ADD COLUMN label_fr TEXT NOT NULL DEFAULT '';
