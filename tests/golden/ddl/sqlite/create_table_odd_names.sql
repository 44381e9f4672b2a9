-- create table Select

CREATE TABLE "Select" (
    "a""b" INTEGER,
    "from" TEXT
);
