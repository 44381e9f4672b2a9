-- rename index idx to Idx

DROP INDEX idx;

CREATE INDEX "Idx" ON items (a) WHERE b IS NOT NULL;
