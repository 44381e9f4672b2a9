-- create unique index idx on items

CREATE UNIQUE INDEX IF NOT EXISTS idx ON items (a);
