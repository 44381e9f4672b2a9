-- create table cats

error: SQLite has no tables that inherit: cats
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
