-- rename index idx to idx_2

DROP INDEX idx;

CREATE INDEX idx_2 ON items (a) WHERE b IS NOT NULL;
