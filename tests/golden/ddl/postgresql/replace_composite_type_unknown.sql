-- replace composite type pair

DROP TYPE pair;

CREATE TYPE pair AS (a integer);
