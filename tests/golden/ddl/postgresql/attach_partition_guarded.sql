-- attach partition app.Rest to app.events

DO $capo$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass('app."Rest"') AND inhparent = pg_catalog.to_regclass('app.events')) THEN
    ALTER TABLE app.events ATTACH PARTITION app."Rest" DEFAULT;
  END IF;
END
$capo$;
