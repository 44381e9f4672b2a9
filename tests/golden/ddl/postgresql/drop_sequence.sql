-- drop sequence numbers

DROP SEQUENCE numbers;
