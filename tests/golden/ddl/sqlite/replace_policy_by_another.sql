-- replace policy owner on items

error: replace policy owner on items: SQLite has no policies
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
