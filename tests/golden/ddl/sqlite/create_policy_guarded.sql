-- create policy owner on items

error: create policy owner on items: SQLite has no policies
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
