-- detach partition app.events_2026 from app.events

error: SQLite has no partitions: detach partition app.events_2026 from app.events
hint: say .on = "postgresql" if it is meant for PostgreSQL alone
