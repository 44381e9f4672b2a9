-- add column items.created_via

ALTER TABLE items ADD COLUMN created_via VARCHAR(50) DEFAULT 'manual' NOT NULL;
