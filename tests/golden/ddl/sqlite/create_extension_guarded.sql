-- create extension pg_trgm

error: create extension pg_trgm: SQLite has no extensions
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
