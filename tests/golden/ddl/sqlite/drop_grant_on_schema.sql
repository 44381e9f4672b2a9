-- revoke USAGE, CREATE on schema reports from gpra_app

error: revoke USAGE, CREATE on schema reports from gpra_app: SQLite has no grants
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
