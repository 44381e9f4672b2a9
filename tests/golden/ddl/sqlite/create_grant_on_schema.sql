-- grant USAGE, CREATE on schema reports to gpra_app

error: grant USAGE, CREATE on schema reports to gpra_app: SQLite has no grants
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
