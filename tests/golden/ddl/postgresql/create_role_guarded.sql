-- create role gpra_app

DO $capo$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'gpra_app') THEN
    CREATE ROLE gpra_app LOGIN IN ROLE readers, "Odd one";
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END
$capo$;
