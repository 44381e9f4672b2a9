-- create table events

error: SQLite has no partitioned tables: events
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
