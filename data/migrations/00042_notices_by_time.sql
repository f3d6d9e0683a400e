-- What was told is looked up by when it happened: of a month, three days matter.
CREATE INDEX notices_by_time ON notices (happened_at);
