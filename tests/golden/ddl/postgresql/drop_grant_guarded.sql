-- revoke SELECT, insert on table app.items from gpra_app

DO $capo$
BEGIN
  REVOKE SELECT, insert ON app.items FROM gpra_app CASCADE;
EXCEPTION WHEN undefined_object OR undefined_table OR undefined_column
    OR undefined_function OR invalid_schema_name THEN
  NULL;
END
$capo$;
