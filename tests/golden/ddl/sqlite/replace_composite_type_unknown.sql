-- replace composite type pair

error: replace composite type pair: SQLite has no composite types
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
