-- drop schema reports

DROP SCHEMA IF EXISTS reports CASCADE;
