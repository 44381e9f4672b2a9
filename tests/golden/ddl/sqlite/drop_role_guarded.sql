-- drop role gpra_app

error: drop role gpra_app: SQLite has no roles
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
