-- replace trigger update_items_updated_at on items

DROP TRIGGER update_items_updated_at;

CREATE TRIGGER update_items_updated_at AFTER INSERT ON items BEGIN UPDATE items SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id; END;
