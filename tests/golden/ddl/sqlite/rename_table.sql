-- rename table items to Things

ALTER TABLE items RENAME TO "Things";
