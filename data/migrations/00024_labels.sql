-- What a campaign says instead of the brand's disclosure, on drops in one language.
CREATE TABLE campaign_labels (
    campaign_id TEXT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    language    TEXT NOT NULL,
    label       TEXT NOT NULL,
    PRIMARY KEY (campaign_id, language)
) STRICT, WITHOUT ROWID;
