-- create materialised view reports.totals

DO $capo$
BEGIN
  IF pg_catalog.to_regclass('reports.totals') IS NULL THEN
    CREATE MATERIALIZED VIEW reports.totals AS
SELECT count(*) AS n FROM items
WITH NO DATA;
  END IF;
END
$capo$;
