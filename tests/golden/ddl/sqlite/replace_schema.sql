-- replace schema reports

error: replace schema reports: SQLite has no schemas
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
