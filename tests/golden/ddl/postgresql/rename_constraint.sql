-- rename constraint uq to uq_2 on items

ALTER TABLE items RENAME CONSTRAINT uq TO uq_2;
