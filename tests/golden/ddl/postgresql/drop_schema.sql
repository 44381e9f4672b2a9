-- drop schema reports

DROP SCHEMA reports;
