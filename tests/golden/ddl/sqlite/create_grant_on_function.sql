-- grant EXECUTE on function app.touch(int, text) to gpra_app

error: grant EXECUTE on function app.touch(int, text) to gpra_app: SQLite has no grants
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
