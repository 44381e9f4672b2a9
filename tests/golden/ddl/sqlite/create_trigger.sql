-- create trigger update_items_updated_at on items

CREATE TRIGGER update_items_updated_at AFTER UPDATE ON items BEGIN UPDATE items SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id; END;
