-- drop column items.order

ALTER TABLE items DROP COLUMN "order";
