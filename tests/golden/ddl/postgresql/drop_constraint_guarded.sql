-- drop constraint uq on items

ALTER TABLE items DROP CONSTRAINT IF EXISTS uq CASCADE;
