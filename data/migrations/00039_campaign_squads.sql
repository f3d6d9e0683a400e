-- Which squads a campaign is for; none: every squad.
CREATE TABLE campaign_squads (
    campaign_id TEXT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    squad_id    TEXT NOT NULL REFERENCES squads (id) ON DELETE CASCADE,
    PRIMARY KEY (campaign_id, squad_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_squads_by_squad ON campaign_squads (squad_id);
