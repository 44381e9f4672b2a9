-- create policy owner on items

DO $capo$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_policy WHERE polrelid = 'items'::pg_catalog.regclass AND polname = 'owner') THEN
    CREATE POLICY owner ON items FOR ALL TO PUBLIC
    USING (user_id = (SELECT current_setting('app.user')::integer));
  END IF;
END
$capo$;
