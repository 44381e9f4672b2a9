-- create schema reports

CREATE SCHEMA reports;
