-- create function touch()

error: create function touch(): SQLite has no functions of its own
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
