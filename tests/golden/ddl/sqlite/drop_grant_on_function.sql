-- revoke EXECUTE on function app.touch(int, text) from gpra_app

error: revoke EXECUTE on function app.touch(int, text) from gpra_app: SQLite has no grants
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
