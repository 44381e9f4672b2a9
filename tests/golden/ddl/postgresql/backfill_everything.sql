-- all are done

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
    FROM unnest(ARRAY['id', 'order']) WITH ORDINALITY AS key (name, place);
  IF key_columns IS NULL THEN
    RAISE EXCEPTION '%', 'items has no primary key that a backfill could go along';
  END IF;
  EXECUTE 'SELECT * FROM items ORDER BY ' || backwards || ' LIMIT 1' INTO last_row;
  LOOP
    EXECUTE 'SELECT * FROM items WHERE (' || key_columns || ') <= (' || up_to_row || ')'
        || CASE WHEN is_begun THEN ' AND (' || key_columns || ') > (' || after_row || ')' ELSE '' END
        || ' AND (NOT done -- yet
) ORDER BY ' || key_columns || ' LIMIT 1 OFFSET 499'
      INTO edge_row USING done_row, last_row;
    GET DIAGNOSTICS counted = ROW_COUNT;
    IF counted = 0 THEN
      edge_row := last_row;
      is_last := true;
    END IF;
    EXECUTE 'UPDATE items SET done = true WHERE (' || key_columns || ') <= (' || up_to_row || ')'
        || CASE WHEN is_begun THEN ' AND (' || key_columns || ') > (' || after_row || ')' ELSE '' END
        || ' AND (NOT done -- yet
)'
      USING done_row, edge_row;
    GET DIAGNOSTICS counted = ROW_COUNT;
    changed := changed + counted;
    COMMIT;
    EXIT WHEN is_last;
    done_row := edge_row;
    is_begun := true;
    PERFORM pg_sleep(100 / 1000.0);
  END LOOP;
  IF changed < 1 THEN
    RAISE EXCEPTION '% rows were changed: %', changed, 'items was to have at least 1 row changed';
  END IF;
  EXECUTE 'SELECT count(*) FROM items WHERE NOT done' INTO counted;
  IF counted > 0 THEN
    RAISE EXCEPTION '% rows are left: %', counted, 'items was to have none where NOT done';
  END IF;
END
$capo$;
