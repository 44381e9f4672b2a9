-- add foreign key fk_items_user_id on app.items

DO $capo$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = 'app.items'::pg_catalog.regclass AND conname = 'fk_items_user_id') THEN
    ALTER TABLE app.items ADD CONSTRAINT fk_items_user_id FOREIGN KEY (user_id) REFERENCES ab_user (id) ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
  END IF;
END
$capo$;
