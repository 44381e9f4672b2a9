-- rename column items.order to position, alter type, not null, default, comment

ALTER TABLE items ALTER COLUMN "order" DROP DEFAULT, ALTER COLUMN "order" TYPE bigint USING "order"::bigint, ALTER COLUMN "order" SET DEFAULT 1, ALTER COLUMN "order" SET NOT NULL;

COMMENT ON COLUMN items."order" IS 'from 1';

ALTER TABLE items RENAME COLUMN "order" TO position;
