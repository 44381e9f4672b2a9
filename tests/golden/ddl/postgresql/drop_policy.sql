-- drop policy owner on items

DROP POLICY owner ON items;
