-- detach partition events_2026 from events

ALTER TABLE events DETACH PARTITION events_2026;
