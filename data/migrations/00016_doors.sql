-- What somebody did to a member, and in which squad.
ALTER TABLE acts ADD COLUMN member_id TEXT REFERENCES accounts (id) ON DELETE SET NULL;
ALTER TABLE acts ADD COLUMN squad_id TEXT REFERENCES squads (id) ON DELETE SET NULL;

-- Who hears by mail that people want into a squad.
ALTER TABLE accounts ADD COLUMN news_off INTEGER NOT NULL DEFAULT 0; -- 1: not this person
ALTER TABLE accounts ADD COLUMN news_at INTEGER;                     -- when they were written to last

-- The password of the mail server, sealed. One that stands there in clear is
-- sealed when a server starts.
ALTER TABLE mail_passwords ADD COLUMN sealed BLOB;

-- Where a squad talks already: an address a line, with words before it or none.
ALTER TABLE squads ADD COLUMN group_links TEXT NOT NULL DEFAULT '';

-- The code of the door by which members come to a drop; made when a server
-- starts for drops that have none. And how often readers may pass it on.
ALTER TABLE drops ADD COLUMN door TEXT;
ALTER TABLE drops ADD COLUMN hops INTEGER;                           -- null: as often as they like
CREATE UNIQUE INDEX drops_by_door ON drops (door) WHERE door IS NOT NULL;

-- What the brand itself shares is nobody's link, and has a name.
ALTER TABLE links ADD COLUMN house TEXT NOT NULL DEFAULT '';         -- empty: a member's
CREATE INDEX links_of_house ON links (campaign_id, drop_id) WHERE house <> '';
