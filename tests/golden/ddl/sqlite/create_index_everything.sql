-- create index idx on app.items

error: SQLite has no INCLUDE in an index
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
