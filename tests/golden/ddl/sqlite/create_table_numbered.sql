CREATE TABLE t (
    id INTEGER,
    mood VARCHAR(4) NOT NULL CHECK (mood IN ('sad', 'it''s')),
    PRIMARY KEY (id)
);

