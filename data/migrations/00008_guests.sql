-- An invitation for one person, sent by mail. The columns are empty for one
-- that anybody may use who has the link.
ALTER TABLE invitations ADD COLUMN email TEXT NOT NULL DEFAULT '';   -- lower case
ALTER TABLE invitations ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE invitations ADD COLUMN language TEXT NOT NULL DEFAULT ''; -- of the mail
ALTER TABLE invitations ADD COLUMN mail_id TEXT;                      -- the last mail with it, as long as it is kept
CREATE INDEX invitations_by_email ON invitations (email) WHERE email <> '';
