-- create index idx_items_title on items

CREATE INDEX idx_items_title ON items (title, "order");
