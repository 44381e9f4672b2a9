-- add unique constraint uq on items

ALTER TABLE items ADD CONSTRAINT uq UNIQUE NULLS NOT DISTINCT (a, b);
