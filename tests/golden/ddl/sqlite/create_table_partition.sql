-- create table app.events_2026

error: SQLite has no partitions: table app.events_2026
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
