-- create schema reports

CREATE SCHEMA IF NOT EXISTS reports;
