-- create unique index idx on items

-- outside a transaction
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS idx ON items (a);
