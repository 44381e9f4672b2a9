-- revoke USAGE on sequence numbers from Odd one

error: revoke USAGE on sequence numbers from Odd one: SQLite has no grants
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
