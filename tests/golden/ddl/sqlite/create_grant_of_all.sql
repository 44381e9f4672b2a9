-- grant ALL on table items to PUBLIC

error: grant ALL on table items to PUBLIC: SQLite has no grants
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
