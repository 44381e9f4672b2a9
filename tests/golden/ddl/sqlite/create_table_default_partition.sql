-- create table rest

error: SQLite has no partitions: table rest
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
