-- Invitations that members give themselves, numbered: how many each member of a
-- squad has, and which of theirs one is.
ALTER TABLE squads ADD COLUMN gives INTEGER NOT NULL DEFAULT 0;      -- 0: members give none
ALTER TABLE invitations ADD COLUMN number INTEGER;                   -- from 1; null: no member's own
CREATE UNIQUE INDEX invitations_given ON invitations (squad_id, made_by, number) WHERE number IS NOT NULL;

-- By whose invitation a member came: one level deep, and no further.
ALTER TABLE members ADD COLUMN invited_by TEXT REFERENCES accounts (id) ON DELETE SET NULL;
ALTER TABLE members ADD COLUMN came_by TEXT;                         -- the code; null: none, or nobody knows any more
CREATE INDEX members_by_inviter ON members (invited_by) WHERE invited_by IS NOT NULL;
