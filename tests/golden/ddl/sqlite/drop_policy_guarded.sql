-- drop policy owner on items

error: drop policy owner on items: SQLite has no policies
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
