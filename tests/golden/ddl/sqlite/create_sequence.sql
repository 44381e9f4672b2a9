-- create sequence numbers

error: create sequence numbers: SQLite has no sequences
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
