-- create view owned

CREATE VIEW IF NOT EXISTS owned AS
SELECT id FROM items;
