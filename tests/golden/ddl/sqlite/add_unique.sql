-- add unique constraint uq on items

error: SQLite has no NULLS NOT DISTINCT
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
