-- replace enum mood

DO $capo$
DECLARE
  used record;
  old_type pg_catalog.regtype;
  new_type pg_catalog.regtype;
BEGIN
  ALTER TYPE mood RENAME TO capo_old_enum;
  CREATE TYPE mood AS ENUM ('sad');
  old_type := 'capo_old_enum';
  new_type := 'mood';
  FOR used IN
    SELECT a.attrelid::pg_catalog.regclass AS relation, a.attname AS name,
           CASE WHEN a.atttypid = old_type THEN '' ELSE '[]' END AS dimensions,
           pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default_text
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
    LEFT JOIN pg_catalog.pg_attrdef d
      ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated = ''
    WHERE NOT a.attisdropped AND a.attinhcount = 0
      AND a.atttypid IN (old_type, (SELECT t.typarray FROM pg_catalog.pg_type t
                                    WHERE t.oid = old_type))
  LOOP
    IF used.default_text IS NOT NULL THEN
      EXECUTE pg_catalog.format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT', used.relation,
                                used.name);
    END IF;
    EXECUTE pg_catalog.format('ALTER TABLE %s ALTER COLUMN %I TYPE %s%s USING %I::text%s::%s%s',
                              used.relation, used.name, new_type, used.dimensions, used.name,
                              used.dimensions, new_type, used.dimensions);
    IF used.default_text IS NOT NULL THEN
      EXECUTE pg_catalog.format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', used.relation,
                                used.name, pg_catalog.replace(used.default_text, old_type::text,
                                                              new_type::text));
    END IF;
  END LOOP;
  DROP TYPE capo_old_enum;
END
$capo$;
