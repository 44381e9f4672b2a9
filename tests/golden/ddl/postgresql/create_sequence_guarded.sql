-- create sequence numbers

CREATE SEQUENCE IF NOT EXISTS numbers;
