-- alter column items.id: identity

ALTER TABLE items ALTER COLUMN id DROP IDENTITY IF EXISTS;
