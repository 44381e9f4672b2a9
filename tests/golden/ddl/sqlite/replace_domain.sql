-- replace domain app.email

error: replace domain app.email: SQLite has no domains
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
