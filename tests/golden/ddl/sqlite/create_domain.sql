-- create domain app.email

error: create domain app.email: SQLite has no domains
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
