-- replace trigger update_items_updated_at on items

CREATE OR REPLACE TRIGGER update_items_updated_at BEFORE INSERT OR UPDATE ON items FOR EACH ROW EXECUTE FUNCTION touch();
