-- create function touch()

DO $capo$
BEGIN
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.updated_at = now(); RETURN NEW; END$$;
EXCEPTION WHEN duplicate_function THEN
  NULL;
END
$capo$;
