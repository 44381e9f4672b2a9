-- rename index idx to Idx

ALTER INDEX idx RENAME TO "Idx";
