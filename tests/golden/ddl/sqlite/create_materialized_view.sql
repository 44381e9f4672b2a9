-- create materialised view reports.totals

error: create materialised view reports.totals: SQLite has no materialised views
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
