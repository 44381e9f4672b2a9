-- create table t

CREATE TABLE t (
    id INTEGER,
    mood VARCHAR(4) NOT NULL CONSTRAINT mood CHECK (mood IN ('sad', 'it''s')),
    PRIMARY KEY (id)
);
