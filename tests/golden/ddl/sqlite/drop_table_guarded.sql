-- drop table reports.items

DROP TABLE IF EXISTS reports.items;
