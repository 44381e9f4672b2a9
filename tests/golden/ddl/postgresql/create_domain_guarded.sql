-- create domain app.email

DO $capo$
BEGIN
  IF pg_catalog.to_regtype('app.email') IS NULL THEN
    CREATE DOMAIN app.email AS varchar(100) COLLATE "C" DEFAULT 'a@b'
    CONSTRAINT has_at CHECK (VALUE LIKE '%@%')
    CONSTRAINT is_long CHECK (length(VALUE) > 2);
  END IF;
END
$capo$;
