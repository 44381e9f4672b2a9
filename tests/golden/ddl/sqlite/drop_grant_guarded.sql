-- revoke SELECT, insert on table app.items from gpra_app

error: revoke SELECT, insert on table app.items from gpra_app: SQLite has no grants
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
