-- validate constraint ck_tier on items

ALTER TABLE items VALIDATE CONSTRAINT ck_tier;
