-- drop sequence numbers

DROP SEQUENCE IF EXISTS numbers CASCADE;
