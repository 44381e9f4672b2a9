-- create schema reports

error: create schema reports: SQLite has no schemas
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
