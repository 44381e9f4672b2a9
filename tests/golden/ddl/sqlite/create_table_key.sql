-- create table reports.pairs

CREATE TABLE reports.pairs (
    b INTEGER NOT NULL,
    a INTEGER NOT NULL,
    CONSTRAINT pk_pairs PRIMARY KEY (a, b)
);
