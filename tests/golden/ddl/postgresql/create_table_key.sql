-- create table reports.pairs

CREATE TABLE reports.pairs (
    b integer,
    a integer,
    CONSTRAINT pk_pairs PRIMARY KEY (a, b)
);
