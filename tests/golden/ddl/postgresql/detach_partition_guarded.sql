-- detach partition app.events_2026 from app.events

DO $capo$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('app.events_2026') AND inhparent = pg_catalog.to_regclass('app.events')) THEN
    ALTER TABLE app.events DETACH PARTITION app.events_2026;
  END IF;
END
$capo$;
