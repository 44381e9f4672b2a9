-- add check ck_tier on items

ALTER TABLE items ADD CONSTRAINT ck_tier CHECK (tier IN ('free', 'pro')) NOT VALID;
