-- rename index idx to idx_2

ALTER INDEX IF EXISTS idx RENAME TO idx_2;
