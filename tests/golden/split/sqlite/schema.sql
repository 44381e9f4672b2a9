PRAGMA foreign_keys = OFF;
CREATE TABLE items (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL DEFAULT 'a;b' CHECK (title <> ';'),
  total INTEGER GENERATED ALWAYS AS (id * 2) STORED
) STRICT;
CREATE UNIQUE INDEX items_title ON items (lower(title)) WHERE title IS NOT NULL;
INSERT INTO items (title) VALUES ('x'), ('y;z');
CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n;
ALTER TABLE items RENAME COLUMN title TO name;
-- SQLite ends a statement inside parentheses, too
SELECT (1;
SELECT 2);
