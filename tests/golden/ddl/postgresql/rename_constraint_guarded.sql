-- rename constraint uq to uq_2 on items

DO $capo$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conrelid = 'items'::pg_catalog.regclass AND conname = 'uq') THEN
    ALTER TABLE items RENAME CONSTRAINT uq TO uq_2;
  END IF;
END
$capo$;
