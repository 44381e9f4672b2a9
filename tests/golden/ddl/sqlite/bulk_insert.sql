-- insert 2 rows into items

INSERT INTO items (title, "order", done) VALUES
    ('it''s', 1, 1),
    ('\', -2, NULL);
