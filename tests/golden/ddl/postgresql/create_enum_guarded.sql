-- create enum mood

DO $capo$
BEGIN
  IF pg_catalog.to_regtype('mood') IS NULL THEN
    CREATE TYPE mood AS ENUM ('sad', 'it''s');
  END IF;
END
$capo$;
