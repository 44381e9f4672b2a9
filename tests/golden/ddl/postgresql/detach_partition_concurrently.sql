-- detach partition events_2026 from events

-- outside a transaction
ALTER TABLE events DETACH PARTITION events_2026 CONCURRENTLY;
