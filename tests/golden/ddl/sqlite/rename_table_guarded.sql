-- rename table items to things

ALTER TABLE items RENAME TO things;
