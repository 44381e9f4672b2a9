-- create table all_types

CREATE TABLE all_types (
    a smallint,
    b integer,
    c bigint,
    d numeric,
    e numeric(10, 2) DEFAULT 0.00,
    f real,
    g double precision,
    h boolean DEFAULT false,
    i char(2),
    j varchar,
    k varchar(50) DEFAULT 'it''s',
    l text,
    m bytea,
    n date,
    o time without time zone,
    p time(3) with time zone,
    q timestamp without time zone,
    r timestamp(6) with time zone,
    s interval,
    t uuid,
    u json,
    v jsonb,
    w integer[],
    x inet,
    y tsvector,
    z integer GENERATED ALWAYS AS (b + 1) STORED
);

COMMENT ON COLUMN all_types.l IS 'long';
