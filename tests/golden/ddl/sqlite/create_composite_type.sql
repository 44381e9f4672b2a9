-- create composite type address

error: create composite type address: SQLite has no composite types
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
