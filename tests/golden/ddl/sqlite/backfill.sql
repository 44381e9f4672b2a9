-- backfill items: set a = 'it''s' where a IS NULL

-- backfill items: set a = 'it''s' where a IS NULL
UPDATE items SET a = 'it''s' WHERE a IS NULL;
