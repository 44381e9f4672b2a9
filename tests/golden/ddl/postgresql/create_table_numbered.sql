-- create table t

CREATE TABLE t (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 7),
    mood mood NOT NULL,
    PRIMARY KEY (id)
);
