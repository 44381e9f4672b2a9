-- create table rest

CREATE TABLE rest PARTITION OF events DEFAULT;
