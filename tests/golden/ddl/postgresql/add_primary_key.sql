-- add primary key pk_items on items

ALTER TABLE items ADD CONSTRAINT pk_items PRIMARY KEY (id);
