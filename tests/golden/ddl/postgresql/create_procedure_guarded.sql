-- create procedure tidy(tenant integer, text)

DO $capo1$
BEGIN
  CREATE PROCEDURE tidy(tenant integer, text) LANGUAGE sql AS $capo$SELECT 1$capo$;
EXCEPTION WHEN duplicate_function THEN
  NULL;
END
$capo1$;
