-- drop index idx

DROP INDEX idx;
