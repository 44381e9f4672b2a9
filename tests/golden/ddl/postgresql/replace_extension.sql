-- replace extension pg_trgm

ALTER EXTENSION pg_trgm UPDATE TO '1.6';

ALTER EXTENSION pg_trgm SET SCHEMA tools;
