-- create materialised view v

DO $capo$
BEGIN
  IF pg_catalog.to_regclass('v') IS NULL THEN
    CREATE MATERIALIZED VIEW v AS
SELECT id FROM items;
  END IF;
END
$capo$;

CREATE UNIQUE INDEX IF NOT EXISTS v_id ON v (id);

CREATE INDEX IF NOT EXISTS v_odd ON v (((id % 2)));
