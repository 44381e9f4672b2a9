-- create table Select

CREATE TABLE "Select" (
    "a""b" integer,
    "from" text
);
