-- drop column items.order

ALTER TABLE items DROP COLUMN IF EXISTS "order" CASCADE;
