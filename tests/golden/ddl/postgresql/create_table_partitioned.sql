-- create table events

CREATE TABLE events (
    id bigint,
    at date,
    CONSTRAINT events_key PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
