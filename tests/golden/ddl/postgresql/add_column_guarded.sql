-- add column items.user_id

ALTER TABLE items ADD COLUMN IF NOT EXISTS user_id integer;

CREATE UNIQUE INDEX IF NOT EXISTS ix_items_user_id ON items (user_id);

COMMENT ON COLUMN items.user_id IS 'the owner';
