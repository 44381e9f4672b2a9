-- create composite type address

CREATE TYPE address AS (street varchar(100) COLLATE "C", "house number" integer, zip text);
