-- drop trigger update_items_updated_at on items

DROP TRIGGER update_items_updated_at;
