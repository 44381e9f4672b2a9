-- rename table items to things

ALTER TABLE IF EXISTS items RENAME TO things;
