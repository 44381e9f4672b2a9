-- detach partition events_2026 from events

error: SQLite has no partitions: detach partition events_2026 from events
hint: say .on = "postgresql" if it is meant for PostgreSQL alone
