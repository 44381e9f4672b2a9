-- create table cats

CREATE TABLE cats (
    lives integer
) INHERITS (animals, app."Pets");
