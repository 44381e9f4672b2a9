-- add check ck_tier on items

error: SQLite has no NOT VALID
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
