-- drop trigger update_items_updated_at on items

DROP TRIGGER IF EXISTS update_items_updated_at;
