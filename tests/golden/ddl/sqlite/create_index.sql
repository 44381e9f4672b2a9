CREATE INDEX idx_items_title ON items (title, "order");

