-- create table reports.pairs

CREATE TABLE reports.pairs (
    b INTEGER,
    a INTEGER,
    CONSTRAINT pk_pairs PRIMARY KEY (a, b)
);
