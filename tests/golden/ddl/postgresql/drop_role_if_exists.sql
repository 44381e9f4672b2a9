-- drop role gpra_app

DO $capo$
BEGIN
  DROP ROLE IF EXISTS gpra_app;
EXCEPTION WHEN dependent_objects_still_exist THEN
  RAISE NOTICE 'role % stays: it is still needed, here or in another database', 'gpra_app';
END
$capo$;
