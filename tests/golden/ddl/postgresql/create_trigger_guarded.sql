-- create trigger update_items_updated_at on items

DO $capo$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = 'items'::pg_catalog.regclass AND tgname = 'update_items_updated_at') THEN
    CREATE TRIGGER update_items_updated_at BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION touch();
  END IF;
END
$capo$;
