-- create domain amount

DO $capo$
BEGIN
  IF pg_catalog.to_regtype('amount') IS NULL THEN
    CREATE DOMAIN amount AS integer;
    ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;
  END IF;
END
$capo$;
