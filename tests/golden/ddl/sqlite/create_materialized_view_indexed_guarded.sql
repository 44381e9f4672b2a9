-- create materialised view v

error: create materialised view v: SQLite has no materialised views
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
