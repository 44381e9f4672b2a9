-- create table t

CREATE TABLE t (
    a TEXT COLLATE "C"
);
