-- create view owned

CREATE VIEW owned AS
SELECT id FROM items;
