-- alter column items.order: null, default

DO $capo$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = 'items'::pg_catalog.regclass AND attname = 'order' AND NOT attisdropped) THEN
    ALTER TABLE items ALTER COLUMN "order" DROP DEFAULT, ALTER COLUMN "order" DROP NOT NULL;
  END IF;
END
$capo$;
