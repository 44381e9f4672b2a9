-- drop index idx

DROP INDEX IF EXISTS idx;
