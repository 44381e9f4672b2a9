-- drop schema reports

error: drop schema reports: SQLite has no schemas
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
