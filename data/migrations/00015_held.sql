-- The links below which something is not counted, to be looked through for what
-- waits for a judgement: of very many links they are few.
CREATE INDEX link_totals_held ON link_totals (link_id) WHERE held > 0;
