-- create domain amount

error: create domain amount: SQLite has no domains
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
