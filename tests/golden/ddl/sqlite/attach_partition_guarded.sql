-- attach partition app.Rest to app.events

error: SQLite has no partitions: attach partition app.Rest to app.events
hint: say .on = "postgresql" if it is meant for PostgreSQL alone
