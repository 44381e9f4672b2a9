BEGIN;

SET LOCAL row_security = off;

CREATE TABLE IF NOT EXISTS capo_journal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_table text NOT NULL,
    revision text NOT NULL,
    direction text NOT NULL,
    statement integer,
    statements integer,
    checksum text,
    who text,
    origin text,
    tool text NOT NULL,
    started timestamp with time zone NOT NULL,
    finished timestamp with time zone,
    outcome text NOT NULL,
    error text
);

-- Running upgrade c -> d

INSERT INTO c VALUES (1);

COMMIT;

-- backfill c: set x = x + 1 where x = 1
DO $capo$
DECLARE
  key_columns text;
  backwards text;
  after_row text;
  up_to_row text;
  last_row c%ROWTYPE;
  edge_row c%ROWTYPE;
  done_row c%ROWTYPE;
  is_begun boolean := false;
  is_last boolean := false;
  counted bigint;
  changed bigint := 0;
BEGIN
  SELECT string_agg(quote_ident(name), ', ' ORDER BY place),
      string_agg(quote_ident(name) || ' DESC', ', ' ORDER BY place),
      string_agg('($1).' || quote_ident(name), ', ' ORDER BY place),
      string_agg('($2).' || quote_ident(name), ', ' ORDER BY place)
    INTO key_columns, backwards, after_row, up_to_row
    FROM unnest(ARRAY['x']) WITH ORDINALITY AS key (name, place);
  IF key_columns IS NULL THEN
    RAISE EXCEPTION '%', 'c has no primary key that a backfill could go along';
  END IF;
  EXECUTE 'SELECT * FROM c ORDER BY ' || backwards || ' LIMIT 1' INTO last_row;
  LOOP
    EXECUTE 'SELECT * FROM c WHERE (' || key_columns || ') <= (' || up_to_row || ')'
        || CASE WHEN is_begun THEN ' AND (' || key_columns || ') > (' || after_row || ')' ELSE '' END
        || ' AND (x = 1) ORDER BY ' || key_columns || ' LIMIT 1 OFFSET 499'
      INTO edge_row USING done_row, last_row;
    GET DIAGNOSTICS counted = ROW_COUNT;
    IF counted = 0 THEN
      edge_row := last_row;
      is_last := true;
    END IF;
    EXECUTE 'UPDATE c SET x = x + 1 WHERE (' || key_columns || ') <= (' || up_to_row || ')'
        || CASE WHEN is_begun THEN ' AND (' || key_columns || ') > (' || after_row || ')' ELSE '' END
        || ' AND (x = 1)'
      USING done_row, edge_row;
    GET DIAGNOSTICS counted = ROW_COUNT;
    changed := changed + counted;
    COMMIT;
    EXIT WHEN is_last;
    done_row := edge_row;
    is_begun := true;
    PERFORM pg_sleep(100 / 1000.0);
  END LOOP;
  IF changed <> 1 THEN
    RAISE EXCEPTION '% rows were changed: %', changed, 'c was to have exactly 1 row changed';
  END IF;
  EXECUTE 'SELECT count(*) FROM c WHERE x = 1' INTO counted;
  IF counted > 0 THEN
    RAISE EXCEPTION '% rows are left: %', counted, 'c was to have none where x = 1';
  END IF;
END
$capo$;

BEGIN;

SET LOCAL row_security = off;

INSERT INTO c VALUES (3);

UPDATE alembic_version SET version_num='d' WHERE alembic_version.version_num = 'c';

INSERT INTO capo_journal (version_table, revision, direction, statement, statements, checksum, who, origin, tool, started, finished, outcome, error) VALUES
    ('alembic_version', 'd', 'upgrade', NULL, 3, '8ade291d47b50d131fd262c7780910f3bf47832d62598dd489bbe71e833ccc64', current_user, 'script', 'capo VERSION', clock_timestamp(), clock_timestamp(), 'done', NULL);

COMMIT;

