-- create composite type address

DO $capo$
BEGIN
  IF pg_catalog.to_regtype('address') IS NULL THEN
    CREATE TYPE address AS (street varchar(100) COLLATE "C", "house number" integer, zip text);
  END IF;
END
$capo$;
