-- drop table items

DROP TABLE items;
