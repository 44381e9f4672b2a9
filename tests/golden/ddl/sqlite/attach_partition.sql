-- attach partition events_2026 to events

error: SQLite has no partitions: attach partition events_2026 to events
hint: say .on = "postgresql" if it is meant for PostgreSQL alone
