-- create table app.events_2026

CREATE TABLE IF NOT EXISTS app.events_2026 PARTITION OF events (
    CONSTRAINT ck_id CHECK (id > 0)
) FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY HASH (id);

CREATE INDEX IF NOT EXISTS idx_at ON app.events_2026 (at);

COMMENT ON TABLE app.events_2026 IS 'this year''s';
