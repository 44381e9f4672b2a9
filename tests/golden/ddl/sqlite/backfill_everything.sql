-- all are done

-- all are done
-- Not checked by this script: it changes at least 1 row
-- Not checked by this script: it leaves no rows where NOT done
UPDATE items SET done = 1 WHERE NOT done -- yet;
