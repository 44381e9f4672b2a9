-- create table t

CREATE TABLE t (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    mood VARCHAR(4) NOT NULL CONSTRAINT mood CHECK (mood IN ('sad', 'it''s'))
);
