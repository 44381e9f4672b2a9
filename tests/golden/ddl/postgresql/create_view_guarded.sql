-- create view owned

DO $capo$
BEGIN
  IF pg_catalog.to_regclass('owned') IS NULL THEN
    CREATE VIEW owned AS
SELECT id FROM items;
  END IF;
END
$capo$;
