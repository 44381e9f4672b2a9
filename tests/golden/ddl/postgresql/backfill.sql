-- backfill items: set a = 'it''s' where a IS NULL

-- outside a transaction
DO $capo$
DECLARE
  key_columns text;
  backwards text;
  after_row text;
  up_to_row text;
  last_row items%ROWTYPE;
  edge_row items%ROWTYPE;
  done_row items%ROWTYPE;
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
    FROM (SELECT attname::text, place FROM pg_catalog.pg_index
      CROSS JOIN LATERAL unnest(indkey) WITH ORDINALITY AS part (number, place)
      JOIN pg_catalog.pg_attribute ON attrelid = indrelid AND attnum = number
      WHERE indisprimary AND indrelid = 'items'::regclass) AS key (name, place);
  IF key_columns IS NULL THEN
    RAISE EXCEPTION '%', 'items has no primary key that a backfill could go along';
  END IF;
  EXECUTE 'SELECT * FROM items ORDER BY ' || backwards || ' LIMIT 1' INTO last_row;
  LOOP
    EXECUTE 'SELECT * FROM items WHERE (' || key_columns || ') <= (' || up_to_row || ')'
        || CASE WHEN is_begun THEN ' AND (' || key_columns || ') > (' || after_row || ')' ELSE '' END
        || ' AND (a IS NULL) ORDER BY ' || key_columns || ' LIMIT 1 OFFSET 9999'
      INTO edge_row USING done_row, last_row;
    GET DIAGNOSTICS counted = ROW_COUNT;
    IF counted = 0 THEN
      edge_row := last_row;
      is_last := true;
    END IF;
    EXECUTE 'UPDATE items SET a = ''it''''s'' WHERE (' || key_columns || ') <= (' || up_to_row || ')'
        || CASE WHEN is_begun THEN ' AND (' || key_columns || ') > (' || after_row || ')' ELSE '' END
        || ' AND (a IS NULL)'
      USING done_row, edge_row;
    GET DIAGNOSTICS counted = ROW_COUNT;
    changed := changed + counted;
    COMMIT;
    EXIT WHEN is_last;
    done_row := edge_row;
    is_begun := true;
  END LOOP;
END
$capo$;
