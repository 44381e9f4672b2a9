-- drop procedure tidy(tenant integer, text)

error: drop procedure tidy(tenant integer, text): SQLite has no functions of its own
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
