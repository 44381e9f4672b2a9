-- drop index idx

-- outside a transaction
DROP INDEX CONCURRENTLY IF EXISTS idx;
