-- replace grant on table app.items to gpra_app

error: replace grant on table app.items to gpra_app: SQLite has no grants
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
