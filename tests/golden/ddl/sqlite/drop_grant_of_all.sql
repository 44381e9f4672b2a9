-- revoke ALL on table items from PUBLIC

error: revoke ALL on table items from PUBLIC: SQLite has no grants
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
