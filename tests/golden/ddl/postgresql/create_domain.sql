-- create domain app.email

CREATE DOMAIN app.email AS varchar(100) COLLATE "C" DEFAULT 'a@b'
    CONSTRAINT has_at CHECK (VALUE LIKE '%@%')
    CONSTRAINT is_long CHECK (length(VALUE) > 2);
