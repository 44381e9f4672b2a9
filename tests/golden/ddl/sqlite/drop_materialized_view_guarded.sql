-- drop materialised view reports.totals

error: drop materialised view reports.totals: SQLite has no materialised views
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
