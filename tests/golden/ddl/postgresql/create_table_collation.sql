-- create table t

CREATE TABLE t (
    a text COLLATE "C"
);
