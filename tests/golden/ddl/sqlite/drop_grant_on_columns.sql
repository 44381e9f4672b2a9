-- revoke UPDATE, SELECT on columns title, order of table items from gpra_app

error: revoke UPDATE, SELECT on columns title, order of table items from gpra_app: SQLite has no grants
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
