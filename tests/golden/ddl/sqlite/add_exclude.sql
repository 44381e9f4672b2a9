-- add exclude constraint no_overlap on bookings

error: SQLite has no exclude constraints
hint: say .on = "postgresql" of an operation that is meant for PostgreSQL alone
