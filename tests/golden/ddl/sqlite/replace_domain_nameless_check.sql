-- replace domain amount

error: replace domain amount: SQLite has no domains
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
