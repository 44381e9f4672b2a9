-- grant USAGE on sequence numbers to Odd one

error: grant USAGE on sequence numbers to Odd one: SQLite has no grants
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
