-- create sequence numbers

CREATE SEQUENCE numbers;
