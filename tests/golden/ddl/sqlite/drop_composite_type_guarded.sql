-- drop composite type address

error: drop composite type address: SQLite has no composite types
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
