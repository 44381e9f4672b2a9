-- enable and force row security of items

error: enable and force row security of items: SQLite has no row-level security
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
